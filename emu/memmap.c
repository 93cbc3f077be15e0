/* SPDX-License-Identifier: MIT */
/* A map is rebuilt from its pieces for each new range; they are few. */
#include "emu/memmap.h"

#include "lib/str.h"

/* Appends [first, last) of page numbers; joins it to a neighbour alike. */
static enum err append(struct memmap *m, uint64_t first, uint64_t last,
		       uint16_t type)
{
	struct igvm_memory_map_entry *prev = m->e + m->count - 1;

	if (first >= last)
		return OK;
	if (m->count && prev->type == type &&
	    prev->starting_gpa_page_number + prev->number_of_pages == first) {
		prev->number_of_pages += last - first;
		return OK;
	}
	if (m->count == MEMMAP_MAX)
		return ERR_NOMEM;
	m->e[m->count++] = (struct igvm_memory_map_entry){
		.starting_gpa_page_number = first,
		.number_of_pages = last - first,
		.type = type,
	};
	return OK;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static enum err rebuild(const struct memmap *old, struct memmap *new,
			uint64_t first, uint64_t last, uint16_t type)
{
	bool placed = false;
	enum err e = OK;

	for (unsigned int i = 0; i < old->count && e == OK; i++) {
		const struct igvm_memory_map_entry *o = old->e + i;
		uint64_t start = o->starting_gpa_page_number;
		uint64_t end = start + o->number_of_pages;

		e = append(new, start, least(end, first), o->type);
		if (e == OK && !placed && end > first) {
			e = append(new, first, last, type);
			placed = true;
		}
		if (e == OK)
			e = append(new, most(start, last), end, o->type);
	}
	if (e == OK && !placed)
		e = append(new, first, last, type);
	return e;
}

enum err memmap_set(struct memmap *m, struct pa_range r, uint16_t type)
{
	uint64_t first = r.start.v >> PAGE_SHIFT_4K;
	uint64_t last = pa_range_end(r) >> PAGE_SHIFT_4K;
	struct memmap new = { 0 };
	enum err e;

	if (type == IGVM_MEMORY_MAP_MEMORY)
		first = addr_up(r.start.v, PAGE_4K) >> PAGE_SHIFT_4K;
	else
		last = addr_up(pa_range_end(r), PAGE_4K) >> PAGE_SHIFT_4K;
	if (!r.size || first >= last)
		return OK;
	e = rebuild(m, &new, first, last, type);
	if (e == OK)
		*m = new;
	return e;
}

uint64_t memmap_pages(const struct memmap *m, uint16_t type)
{
	uint64_t pages = 0;

	for (unsigned int i = 0; i < m->count; i++)
		if (m->e[i].type == type)
			pages += m->e[i].number_of_pages;
	return pages;
}
