/* SPDX-License-Identifier: MIT */
/* kernel/mm/memmap.c for proofs about what only asks it: one entry of any
 * place and type. */
#include "kernel/mm/memmap.h"

#include "proofs/fake/proof.h"

static struct memmap_entry entry;
static bool made;

unsigned int memmap_count(void)
{
	return 1;
}

const struct memmap_entry *memmap_get(unsigned int i)
{
	uint64_t start = nondet_u64(), size = nondet_u64();

	/* memmap.h: ranges came from pa_range_make. */
	if (!made)
		GIVEN(pa_range_make(start, size, &entry.range) == OK);
	if (!made)
		entry.type = nondet_u32();
	made = true;
	return i ? NULL : &entry;
}

struct pa_range memmap_svsm(void)
{
	return (struct pa_range){ { 0 }, 0 };
}
