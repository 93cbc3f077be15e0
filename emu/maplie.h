/* SPDX-License-Identifier: MIT */
/*
 * Untrue memory maps, for tests of what a guest makes of them: a host tells
 * the map as it likes, and no measurement covers it.
 */
#pragma once

#include <stddef.h>

#include "emu/memmap.h"

enum maplie_kind {
	MAPLIE_NONE,
	MAPLIE_UNSORTED,  /* the first two entries change places */
	MAPLIE_OVERLAP,	  /* the second begins a page early */
	MAPLIE_DUPLICATE, /* the first is there twice */
	MAPLIE_WRAP,	  /* a last entry passes the end of all addresses */
	MAPLIE_EMPTY,
	MAPLIE_MANY, /* the first falls into single pages, RAM or not */
	MAPLIE_TYPE, /* the last is of a type that does not exist */
	MAPLIE_HUGE, /* a last entry: 1 TiB of RAM that is not there */
	/* With an address: */
	MAPLIE_SMALL, /* RAM ends there */
	MAPLIE_HOLE,  /* that page is reserved */
	MAPLIE_RAM,   /* that page is RAM */
};

struct maplie {
	enum maplie_kind kind;
	uint64_t at;
};

/* A whole first mebibyte in single pages, and all else. */
#define MAPLIE_ENTRIES (MEMMAP_MAX + 256u)

/* The kind that @word (its first @size bytes) names; ERR_ABSENT. */
must_check enum err maplie_named(const char *word, size_t size,
				 enum maplie_kind *kind);

static inline bool maplie_has_address(enum maplie_kind kind)
{
	return kind >= MAPLIE_SMALL;
}

/* What the guest is told of @map: entries in @told, their number returned. */
size_t maplie_tell(const struct maplie *lie, const struct memmap *map,
		   struct igvm_memory_map_entry told[MAPLIE_ENTRIES]);
