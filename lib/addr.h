/* SPDX-License-Identifier: MIT */
/*
 * Typed addresses and ranges that cannot wrap. Units are bytes. A guest
 * physical address never carries the C-bit; page tables add it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

#define PAGE_SHIFT_4K 12
#define PAGE_SHIFT_2M 21
#define PAGE_4K	      (1ull << PAGE_SHIFT_4K)
#define PAGE_2M	      (1ull << PAGE_SHIFT_2M)
/* No platform of ours has more physical address bits than this. */
#define PA_LIMIT      (1ull << 52)

struct pa {
	uint64_t v;
};

struct va {
	uint64_t v;
};

/* [start, start + size): never wraps, never passes PA_LIMIT, may be empty. */
struct pa_range {
	struct pa start;
	uint64_t size;
};

static inline struct pa pa_add(struct pa a, uint64_t bytes)
{
	return (struct pa){ a.v + bytes };
}

static inline bool addr_aligned(uint64_t v, uint64_t align)
{
	return (v & (align - 1)) == 0;
}

static inline uint64_t addr_down(uint64_t v, uint64_t align)
{
	return v & ~(align - 1);
}

/* Rounds up; the caller knows that v + align does not wrap. */
static inline uint64_t addr_up(uint64_t v, uint64_t align)
{
	return (v + align - 1) & ~(align - 1);
}

/* The only maker of a pa_range from numbers that came from outside. */
must_check static inline enum err pa_range_make(uint64_t start, uint64_t size,
						struct pa_range *out)
{
	if (start > PA_LIMIT || size > PA_LIMIT - start)
		return ERR_RANGE;
	*out = (struct pa_range){ { start }, size };
	return OK;
}

static inline uint64_t pa_range_end(struct pa_range r)
{
	return r.start.v + r.size;
}

static inline bool pa_range_has(struct pa_range outer, struct pa_range inner)
{
	return inner.start.v >= outer.start.v &&
	       pa_range_end(inner) <= pa_range_end(outer);
}

/* Empty ranges overlap nothing. */
static inline bool pa_range_overlap(struct pa_range a, struct pa_range b)
{
	return a.size && b.size && a.start.v < pa_range_end(b) &&
	       b.start.v < pa_range_end(a);
}
