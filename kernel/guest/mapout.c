/* SPDX-License-Identifier: MIT */
/* Counted first, so that a map that does not fit leaves nothing half told. */
#include "kernel/guest/mapout.h"

#include "kernel/mm/memmap.h"
#include "lib/str.h"

struct sink {
	struct igvm_memory_map_entry *out; /* NULL: count only */
	size_t count;
};

static void put(struct sink *sink, uint64_t start, uint64_t end, uint16_t type)
{
	if (start >= end)
		return;
	if (sink->out)
		sink->out[sink->count] = (struct igvm_memory_map_entry){
			.starting_gpa_page_number = start / PAGE_4K,
			.number_of_pages = (end - start) / PAGE_4K,
			.type = type,
		};
	sink->count++;
}

static void put_ram(struct sink *sink, enum mapout what, struct pa_range ram)
{
	struct pa_range ours = memmap_svsm();

	if (!pa_range_has(ram, ours)) {
		put(sink, ram.start.v, pa_range_end(ram),
		    IGVM_MEMORY_MAP_MEMORY);
		return;
	}
	put(sink, ram.start.v, ours.start.v, IGVM_MEMORY_MAP_MEMORY);
	if (what == MAPOUT_ALL)
		put(sink, ours.start.v, pa_range_end(ours),
		    IGVM_MEMORY_MAP_PLATFORM_RESERVED);
	put(sink, pa_range_end(ours), pa_range_end(ram),
	    IGVM_MEMORY_MAP_MEMORY);
}

static size_t put_all(enum mapout what, struct igvm_memory_map_entry *out)
{
	struct sink sink = { out, 0 };

	for (unsigned int i = 0; i < memmap_count(); i++) {
		const struct memmap_entry *m = memmap_get(i);
		uint16_t type = (uint16_t)m->type;

		/* What we adopted for the guest's tables is no RAM to use. */
		if (m->type > IGVM_MEMORY_MAP_HIDDEN)
			type = IGVM_MEMORY_MAP_PLATFORM_RESERVED;
		if (m->type == IGVM_MEMORY_MAP_MEMORY)
			put_ram(&sink, what, m->range);
		else if (what == MAPOUT_ALL)
			put(&sink, m->range.start.v, pa_range_end(m->range),
			    type);
	}
	return sink.count;
}

enum err mapout_write(enum mapout what, struct igvm_memory_map_entry *out,
		      size_t capacity, size_t *count)
{
	size_t n = put_all(what, NULL);

	if (n >= capacity)
		return ERR_RANGE;
	memset(out, 0, capacity * sizeof(*out));
	*count = put_all(what, out);
	return OK;
}
