/* SPDX-License-Identifier: MIT */
/* TPM commands that are right, nearly right, or not at all; from a seed. */
#pragma once

#include <stdbool.h>

#include "lib/cursor.h"

/* The same sequence for the same seed, everywhere. */
void forge_seed(uint64_t seed);
uint32_t forge_below(uint32_t limit);
bool forge_one_in(uint32_t n);

/* Appends one command to an empty writer; it may fail for lack of room. */
void forge_command(struct cursor_out *c);
