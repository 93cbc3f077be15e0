/* SPDX-License-Identifier: MIT */
/*
 * Validation state. A word: bit 0 lock; the rest 0 (none), WORD_ALL, or the
 * address of a leaf. Leaves exist for mixed regions and for pins only.
 */
#include "kernel/mm/pvalid.h"

#include <stddef.h>

#include "hw/cpu.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "lib/str.h"

#define WORD_LOCK 1ull
#define WORD_ALL 2ull
#define LEAF_WORDS 8u

struct leaf {
	uint64_t valid[LEAF_WORDS];
	uint64_t pinned[LEAF_WORDS];
};

/* A run of pages inside a region. */
struct run {
	uint32_t first, end;
};

sealed static uint64_t *words;

enum err pvalid_init(void)
{
	void *p;
	enum err e = heap_pages(memmap_chunks() * sizeof(*words), &p);

	if (e == OK)
		words = p;
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

struct pvalid_held pvalid_lock(struct guest_range pages)
{
	uint64_t *word = &words[pages.chunk];

	while (__atomic_fetch_or(word, WORD_LOCK, __ATOMIC_ACQUIRE) & WORD_LOCK)
		hw_pause();
	return (struct pvalid_held){ word };
}

void pvalid_unlock(struct pvalid_held held)
{
	__atomic_store_n(held.word, *held.word & ~WORD_LOCK, __ATOMIC_RELEASE);
}

static uint64_t word_get(struct pvalid_held held)
{
	return *held.word & ~WORD_LOCK;
}

static void word_put(struct pvalid_held held, uint64_t value)
{
	*held.word = value | WORD_LOCK;
}

static struct leaf *leaf_of(struct pvalid_held held)
{
	uint64_t word = word_get(held);

	return word > WORD_ALL ? (struct leaf *)word : NULL;
}

enum pvalid_state pvalid_get(struct pvalid_held held, struct guest_range pages)
{
	const struct leaf *leaf = leaf_of(held);
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
	const struct leaf *leaf = leaf_of(held);
	struct run run = run_of(pages);
	uint64_t any = 0;
	uint32_t i;

	if (!leaf)
		return false;
	for (i = run.first / 64; i * 64 < run.end; i++)
		any |= leaf->pinned[i] & run_mask(run, i);
	return any != 0;
}

static enum err leaf_make(struct pvalid_held held)
{
	struct leaf *leaf;
	void *p;
	enum err e = heap_take(sizeof(*leaf), &p);

	if (e != OK)
		return e;
	leaf = p;
	if (word_get(held) == WORD_ALL)
		memset(leaf->valid, 0xff, sizeof(leaf->valid));
	word_put(held, (uint64_t)leaf);
	return OK;
}

enum err pvalid_prepare(struct pvalid_held held, struct guest_range pages)
{
	if (leaf_of(held) || pages.r.size == PAGE_2M)
		return OK;
	return leaf_make(held);
}

/* Folds the leaf into its word when its pages all agree and none is pinned. */
static void leaf_fold(struct pvalid_held held, struct leaf *leaf)
{
	uint64_t same = leaf->valid[0];
	uint32_t i;

	if (same != 0 && same != ~0ull)
		return;
	for (i = 0; i < LEAF_WORDS; i++)
		if (leaf->valid[i] != same || leaf->pinned[i])
			return;
	word_put(held, same ? WORD_ALL : 0);
	heap_give(leaf, sizeof(*leaf));
}

void pvalid_set(struct pvalid_held held, struct guest_range pages, bool valid)
{
	struct leaf *leaf = leaf_of(held);
	struct run run = run_of(pages);
	uint32_t i;

	if (!leaf) {
		ASSERT(run.end - run.first == 512);
		word_put(held, valid ? WORD_ALL : 0);
		return;
	}
	for (i = run.first / 64; i * 64 < run.end; i++) {
		uint64_t mask = run_mask(run, i);

		if (valid)
			leaf->valid[i] |= mask;
		else
			leaf->valid[i] &= ~mask;
	}
	leaf_fold(held, leaf);
}

/* The leaf and the one bit of a pin. */
static struct leaf *pin_find(struct pvalid_held held, struct guest_range page,
			     uint32_t *word, uint64_t *bit)
{
	struct run run = run_of(page);

	ASSERT(run.end == run.first + 1);
	*word = run.first / 64;
	*bit = 1ull << run.first % 64;
	return leaf_of(held);
}

enum err pvalid_pin(struct pvalid_held held, struct guest_range page)
{
	uint32_t i;
	uint64_t bit;
	struct leaf *leaf = pin_find(held, page, &i, &bit);

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
	struct leaf *leaf = pin_find(held, page, &i, &bit);

	ASSERT(leaf && (leaf->pinned[i] & bit));
	leaf->pinned[i] &= ~bit;
	leaf_fold(held, leaf);
}
