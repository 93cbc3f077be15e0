/* SPDX-License-Identifier: MIT */
/*
 * Walks frame pointers and names functions. Never touches an address that
 * is not on one of this CPU's own stacks, so that a smashed stack cannot
 * turn a panic into a second one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UNWIND_DEPTH 24u

/* Logs one line a frame through log_panic. */
void unwind_log(uint64_t rip, uint64_t rbp);

/* Is [at, at + size) on a mapped page of this CPU's stacks? */
bool unwind_on_stack(uint64_t at, uint64_t size);
