/* SPDX-License-Identifier: MIT */
/*
 * Names of the kernel's functions for traces: a sorted table that
 * scripts/symbols.sh makes from a first link for the second one.
 */
#pragma once

#include <stdint.h>

/* The function around an address and the offset into it; NULL if none. */
const char *symbols_name(uint64_t va, uint64_t *offset);
