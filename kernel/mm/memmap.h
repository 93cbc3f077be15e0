/* SPDX-License-Identifier: MIT */
/*
 * The physical map: the host's list, checked, sorted and merged; our own
 * region carved out. The host may lie about it: overlaps and wraps are
 * refused, and RAM that is not there shows when it cannot be validated.
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

/*
 * Reads the host's list. ERR_FORMAT: overlap, wrap, unknown type;
 * ERR_RANGE: our image and the guest's pages in it are not all RAM;
 * ERR_NOMEM: too many entries. Computes the SVSM's size (see memmap_svsm).
 */
must_check enum err memmap_init(const struct params *params,
				const struct igvm_memory_map_entry *list,
				size_t count);

/* Our own region: image, required memory, and what RAM size and CPU count
 * demand beyond it; whole pages; never the guest's. */
struct pa_range memmap_svsm(void);

/* Entries in ascending order; our own region is still inside one of them. */
unsigned int memmap_count(void);
const struct memmap_entry *memmap_get(unsigned int i);

/* RAM in bytes, without ours; and the end of the highest RAM. */
uint64_t memmap_guest_bytes(void);
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
