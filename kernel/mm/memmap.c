/* SPDX-License-Identifier: MIT */
/* The physical map: read, sort, check, merge, carve. */
#include "kernel/mm/memmap.h"

#include "kernel/base/once.h"
#include "lib/str.h"

/* Marks a PLATFORM_RESERVED entry that memmap_adopt made the guest's. */
#define TYPE_ADOPTED 0x100u

/* What the SVSM needs beyond its image: see demand(). */
#define PAGES_FIXED	96u
#define PAGES_PER_CPU	16u
/* Words and, at worst, leaves of pvalid, with the heap's overhead. */
#define BYTES_PER_CHUNK (8u + 128u + 8u)

sealed static struct memmap_entry map[MEMMAP_MAX];
sealed static unsigned int map_count;
sealed struct memmap_span memmap_spans[MEMMAP_MAX + 1];
sealed static unsigned int span_count;
sealed static uint32_t chunks;
sealed static struct pa_range svsm;

static bool is_ram(const struct memmap_entry *e)
{
	return e->type == IGVM_MEMORY_MAP_MEMORY;
}

static bool is_guest(const struct memmap_entry *e)
{
	return is_ram(e) || e->type == TYPE_ADOPTED;
}

/* Inserts one entry at its place; entries may come in any order. */
static enum err entry_insert(struct pa_range r, uint32_t type)
{
	unsigned int at = map_count;

	if (map_count == MEMMAP_MAX)
		return ERR_NOMEM;
	while (at > 0 && map[at - 1].range.start.v > r.start.v) {
		map[at] = map[at - 1];
		at--;
	}
	map[at] = (struct memmap_entry){ r, type, MEMMAP_NONE };
	map_count++;
	/* An overlap would make one page RAM and something else at once. */
	if (at > 0 && pa_range_overlap(map[at - 1].range, r))
		return ERR_FORMAT;
	if (at + 1 < map_count && pa_range_overlap(map[at + 1].range, r))
		return ERR_FORMAT;
	return OK;
}

static enum err list_read(const struct igvm_memory_map_entry *list,
			  size_t count)
{
	size_t i;

	map_count = 0;
	for (i = 0; i < count; i++) {
		/* Fields are read once: parameter areas are ours by now, but
		 * nothing here should depend on it. */
		struct igvm_memory_map_entry in = list[i];
		struct pa_range r;
		enum err e;

		if (in.number_of_pages == 0)
			break; /* ends the list */
		/* Page numbers, so that shifting cannot wrap. */
		if (in.starting_gpa_page_number > PA_LIMIT / PAGE_4K ||
		    in.number_of_pages > PA_LIMIT / PAGE_4K ||
		    in.type > IGVM_MEMORY_MAP_HIDDEN)
			return ERR_FORMAT;
		if (pa_range_make(in.starting_gpa_page_number * PAGE_4K,
				  in.number_of_pages * PAGE_4K, &r) != OK)
			return ERR_FORMAT;
		e = entry_insert(r, in.type);
		if (e != OK)
			return e;
	}
	return OK;
}

static void neighbours_merge(void)
{
	unsigned int from;
	unsigned int to = 0;

	for (from = 1; from < map_count; from++) {
		struct memmap_entry *last = &map[to];

		if (last->type == map[from].type &&
		    pa_range_end(last->range) == map[from].range.start.v)
			last->range.size += map[from].range.size;
		else
			map[++to] = map[from];
	}
	if (map_count)
		map_count = to + 1;
}

static uint32_t chunks_of(struct pa_range r)
{
	return (uint32_t)(((pa_range_end(r) - 1) >> PAGE_SHIFT_2M) -
			  (r.start.v >> PAGE_SHIFT_2M) + 1);
}

/* 2^52 bytes are 2^31 regions: the sum of all entries cannot wrap. */
static void chunks_number(void)
{
	unsigned int i;

	chunks = 0;
	for (i = 0; i < map_count; i++) {
		if (!is_guest(&map[i]))
			continue;
		map[i].chunk = chunks;
		chunks += chunks_of(map[i].range);
	}
}

static uint64_t demand(const struct params *p)
{
	uint64_t need = p->image_size + p->required_size;

	need += (uint64_t)chunks * BYTES_PER_CHUNK;
	need += (PAGES_FIXED + (uint64_t)p->cpus_max * PAGES_PER_CPU) * PAGE_4K;
	need = addr_up(need, PAGE_2M);
	/* Ending on a 2 MiB boundary leaves the guest whole large pages. */
	if (need > p->svsm_max_size)
		need = p->svsm_max_size;
	return addr_down(need, PAGE_4K);
}

static const struct memmap_entry *entry_find(struct pa_range r)
{
	unsigned int i;

	for (i = 0; i < map_count && map[i].range.start.v <= r.start.v; i++)
		if (pa_range_has(map[i].range, r))
			return &map[i];
	return NULL;
}

static bool ram_holds(struct pa_range r)
{
	const struct memmap_entry *e = entry_find(r);

	return e && is_ram(e);
}

/* Every guest page of the image must be RAM and none of it ours: else the
 * host's map could make the guest's kernel and us share memory. */
static enum err guest_part_check(const struct params_range *in)
{
	struct pa_range r;

	if (in->size == 0)
		return OK;
	if (pa_range_make(in->start, in->size, &r) != OK || !ram_holds(r) ||
	    pa_range_overlap(r, svsm))
		return ERR_RANGE;
	return OK;
}

static enum err carve(const struct params *p)
{
	uint32_t i;
	enum err e;

	if (p->image_size > PA_LIMIT || p->required_size > PA_LIMIT ||
	    p->range_count > PARAMS_MAX_RANGES || p->cpus_max > 4096)
		return ERR_RANGE;
	if (pa_range_make(p->svsm_base, demand(p), &svsm) != OK)
		return ERR_RANGE;
	if (svsm.size < p->image_size + p->required_size || !ram_holds(svsm))
		return ERR_RANGE;
	for (i = 0; i < p->range_count; i++) {
		e = guest_part_check(&p->range[i]);
		if (e != OK)
			return e;
	}
	return OK;
}

static void span_add(const struct memmap_entry *e, uint64_t start, uint64_t end)
{
	if (start >= end)
		return;
	memmap_spans[span_count++] = (struct memmap_span){
		start, end,
		e->chunk - (uint32_t)(e->range.start.v >> PAGE_SHIFT_2M)
	};
}

/* Guest entries without our region, which lies within one of them. */
static void spans_make(void)
{
	unsigned int i;

	span_count = 0;
	for (i = 0; i < map_count; i++) {
		const struct memmap_entry *e = &map[i];

		if (!is_guest(e))
			continue;
		if (!pa_range_has(e->range, svsm)) {
			span_add(e, e->range.start.v, pa_range_end(e->range));
			continue;
		}
		span_add(e, e->range.start.v, svsm.start.v);
		span_add(e, pa_range_end(svsm), pa_range_end(e->range));
	}
}

enum err memmap_init(const struct params *params,
		     const struct igvm_memory_map_entry *list, size_t count)
{
	enum err e = list_read(list, count);

	if (e != OK)
		return e;
	neighbours_merge();
	chunks_number();
	e = carve(params);
	if (e == OK)
		spans_make();
	return e;
}

struct pa_range memmap_svsm(void)
{
	return svsm;
}

unsigned int memmap_count(void)
{
	return map_count;
}

const struct memmap_entry *memmap_get(unsigned int i)
{
	return i < map_count ? &map[i] : NULL;
}

uint64_t memmap_guest_bytes(void)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < map_count; i++)
		if (is_ram(&map[i]))
			sum += map[i].range.size;
	return sum - svsm.size;
}

uint64_t memmap_ram_end(void)
{
	uint64_t end = 0;
	unsigned int i;

	for (i = 0; i < map_count; i++)
		if (is_ram(&map[i]))
			end = pa_range_end(map[i].range);
	return end;
}

uint32_t memmap_chunks(void)
{
	return chunks;
}

const struct memmap_span *memmap_guest(uint64_t start, uint64_t size)
{
	const struct memmap_span *s = memmap_spans;

	for (; size && s < memmap_spans + span_count; s++)
		if (start >= s->start && start < s->end &&
		    size <= s->end - start)
			return s;
	return NULL;
}

enum err memmap_adopt(struct pa_range r, uint64_t limit,
		      struct pa_range *adopted)
{
	unsigned int i;

	for (i = 0; i < map_count; i++) {
		if (r.size == 0 || !pa_range_has(map[i].range, r) ||
		    map[i].type != IGVM_MEMORY_MAP_PLATFORM_RESERVED)
			continue;
		if (map[i].range.size > limit)
			return ERR_RANGE;
		map[i].type = TYPE_ADOPTED;
		chunks_number();
		spans_make();
		*adopted = map[i].range;
		return OK;
	}
	return ERR_ABSENT;
}
