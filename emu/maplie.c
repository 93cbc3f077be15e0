/* SPDX-License-Identifier: MIT */
/* The true map first, then the one thing that is not. */
#include "emu/maplie.h"

#include "lib/str.h"

#define TYPE_UNKNOWN 77u
#define TIB	     (1ull << 40)
#define FIRST_MAX    255u /* pages of the first entry that MANY spreads */

static const char *const names[] = {
	[MAPLIE_UNSORTED] = "unsorted",
	[MAPLIE_OVERLAP] = "overlap",
	[MAPLIE_DUPLICATE] = "duplicate",
	[MAPLIE_WRAP] = "wrap",
	[MAPLIE_EMPTY] = "empty",
	[MAPLIE_MANY] = "many",
	[MAPLIE_TYPE] = "type",
	[MAPLIE_HUGE] = "huge",
	[MAPLIE_SMALL] = "small",
	[MAPLIE_HOLE] = "hole",
	[MAPLIE_RAM] = "ram",
};

enum err maplie_named(const char *word, size_t size, enum maplie_kind *kind)
{
	for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == size &&
		    memcmp(names[i], word, size) == 0) {
			*kind = (enum maplie_kind)i;
			return OK;
		}
	return ERR_ABSENT;
}

static struct igvm_memory_map_entry entry(uint64_t first, uint64_t pages,
					  uint16_t type)
{
	return (struct igvm_memory_map_entry){
		.starting_gpa_page_number = first,
		.number_of_pages = pages,
		.type = type,
	};
}

/* Pages change places with what lies at @at; the map stays in order. */
static size_t redrawn(const struct memmap *map, uint64_t at, uint64_t size,
		      uint16_t type, struct igvm_memory_map_entry *told)
{
	struct memmap copy = *map;
	struct pa_range r;

	/* No room for one more entry: then the truth is told. */
	if (pa_range_make(at, size, &r) != OK ||
	    memmap_set(&copy, r, type) != OK)
		copy = *map;
	memcpy(told, copy.e, copy.count * sizeof(*told));
	return copy.count;
}

static size_t pushed(struct igvm_memory_map_entry *told, size_t count)
{
	memmove(told + 1, told, count * sizeof(*told));
	return count + 1;
}

static size_t spread(struct igvm_memory_map_entry *told, size_t count)
{
	uint64_t n = told[0].number_of_pages;
	struct igvm_memory_map_entry first = told[0];

	if (n > FIRST_MAX)
		n = FIRST_MAX;
	memmove(told + n, told + 1, (count - 1) * sizeof(*told));
	for (uint64_t i = 0; i < n; i++)
		told[i] = entry(first.starting_gpa_page_number + i, 1,
				i % 2 ? IGVM_MEMORY_MAP_PLATFORM_RESERVED
				      : IGVM_MEMORY_MAP_MEMORY);
	return count - 1 + n;
}

static uint64_t end_of(const struct igvm_memory_map_entry *e)
{
	return e->starting_gpa_page_number + e->number_of_pages;
}

/* The lies about the list's form; it has an entry at least. */
static size_t deform(enum maplie_kind kind, struct igvm_memory_map_entry *told,
		     size_t count)
{
	struct igvm_memory_map_entry first = told[0];
	struct igvm_memory_map_entry *last = told + count - 1;
	uint64_t top = TIB / PAGE_4K;

	switch (kind) {
	case MAPLIE_UNSORTED:
		told[0] = told[1];
		told[1] = first;
		return count;
	case MAPLIE_OVERLAP:
		told[1].starting_gpa_page_number = end_of(told) - 1;
		return count;
	case MAPLIE_DUPLICATE:
		return pushed(told, count);
	case MAPLIE_WRAP:
		last[1] = entry(UINT64_MAX >> PAGE_SHIFT_4K, 16,
				IGVM_MEMORY_MAP_MEMORY);
		return count + 1;
	case MAPLIE_MANY:
		return spread(told, count);
	case MAPLIE_TYPE:
		last->type = TYPE_UNKNOWN;
		return count;
	case MAPLIE_HUGE:
		if (top < end_of(last))
			top = end_of(last);
		last[1] = entry(top, TIB / PAGE_4K, IGVM_MEMORY_MAP_MEMORY);
		return count + 1;
	default:
		return count;
	}
}

size_t maplie_tell(const struct maplie *lie, const struct memmap *map,
		   struct igvm_memory_map_entry told[MAPLIE_ENTRIES])
{
	uint64_t top = map->count ? end_of(map->e + map->count - 1) * PAGE_4K
				  : 0;

	switch (lie->kind) {
	case MAPLIE_EMPTY:
		return 0;
	case MAPLIE_SMALL:
		return redrawn(map, lie->at, lie->at < top ? top - lie->at : 0,
			       IGVM_MEMORY_MAP_PLATFORM_RESERVED, told);
	case MAPLIE_HOLE:
		return redrawn(map, lie->at, PAGE_4K,
			       IGVM_MEMORY_MAP_PLATFORM_RESERVED, told);
	case MAPLIE_RAM:
		return redrawn(map, lie->at, PAGE_4K, IGVM_MEMORY_MAP_MEMORY,
			       told);
	default:
		memcpy(told, map->e, map->count * sizeof(*told));
		return map->count < 2 ? map->count
				      : deform(lie->kind, told, map->count);
	}
}
