/* SPDX-License-Identifier: MIT */
/* A word is a page's address plus value + 1, or 0. No tombstones: what follows
 * a dropped entry moves up, so searches stay short for ever. */
#include "lib/pageindex.h"

#define LOW_BITS 0xfffull
#define GOLDEN	 0x9e3779b97f4a7c15ull /* 2^64 / golden ratio: spreads well */

uint32_t pageindex_words(uint32_t pages)
{
	uint32_t words = 2;

	while (words < 2 * pages)
		words *= 2;
	return words;
}

struct pageindex pageindex_make(uint64_t *entry, uint32_t words)
{
	return (struct pageindex){ entry, words - 1,
				   64u - (uint32_t)__builtin_ctz(words) };
}

static uint32_t home(const struct pageindex *x, uint64_t page)
{
	return (uint32_t)((page >> 12) * GOLDEN >> x->shift);
}

/* The page's entry, or the free one where it would go. Half are free, so the
 * walk ends. */
static uint32_t place(const struct pageindex *x, uint64_t page)
{
	uint32_t at = home(x, page);

	while (x->entry[at] && (x->entry[at] & ~LOW_BITS) != page)
		at = (at + 1) & x->mask;
	return at;
}

bool pageindex_find(const struct pageindex *x, uint64_t page, uint32_t *value)
{
	uint64_t word = x->entry[place(x, page)];

	if (!word)
		return false;
	*value = (uint32_t)(word & LOW_BITS) - 1;
	return true;
}

void pageindex_set(const struct pageindex *x, uint64_t page, uint32_t value)
{
	x->entry[place(x, page)] = page | (value + 1);
}

void pageindex_drop(const struct pageindex *x, uint64_t page)
{
	uint32_t hole = place(x, page);
	uint32_t at = hole;

	if (!x->entry[hole])
		return;
	while (x->entry[at = (at + 1) & x->mask]) {
		uint32_t from = home(x, x->entry[at] & ~LOW_BITS);

		/* It may move up only as far as its own home. */
		if (((at - from) & x->mask) < ((at - hole) & x->mask))
			continue;
		x->entry[hole] = x->entry[at];
		hole = at;
	}
	x->entry[hole] = 0;
}
