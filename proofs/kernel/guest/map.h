/* SPDX-License-Identifier: MIT */
/*
 * A memory map as kernel/mm/memmap.h promises it: ascending, disjoint, whole
 * pages within BOUND of them, any types; our own region inside the second entry, which is RAM.
 */
#pragma once

#include "kernel/mm/memmap.h"

#define MAP_ENTRIES 2u

extern struct pa_range map_ours;

void map_any(void);

/* The entry that holds the byte, or NULL. */
const struct memmap_entry *map_entry(uint64_t byte);
