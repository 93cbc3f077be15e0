/* SPDX-License-Identifier: MIT */
/* The physical map: read, check, merge, size ourselves, carve. */
#include "kernel/mm/memmap.h"

#include <stdarg.h>

#include "abi/snp/vmsa.h"
#include "kernel/base/once.h"
#include "kernel/mm/pvalidsize.h"
#include "lib/fmt.h"
#include "lib/str.h"

/* The guest's, but no RAM: what memmap_adopt took, and firmware's flash. */
#define TYPE_ADOPTED 0x100u

/* What the SVSM needs beyond its image: see struct memmap_demand. */
#define BYTES_FIXED (96u * PAGE_4K)
/* No image of ours asks for more; keeps the sums far from wrapping. */
#define CPUS_LIMIT  4096u

#define REFUSAL_MAX 160u

sealed static struct memmap_entry map[MEMMAP_MAX];
sealed static unsigned int map_count;
sealed struct memmap_span memmap_spans[MEMMAP_MAX + 1];
sealed static unsigned int span_count;
sealed static uint32_t chunks;
sealed static struct pa_range svsm;
sealed static struct memmap_demand need;
sealed static char refusal[REFUSAL_MAX];

/* Keeps the words for memmap_refusal(). */
__attribute__((format(printf, 2, 3))) must_check static enum err
refuse(enum err e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fmt_vprint(refusal, sizeof(refusal), format, args);
	va_end(args);
	return e;
}

static bool is_ram(const struct memmap_entry *e)
{
	return e->type == IGVM_MEMORY_MAP_MEMORY;
}

static bool is_guest(const struct memmap_entry *e)
{
	return is_ram(e) || e->type == TYPE_ADOPTED;
}

/* One entry as the host wrote it, for words about it. */
#define ENTRY_FORMAT "host's memory map: entry %u (0x%llx-0x%llx) "
#define ENTRY_ARGS(i, r)                                    \
	(unsigned int)(i), (unsigned long long)(r).start.v, \
		(unsigned long long)pa_range_end(r) - 1

/* The entry that the next one follows; NULL: the map is empty. */
static struct memmap_entry *last_entry(void)
{
	return map_count ? &map[map_count - 1] : NULL;
}

/* Page numbers are checked before they are shifted: shifting could wrap. */
static enum err entry_range(const struct igvm_memory_map_entry *in, size_t i,
			    uint64_t limit, struct pa_range *r)
{
	uint64_t first = in->starting_gpa_page_number;
	uint64_t n = in->number_of_pages;

	if (first > limit / PAGE_4K || n > limit / PAGE_4K - first ||
	    pa_range_make(first * PAGE_4K, n * PAGE_4K, r) != OK)
		return refuse(ERR_FORMAT,
			      "host's memory map: entry %u (page 0x%llx and "
			      "0x%llx more) passes the last address 0x%llx",
			      (unsigned int)i, (unsigned long long)first,
			      (unsigned long long)n - 1,
			      (unsigned long long)limit - 1);
	return OK;
}

static enum err entry_check(struct pa_range r, uint32_t type, size_t i)
{
	static const struct pa_range vmsa = { { VMSA_BOOT_GPA }, PAGE_4K };
	const struct memmap_entry *last = last_entry();

	if (type > IGVM_MEMORY_MAP_HIDDEN)
		return refuse(ERR_FORMAT, ENTRY_FORMAT "is of unknown type %u",
			      ENTRY_ARGS(i, r), type);
	/* The guest could ask for the boot CPU's save area as its memory. */
	if (type == IGVM_MEMORY_MAP_MEMORY && pa_range_overlap(r, vmsa))
		return refuse(ERR_FORMAT,
			      ENTRY_FORMAT "covers the save area at 0x%llx",
			      ENTRY_ARGS(i, r),
			      (unsigned long long)vmsa.start.v);
	if (!last || r.start.v >= pa_range_end(last->range))
		return OK;
	/* Page by page RAM and something else at once: never ours to judge. */
	if (pa_range_overlap(r, last->range))
		return refuse(ERR_FORMAT, ENTRY_FORMAT "overlaps entry %u",
			      ENTRY_ARGS(i, r), (unsigned int)i - 1);
	return refuse(ERR_FORMAT,
		      ENTRY_FORMAT "lies below entry %u: not sorted",
		      ENTRY_ARGS(i, r), (unsigned int)i - 1);
}

/* Joins neighbours of one type; they count once. */
static enum err entry_add(struct pa_range r, uint32_t type)
{
	struct memmap_entry *last = last_entry();

	if (last && last->type == type &&
	    pa_range_end(last->range) == r.start.v) {
		last->range.size += r.size;
		return OK;
	}
	if (map_count == MEMMAP_MAX)
		return refuse(ERR_NOMEM,
			      "host's memory map: more than %u ranges",
			      MEMMAP_MAX);
	map[map_count++] = (struct memmap_entry){ r, type, MEMMAP_NONE };
	return OK;
}

static enum err list_read(const struct memmap_host *host)
{
	enum err e = OK;

	map_count = 0;
	for (size_t i = 0; i < host->count && e == OK; i++) {
		/* Fields are read once: parameter areas are ours by now, but
		 * nothing here should depend on it. */
		struct igvm_memory_map_entry in = host->list[i];
		struct pa_range r = { { 0 }, 0 };

		if (in.number_of_pages == 0)
			break; /* ends the list */
		e = entry_range(&in, i, host->limit, &r);
		if (e == OK)
			e = entry_check(r, in.type, i);
		if (e == OK)
			e = entry_add(r, in.type);
	}
	if (e == OK && !map_count)
		return refuse(ERR_FORMAT, "host's memory map: it is empty");
	return e;
}

/* The image has brought it, whether or not the host's map has a word on it. */
static enum err flash_add(const struct params *p)
{
	const struct params_range *in = &p->firmware.flash;
	unsigned int at = map_count;
	struct pa_range r;

	if (!in->size)
		return OK;
	if (pa_range_make(in->start, in->size, &r) != OK)
		return refuse(ERR_RANGE, "image parameters make no sense");
	while (at && map[at - 1].range.start.v > r.start.v)
		at--;
	if ((at && pa_range_overlap(map[at - 1].range, r)) ||
	    (at < map_count && pa_range_overlap(map[at].range, r)))
		return refuse(ERR_FORMAT,
			      "host's memory map: an entry covers the firmware "
			      "at 0x%llx",
			      (unsigned long long)r.start.v);
	if (map_count == MEMMAP_MAX)
		return refuse(ERR_NOMEM,
			      "host's memory map: more than %u ranges",
			      MEMMAP_MAX);
	memmove(map + at + 1, map + at, (map_count++ - at) * sizeof(*map));
	map[at] = (struct memmap_entry){ r, TYPE_ADOPTED, MEMMAP_NONE };
	return OK;
}

static uint64_t ram_bytes(void)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < map_count; i++)
		if (is_ram(&map[i]))
			sum += map[i].range.size;
	return sum;
}

/* The image may be made for machines of a certain size alone. */
static enum err size_check(const struct params *p)
{
	uint64_t sum = ram_bytes();

	if (sum >= p->memory_min && (!p->memory_max || sum <= p->memory_max))
		return OK;
	return refuse(ERR_RANGE,
		      "host's memory map: %llu KiB of RAM, the image allows "
		      "%llu to %llu",
		      (unsigned long long)sum >> 10,
		      (unsigned long long)p->memory_min >> 10,
		      (unsigned long long)p->memory_max >> 10);
}

static uint32_t chunks_of(struct pa_range r)
{
	return (uint32_t)(((pa_range_end(r) - 1) >> PAGE_SHIFT_2M) -
			  (r.start.v >> PAGE_SHIFT_2M) + 1);
}

/* 2^52 bytes are 2^31 regions: the sum of all entries cannot wrap. */
static enum err chunks_check(void)
{
	if (chunks <= PVALID_CHUNKS_MAX)
		return OK;
	return refuse(ERR_RANGE,
		      "host's memory map: %llu GiB of RAM, more than the "
		      "%llu that are supported",
		      (unsigned long long)chunks * PAGE_2M >> 30,
		      PVALID_CHUNKS_MAX * PAGE_2M >> 30);
}

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

/* Measured, but built by somebody: sums below must not wrap. */
static enum err params_check(const struct params *p)
{
	if (p->svsm_base > PA_LIMIT || p->image_size > PA_LIMIT ||
	    p->required_size > PA_LIMIT || p->svsm_max_size > PA_LIMIT ||
	    p->svsm_min_size > p->svsm_max_size ||
	    p->guest.acpi.size > PA_LIMIT || p->services.size > PA_LIMIT ||
	    p->services_memory > PA_LIMIT ||
	    p->range_count > PARAMS_MAX_RANGES || p->cpus_max > CPUS_LIMIT)
		return refuse(ERR_RANGE, "image parameters make no sense");
	return OK;
}

static uint32_t cpus_of(const struct params *p, const struct memmap_host *host)
{
	return host->cpus && host->cpus < p->cpus_max ? host->cpus
						      : p->cpus_max;
}

/* All that the image brings along or asks for by its size. */
static uint64_t image_bytes(const struct params *p)
{
	return p->image_size + addr_up(p->services.size, PAGE_4K) +
	       p->required_size;
}

static void demand(const struct params *p, uint32_t cpus)
{
	uint64_t record = pvalid_bytes_max(chunks, cpus);

	need = (struct memmap_demand){
		.image = image_bytes(p),
		.record = record,
		.record_least = pvalid_bytes_min(chunks),
		.cpus = (uint64_t)cpus * CPU_PRIVATE_MAX,
		/* ACPI tables are made in memory of ours first. */
		.fixed = BYTES_FIXED + p->guest.acpi.size,
		.services = p->services_memory,
	};
	need.least = need.image + need.record_least + need.cpus + need.fixed +
		     need.services;
	/* Ending on a 2 MiB boundary leaves the guest whole large pages. */
	need.wanted = addr_up(need.least + record - need.record_least, PAGE_2M);
	need.given = need.wanted;
	if (need.given < p->svsm_min_size)
		need.given = p->svsm_min_size;
	if (need.given > p->svsm_max_size)
		need.given = p->svsm_max_size;
	need.given = addr_down(need.given, PAGE_4K);
}

/* The first address of r that is no RAM; the end of r if all is. */
static uint64_t ram_ends(struct pa_range r)
{
	uint64_t at = r.start.v;
	unsigned int i;

	for (i = 0; i < map_count && at < pa_range_end(r); i++)
		if (is_guest(&map[i]) && at >= map[i].range.start.v &&
		    at < pa_range_end(map[i].range))
			at = pa_range_end(map[i].range);
	return at;
}

static enum err ram_check(struct pa_range r, const char *what)
{
	uint64_t at = ram_ends(r);

	if (at >= pa_range_end(r))
		return OK;
	return refuse(ERR_RANGE,
		      "host's memory map: %s 0x%llx-0x%llx is not all RAM: "
		      "0x%llx is none",
		      what, (unsigned long long)r.start.v,
		      (unsigned long long)pa_range_end(r) - 1,
		      (unsigned long long)at);
}

/* Every guest page of the image must be RAM and none of it ours: else the
 * host's map could make the guest's kernel and us share memory. */
static enum err guest_part_check(const struct params_range *in)
{
	struct pa_range r;

	if (in->size == 0)
		return OK;
	if (pa_range_make(in->start, in->size, &r) != OK ||
	    pa_range_overlap(r, svsm))
		return refuse(ERR_RANGE,
			      "image parameters: guest pages at 0x%llx overlap "
			      "the SVSM, or wrap",
			      (unsigned long long)in->start);
	return ram_check(r, "the guest's launch memory");
}

static enum err carve(const struct params *p, uint32_t cpus)
{
	struct pa_range image = { { p->svsm_base }, image_bytes(p) };
	enum err e;
	uint32_t i;

	demand(p, cpus);
	if (need.given < need.least)
		return refuse(ERR_RANGE,
			      "own memory: %llu KiB needed at least, the image "
			      "allows %llu (igvmbuild --svsm-max)",
			      (unsigned long long)need.least >> 10,
			      (unsigned long long)need.given >> 10);
	if (pa_range_make(p->svsm_base, need.given, &svsm) != OK)
		return refuse(ERR_RANGE, "image parameters make no sense");
	e = ram_check(image, "the SVSM's image");
	if (e == OK)
		e = ram_check(svsm, "the SVSM's memory");
	for (i = 0; i < p->range_count && e == OK; i++)
		e = guest_part_check(&p->range[i]);
	return e;
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
		     const struct memmap_host *host)
{
	enum err e = params_check(params);

	if (e == OK)
		e = list_read(host);
	if (e == OK)
		e = size_check(params);
	if (e == OK)
		e = flash_add(params);
	if (e != OK)
		return e;
	chunks_number();
	e = chunks_check();
	if (e == OK)
		e = carve(params, cpus_of(params, host));
	if (e == OK)
		spans_make();
	return e;
}

const char *memmap_refusal(void)
{
	return refusal;
}

const struct memmap_demand *memmap_demand(void)
{
	return &need;
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

uint64_t memmap_ram_bytes(void)
{
	return ram_bytes();
}

uint64_t memmap_guest_bytes(void)
{
	return ram_bytes() - svsm.size;
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
