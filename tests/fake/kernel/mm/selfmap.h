/* SPDX-License-Identifier: MIT */
/* kernel/mm/selfmap.h for unit tests: walks tables in the fake machine's
 * memory from fake.cr3, as the processor would through the self-map. */
#pragma once

#include <stdlib.h>

#include "abi/x86/paging.h"
#include "tests/fake/hw/fake.h"

static inline uint64_t *selfmap_entry(const void *va, unsigned int level)
{
	uint64_t table = fake.cr3;
	unsigned int l;

	for (l = 3;; l--) {
		uint64_t *entry;

		if ((table & 0x00007ffffffff000) >= fake.ram_size)
			abort();
		entry = (uint64_t *)(fake.ram + (table & 0x00007ffffffff000)) +
			PT_INDEX((uint64_t)va, l);
		if (l == level)
			return entry;
		/* The real one would fault here. */
		if (!(*entry & PTE_P))
			abort();
		table = *entry;
	}
}
