/* SPDX-License-Identifier: MIT */
/*
 * Synthetic machines: the memory map that a q35 host of a given size tells,
 * from firmware.md section 4, and the image that is started on it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "abi/boot/params.h"
#include "abi/igvm.h"
#include "lib/addr.h"

#define SCALE_MIB     (1ull << 20)
#define SCALE_GIB     (1ull << 30)
#define SCALE_TIB     (1ull << 40)
#define SCALE_ENTRIES 8u
/* What AMD processors keep for themselves: RAM above 4 GiB jumps over it. */
#define SCALE_HOLE    0xfd00000000ull

struct scale_machine {
	struct igvm_memory_map_entry entry[SCALE_ENTRIES];
	size_t count;
	uint64_t ram; /* bytes of all RAM entries */
};

static inline void scale_add(struct scale_machine *m, uint64_t start,
			     uint64_t end, uint16_t type)
{
	m->entry[m->count++] = (struct igvm_memory_map_entry){
		.starting_gpa_page_number = start / PAGE_4K,
		.number_of_pages = (end - start) / PAGE_4K,
		.type = type,
	};
	if (type == IGVM_MEMORY_MAP_MEMORY)
		m->ram += end - start;
}

/* @flat: no hole below 4 GiB, as no PC is but the format allows. */
static inline struct scale_machine scale_machine(uint64_t memory, bool flat)
{
	struct scale_machine m = { .count = 0 };
	uint64_t low = memory >= 0xb0000000 ? 2 * SCALE_GIB : memory;
	uint64_t high = 4 * SCALE_GIB;

	if (flat)
		low = memory;
	scale_add(&m, 0, 0xa0000, IGVM_MEMORY_MAP_MEMORY);
	scale_add(&m, 0xa0000, 0xc0000, IGVM_MEMORY_MAP_PLATFORM_RESERVED);
	scale_add(&m, 0xc0000, low, IGVM_MEMORY_MAP_MEMORY);
	if (flat)
		return m;
	scale_add(&m, 0xb0000000, 0xc0000000,
		  IGVM_MEMORY_MAP_PLATFORM_RESERVED);
	if (memory - low > SCALE_HOLE - high)
		high = SCALE_TIB;
	if (low < memory && high < SCALE_TIB)
		scale_add(&m, high, high + memory - low,
			  IGVM_MEMORY_MAP_MEMORY);
	scale_add(&m, SCALE_HOLE, SCALE_TIB, IGVM_MEMORY_MAP_PLATFORM_RESERVED);
	if (low < memory && high >= SCALE_TIB)
		scale_add(&m, high, high + memory - low,
			  IGVM_MEMORY_MAP_MEMORY);
	return m;
}

/* An image like the real one: the SVSM at 128 MiB, a guest at 2 MiB. */
static inline struct params scale_params(uint32_t cpus, uint64_t max)
{
	return (struct params){
		.svsm_base = 0x8000000,
		.image_size = 0x40000,
		.required_size = SCALE_MIB,
		.svsm_min_size = PAGE_2M,
		.svsm_max_size = max,
		.cpus_max = cpus,
		.range_count = 2,
		.range = { { 0x10000, 0x10000 }, { PAGE_2M, SCALE_MIB } },
	};
}
