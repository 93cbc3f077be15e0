/* SPDX-License-Identifier: MIT */
/* The one object that knows the version; the build defines COIR_VERSION. */
#include "lib/version.h"

const char coir_version[] = COIR_VERSION;
