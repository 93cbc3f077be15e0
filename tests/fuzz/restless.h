/* SPDX-License-Identifier: MIT */
/*
 * A page that somebody else writes to between any two instructions that touch
 * it: each access faults, the other's turn comes, the one instruction runs, and
 * the page is shut again. So whatever is read twice is seen twice.
 */
#pragma once

#include <stdint.h>

/* From here on each access to the 4 KiB at @page, which must be memory that is
 * mapped shared, calls @turn first, with the address at which the contents can be
 * reached meanwhile; after 200 of them it stays quiet. One page at a time. */
void restless_start(void *page, void (*turn)(void *there));

/* The page is quiet again. Returns how often there was a turn. */
uint64_t restless_stop(void);
