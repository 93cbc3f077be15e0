/* SPDX-License-Identifier: MIT */
/* Memory maps of any host: refused with words, or the guest's memory and ours
 * are apart, whole, and what firmware is told is just the guest's. */
/* test-sources: kernel/mm/memmap.c kernel/guest/mapout.c lib/fmt.c lib/str.c */
#include <stdlib.h>
#include <string.h>

#include "kernel/guest/mapout.h"
#include "kernel/mm/memmap.h"
#include "lib/str.h"
#include "tests/scale/machine.h"

#define ENTRIES	   80u
#define ENTRY_SIZE 8u
#define C_BIT	   (1ull << 47)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

/* Near one of the places where something may go wrong. */
static uint64_t page_number(uint8_t place, uint8_t offset)
{
	static const uint64_t places[] = {
		0,
		0x10,
		0x200,
		0x8000,
		0x8000 + 0x40,
		0x8200,
		0x40000,
		0x100000,
		0xfd00000,
		0x10000000,
		C_BIT >> 12,
		(C_BIT >> 12) + 0x8000,
		0xfffffffffull - 8,
		1ull << 40,
		~0ull >> 12,
		~0ull - 100,
	};

	return places[place % 16] + offset;
}

static struct igvm_memory_map_entry entry(const uint8_t *in, uint64_t last)
{
	uint64_t first = page_number(in[0], in[1]);
	uint64_t end = page_number(in[2], in[3]);

	/* Often what a true map has: the next entry begins at the end. */
	if (in[4] & 1)
		first = last;
	return (struct igvm_memory_map_entry){
		.starting_gpa_page_number = first,
		.number_of_pages = in[4] & 2 ? in[5] : end - first,
		.type = in[6] & 0x80 ? in[6] : in[6] % 7 % 2,
		.flags = in[7],
	};
}

static size_t list_make(const uint8_t *data, size_t size,
			struct igvm_memory_map_entry *list)
{
	uint64_t last = 0;
	size_t count = 0;

	for (; size >= ENTRY_SIZE && count < ENTRIES; size -= ENTRY_SIZE) {
		list[count] = entry(data, last);
		last = list[count].starting_gpa_page_number +
		       list[count].number_of_pages;
		count++;
		data += ENTRY_SIZE;
	}
	return count;
}

/* Ascending, apart, below the limit; ours within one entry of RAM. */
static void map_check(uint64_t limit)
{
	unsigned int homes = 0;
	uint64_t last = 0;

	need(memmap_count() && memmap_count() <= MEMMAP_MAX);
	for (unsigned int i = 0; i < memmap_count(); i++) {
		const struct memmap_entry *m = memmap_get(i);

		need(m->range.size && m->range.start.v >= last);
		last = pa_range_end(m->range);
		need(last <= limit);
		if (m->type == IGVM_MEMORY_MAP_MEMORY)
			homes += pa_range_has(m->range, memmap_svsm());
		else
			need(!pa_range_overlap(m->range, memmap_svsm()));
	}
	need(homes == 1);
}

/* Every page of the guest's, and none of ours, with a number of its own. */
static void spans_check(void)
{
	uint64_t sum = 0, last = 0, chunk = 0;
	struct pa_range ours = memmap_svsm();

	for (unsigned int i = 0; i <= MEMMAP_MAX; i++) {
		const struct memmap_span *s = &memmap_spans[i];
		uint64_t first;

		if (!memmap_guest(s->start, PAGE_4K) || s->start < last)
			break;
		need(!pa_range_overlap(ours,
				       (struct pa_range){ { s->start },
							  s->end - s->start }));
		first = memmap_chunk(s, s->start);
		need(first >= chunk || i == 0);
		chunk = memmap_chunk(s, s->end - 1);
		need(chunk < memmap_chunks());
		sum += s->end - s->start;
		last = s->end;
	}
	need(sum == memmap_guest_bytes());
	for (uint64_t at = 0; at < ours.size; at += PAGE_4K)
		need(!memmap_guest(ours.start.v + at, 1));
}

static void told_check(void)
{
	static struct igvm_memory_map_entry out[2 * MEMMAP_MAX + 4];
	const size_t room = sizeof(out) / sizeof(out[0]);

	for (enum mapout what = MAPOUT_RAM; what <= MAPOUT_ALL; what++) {
		uint64_t sum = 0, last = 0;
		size_t count;

		need(mapout_write(what, out, room, &count) == OK);
		for (size_t i = 0; i < count; i++) {
			uint64_t at = out[i].starting_gpa_page_number * PAGE_4K;
			uint64_t bytes = out[i].number_of_pages * PAGE_4K;

			need(bytes && at >= last);
			last = at + bytes;
			if (out[i].type != IGVM_MEMORY_MAP_MEMORY)
				continue;
			sum += bytes;
			need(memmap_guest(at, bytes) != NULL);
		}
		need(!out[count].number_of_pages);
		need(sum == memmap_guest_bytes());
		need(mapout_write(what, out, count, &count) == ERR_RANGE);
	}
}

static void carve_check(const struct params *p)
{
	const struct memmap_demand *d = memmap_demand();
	struct pa_range ours = memmap_svsm();

	need(ours.start.v == p->svsm_base && ours.size == d->given);
	need(ours.size >= p->svsm_min_size && ours.size <= p->svsm_max_size);
	need(ours.size >= p->image_size + p->services.size + p->required_size);
	need(ours.size >= d->least && addr_aligned(ours.size, PAGE_4K));
	for (uint32_t i = 0; i < p->range_count; i++)
		for (uint64_t at = 0; at < p->range[i].size; at += PAGE_4K)
			need(memmap_guest(p->range[i].start + at, PAGE_4K));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct igvm_memory_map_entry list[ENTRIES];
	struct params params = scale_params(1, 64 * SCALE_MIB);
	struct memmap_host host = { .list = list };

	if (size < 4)
		return 0;
	host.limit = data[0] & 1 ? C_BIT : PA_LIMIT;
	host.cpus = data[1];
	params.cpus_max = data[2] * 4u;
	params.svsm_max_size = (data[3] % 64 + 1) * PAGE_2M;
	host.count = list_make(data + 4, size - 4, list);
	if (memmap_init(&params, &host) != OK) {
		need(*memmap_refusal());
		return 0;
	}
	map_check(host.limit);
	carve_check(&params);
	spans_check();
	told_check();
	return 0;
}
