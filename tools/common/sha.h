/* SPDX-License-Identifier: MIT */
/* SHA-384 of libcrypto for the launch digest; the tools' witness. */
#pragma once

#include "lib/launch_digest.h"

/* Ends the tool if libcrypto fails: a wrong digest must never be printed. */
extern const struct hash384_ops sha_libcrypto;
