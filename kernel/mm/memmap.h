/* SPDX-License-Identifier: MIT */
/*
 * The physical map: the host's list, checked and merged; our own region sized
 * and carved out. The host may lie about it: what cannot be true is refused,
 * and RAM that is not there shows when it cannot be validated.
 * Written at start-up by one CPU, then sealed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "abi/boot/params.h"
#include "abi/igvm.h"
#include "kernel/base/percpu.h"
#include "lib/addr.h"

#define MEMMAP_MAX  64u
#define MEMMAP_NONE (~0u)

struct memmap_entry {
	struct pa_range range;
	uint32_t type;	/* IGVM_MEMORY_MAP_* */
	uint32_t chunk; /* number of its first 2 MiB region, for pvalid */
};

/* What the host says of the machine, none of it measured. */
struct memmap_host {
	const struct igvm_memory_map_entry *list;
	size_t count; /* of entries at most; an empty one ends the list */
	/* The C-bit; PA_LIMIT without one. An address that has it would be
	 * another page's second name. */
	uint64_t limit;
	/* CPUs; 0 or more than the image allows: as many as that. If it says
	 * less than it has, we may run short of memory at start. */
	uint32_t cpus;
};

/*
 * Reads the host's list: ascending (igvm.md 2.5; why no other order is taken:
 * docs/decisions/map-order.md), below the limit. Sizes our region.
 * ERR_FORMAT: not sorted, overlap, wrap, unknown type, RAM over the boot CPU's
 * save area; ERR_RANGE: our region and the guest's launch pages are not all
 * RAM, or the image allows us less than the least; ERR_NOMEM: too many ranges.
 */
must_check enum err memmap_init(const struct params *params,
				const struct memmap_host *host);

/* After memmap_init failed: one line that says what and where. */
const char *memmap_refusal(void);

/* What our region is made of, in bytes. */
struct memmap_demand {
	uint64_t image;	       /* image, services' archive, required memory */
	uint64_t record;       /* of validation, when every 2 MiB is split */
	uint64_t record_least; /* when none is */
	uint64_t cpus;	       /* of the machine */
	uint64_t fixed;
	uint64_t services;
	uint64_t least;	 /* without this much there is no start */
	uint64_t wanted; /* all of the above, whole 2 MiB */
	/* Between the image's minimum and maximum. Less than wanted: once it
	 * is used up, the guest is asked to deposit memory. */
	uint64_t given;
};
const struct memmap_demand *memmap_demand(void);

/* Our own region: given bytes from the image's base on; never the guest's. */
struct pa_range memmap_svsm(void);

/* Entries in ascending order; our own region is still inside one of them. */
unsigned int memmap_count(void);
const struct memmap_entry *memmap_get(unsigned int i);

/* RAM in bytes, without ours; and the end of the highest RAM. */
uint64_t memmap_guest_bytes(void);

/* All RAM of the map, ours included. */
uint64_t memmap_ram_bytes(void);
uint64_t memmap_ram_end(void);

/* 2 MiB regions of all RAM and adopted entries, for pvalid. */
uint32_t memmap_chunks(void);

/* A run of guest memory: RAM or adopted, without our region. */
struct memmap_span {
	uint64_t start, end;
	/* number of a 2 MiB region = bias + (address >> 21), modulo 2^32 */
	uint32_t bias;
};
extern struct memmap_span memmap_spans[MEMMAP_MAX + 1];

/* The span that holds all of [start, start + size); NULL if none does, and
 * for wraps. Empty ranges are nobody's. */
const struct memmap_span *memmap_guest(uint64_t start, uint64_t size);

/* The same, trying this CPU's last one first: most requests stay in it. */
static inline const struct memmap_span *memmap_guest_near(uint64_t start,
							  uint64_t size)
{
	struct percpu *cpu = percpu_this();
	const struct memmap_span *s = &memmap_spans[cpu->span_hint];

	if (start >= s->start && start < s->end && size <= s->end - start)
		return s;
	s = memmap_guest(start, size);
	if (s)
		cpu->span_hint = (uint32_t)(s - memmap_spans);
	return s;
}

/* Number of the 2 MiB region that holds start, which lies in the span. */
static inline uint32_t memmap_chunk(const struct memmap_span *s, uint64_t start)
{
	return s->bias + (uint32_t)(start >> PAGE_SHIFT_2M);
}

/*
 * Makes a whole PLATFORM_RESERVED entry guest memory (ACPI tables that the
 * guest is to find at their addresses). Before pvalid_init only. ERR_ABSENT
 * when no such entry holds r, ERR_RANGE when it is longer than limit.
 */
must_check enum err memmap_adopt(struct pa_range r, uint64_t limit,
				 struct pa_range *adopted);
