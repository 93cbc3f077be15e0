/* SPDX-License-Identifier: MIT */
/* A picture of guest memory after launch, one for each platform. */
#pragma once

#include "lib/igvm_read.h"

/* ERR_NOMEM: nothing was printed. */
must_check enum err map_print(const struct igvm_file *file);
