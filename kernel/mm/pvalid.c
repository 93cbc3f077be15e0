/* SPDX-License-Identifier: MIT */
/* Validation state: what concerns more than one page, and pins. */
#include "kernel/mm/pvalid.h"

#include <stddef.h>

#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "lib/str.h"

/* A run of pages inside a region. */
struct run {
	uint32_t first, end;
};

sealed uint64_t *pvalid_words;

enum err pvalid_init(void)
{
	void *p;
	enum err e = heap_pages(memmap_chunks() * sizeof(*pvalid_words), &p);

	if (e == OK)
		pvalid_words = p;
	return e;
}

static struct run run_of(struct guest_range pages)
{
	uint32_t first = (uint32_t)(pages.r.start.v >> PAGE_SHIFT_4K) & 511;
	uint32_t count = (uint32_t)(pages.r.size >> PAGE_SHIFT_4K);

	ASSERT(count && first + count <= 512);
	return (struct run){ first, first + count };
}

/* The run's bits that fall into word i of a leaf. */
static uint64_t run_mask(struct run run, uint32_t i)
{
	uint32_t low = i * 64;
	uint64_t mask = ~0ull;

	if (run.end <= low || run.first >= low + 64)
		return 0;
	if (run.first > low)
		mask &= ~0ull << (run.first - low);
	if (run.end < low + 64)
		mask &= ~0ull >> (low + 64 - run.end);
	return mask;
}

static uint64_t word_get(struct pvalid_held held)
{
	return *held.word & ~PVALID_WORD_LOCK;
}

static void word_put(struct pvalid_held held, uint64_t value)
{
	*held.word = value | PVALID_WORD_LOCK;
}

enum pvalid_state pvalid_get(struct pvalid_held held, struct guest_range pages)
{
	const struct pvalid_leaf *leaf = pvalid_leaf(held);
	struct run run = run_of(pages);
	bool some = false;
	bool all = true;
	uint32_t i;

	if (!leaf)
		return word_get(held) ? PVALID_ALL : PVALID_NONE;
	for (i = run.first / 64; i * 64 < run.end; i++) {
		uint64_t mask = run_mask(run, i);

		some |= (leaf->valid[i] & mask) != 0;
		all &= (leaf->valid[i] & mask) == mask;
	}
	if (all)
		return PVALID_ALL;
	return some ? PVALID_MIXED : PVALID_NONE;
}

bool pvalid_pinned(struct pvalid_held held, struct guest_range pages)
{
	const struct pvalid_leaf *leaf = pvalid_leaf(held);
	struct run run = run_of(pages);
	uint64_t any = 0;
	uint32_t i;

	if (!leaf)
		return false;
	for (i = run.first / 64; i * 64 < run.end; i++)
		any |= leaf->pinned[i] & run_mask(run, i);
	return any != 0;
}

enum err pvalid_split(struct pvalid_held held)
{
	struct pvalid_leaf *leaf;
	enum err e;
	void *p;

	if (pvalid_leaf(held))
		return OK;
	e = heap_take(sizeof(*leaf), &p);
	if (e != OK)
		return e;
	leaf = p;
	if (word_get(held) == PVALID_WORD_ALL)
		memset(leaf->valid, 0xff, sizeof(leaf->valid));
	word_put(held, (uint64_t)leaf);
	return OK;
}

enum err pvalid_prepare(struct pvalid_held held, struct guest_range pages)
{
	/* A whole region needs no leaf. */
	return pages.r.size == PAGE_2M ? OK : pvalid_split(held);
}

void pvalid_fold(struct pvalid_held held)
{
	struct pvalid_leaf *leaf = pvalid_leaf(held);
	uint64_t same = leaf->valid[0];
	uint32_t i;

	if (same != 0 && same != ~0ull)
		return;
	for (i = 0; i < PVALID_LEAF_WORDS; i++)
		if (leaf->valid[i] != same || leaf->pinned[i])
			return;
	word_put(held, same ? PVALID_WORD_ALL : 0);
	heap_give(leaf, sizeof(*leaf));
}

void pvalid_set(struct pvalid_held held, struct guest_range pages, bool valid)
{
	struct pvalid_leaf *leaf = pvalid_leaf(held);
	struct run run = run_of(pages);
	uint32_t i;

	if (!leaf) {
		ASSERT(run.end - run.first == 512);
		word_put(held, valid ? PVALID_WORD_ALL : 0);
		return;
	}
	for (i = run.first / 64; i * 64 < run.end; i++) {
		uint64_t mask = run_mask(run, i);

		if (valid)
			leaf->valid[i] |= mask;
		else
			leaf->valid[i] &= ~mask;
	}
	pvalid_fold(held);
}

/* The leaf and the one bit of a pin. */
static struct pvalid_leaf *pin_find(struct pvalid_held held,
				    struct guest_range page, uint32_t *word,
				    uint64_t *bit)
{
	struct run run = run_of(page);

	ASSERT(run.end == run.first + 1);
	*word = run.first / 64;
	*bit = 1ull << run.first % 64;
	return pvalid_leaf(held);
}

enum err pvalid_pin(struct pvalid_held held, struct guest_range page)
{
	uint32_t i;
	uint64_t bit;
	struct pvalid_leaf *leaf = pin_find(held, page, &i, &bit);

	ASSERT(leaf);
	if (!(leaf->valid[i] & bit))
		return ERR_STATE;
	if (leaf->pinned[i] & bit)
		return ERR_BUSY;
	leaf->pinned[i] |= bit;
	return OK;
}

void pvalid_unpin(struct pvalid_held held, struct guest_range page)
{
	uint32_t i;
	uint64_t bit;
	struct pvalid_leaf *leaf = pin_find(held, page, &i, &bit);

	ASSERT(leaf && (leaf->pinned[i] & bit));
	leaf->pinned[i] &= ~bit;
	pvalid_fold(held);
}
