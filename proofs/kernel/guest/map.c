/* SPDX-License-Identifier: MIT */
/* See map.h. */
#include "proofs/kernel/guest/map.h"

#include "proofs/fake/proof.h"

struct pa_range map_ours;
static struct memmap_entry map[MAP_ENTRIES];

unsigned int memmap_count(void)
{
	return MAP_ENTRIES;
}

const struct memmap_entry *memmap_get(unsigned int i)
{
	__CPROVER_assert(i < MAP_ENTRIES, "an entry");
	return &map[i];
}

struct pa_range memmap_svsm(void)
{
	return map_ours;
}

/* Whole pages, at least one, no wrap. */
static struct pa_range pages_from(uint64_t page)
{
	uint64_t first = page + any_upto(BOUND - 1 - page);
	uint64_t n = 1 + any_upto(BOUND - 1 - first);

	return (struct pa_range){ { first * PAGE_4K }, n * PAGE_4K };
}

void map_any(void)
{
	uint64_t page = 0;

	ANY(map);
	for (unsigned int i = 0; i < MAP_ENTRIES; i++) {
		__CPROVER_assume(page < BOUND);
		map[i].range = pages_from(page);
		page = pa_range_end(map[i].range) / PAGE_4K;
	}
	map[1].type = IGVM_MEMORY_MAP_MEMORY;
	map_ours = pages_from(map[1].range.start.v / PAGE_4K);
	__CPROVER_assume(pa_range_has(map[1].range, map_ours));
}

const struct memmap_entry *map_entry(uint64_t byte)
{
	for (unsigned int i = 0; i < MAP_ENTRIES; i++)
		if (byte - map[i].range.start.v < map[i].range.size)
			return &map[i];
	return NULL;
}
