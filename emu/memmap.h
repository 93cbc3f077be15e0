/* SPDX-License-Identifier: MIT */
/*
 * The guest's memory map: sorted ranges of whole 4 KiB pages that do not
 * overlap, each with an IGVM memory map type. What is set later wins.
 */
#pragma once

#include "abi/igvm.h"
#include "lib/addr.h"

#define MEMMAP_MAX 64u

struct memmap {
	unsigned int count;
	struct igvm_memory_map_entry e[MEMMAP_MAX];
};

/*
 * Gives the range a type, whatever it had. RAM (IGVM_MEMORY_MAP_MEMORY) shrinks
 * to whole pages, everything else grows. ERR_NOMEM: too many ranges; the map
 * is unchanged then.
 */
must_check enum err memmap_set(struct memmap *m, struct pa_range r,
			       uint16_t type);

/* Pages of one type, all ranges together. */
uint64_t memmap_pages(const struct memmap *m, uint16_t type);
