/* SPDX-License-Identifier: MIT */
/*
 * How large the validation record is: needed before any of it exists, to size
 * our own region. Bytes unless said otherwise; chunks are 2 MiB regions.
 */
#pragma once

#include "lib/addr.h"

/* 2 MiB regions that the arrays have room for: 8 TiB of RAM. */
#define PVALID_CHUNKS_MAX    (1u << 22)
#define PVALID_REGION_WORDS  8u /* of an array, for each region */
/* Regions whose words share a page of an array. */
#define PVALID_GROUP_REGIONS (PAGE_4K / (PVALID_REGION_WORDS * 8u))
/* Pages of an array that share a page table. */
#define PVALID_TABLE_PAGES   512u
#define PVALID_ARRAYS	     2u /* bits and pins */
/* Pages of pins for each CPU: save and calling areas of its four slots
 * (kernel/guest/vcpu.h), if all lie 128 MiB apart. */
#define PVALID_PINS_PER_CPU  8u

static inline uint64_t pvalid_parts(uint64_t whole, uint64_t part)
{
	return (whole + part - 1) / part;
}

/* Pages of one array. */
static inline uint64_t pvalid_groups(uint32_t chunks)
{
	return pvalid_parts(chunks, PVALID_GROUP_REGIONS);
}

/* Words of one array's map of its pages. */
static inline uint64_t pvalid_map_words(uint32_t chunks)
{
	return pvalid_parts(pvalid_groups(chunks), 64);
}

/* Bytes of the regions, padded to whole words, and the arrays' maps. */
static inline uint64_t pvalid_level_one(uint32_t chunks)
{
	return (pvalid_parts(chunks, 8) +
		PVALID_ARRAYS * pvalid_map_words(chunks)) *
	       8;
}

/* What is there from the start: level one in the heap, mapped by tables of
 * its own, and the tables of both arrays with their directory. */
static inline uint64_t pvalid_bytes_min(uint32_t chunks)
{
	uint64_t pages = pvalid_parts(pvalid_level_one(chunks), PAGE_4K);

	pages += pvalid_parts(pages, PVALID_TABLE_PAGES) + 1;
	pages += PVALID_ARRAYS * pvalid_parts(pvalid_groups(chunks),
					      PVALID_TABLE_PAGES) +
		 1;
	return pages * PAGE_4K;
}

/* At worst: every region mixed, PVALID_PINS_PER_CPU pages of pins for each
 * CPU. */
static inline uint64_t pvalid_bytes_max(uint32_t chunks, uint32_t cpus)
{
	uint64_t groups = pvalid_groups(chunks);
	uint64_t pins = (uint64_t)cpus * PVALID_PINS_PER_CPU;

	return pvalid_bytes_min(chunks) +
	       (groups + (pins < groups ? pins : groups)) * PAGE_4K;
}
