/* SPDX-License-Identifier: MIT */
/*
 * Which guest pages are validated: the SVSM's own record, which no host can
 * change. Two levels: a word per 2 MiB region (none, all, or a leaf of 512
 * bits). Validating twice would let the host swap pages behind an address,
 * so a page's record is checked before any instruction is issued.
 * The lock is per 2 MiB region; while it is held no other region's is taken.
 * Pinned pages (save areas, calling areas) are validated and stay so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "hw/cpu.h"
#include "kernel/mm/guestmem.h"

enum pvalid_state {
	PVALID_NONE,
	PVALID_ALL,
	PVALID_MIXED,
};

/* Proof that the region's lock is held. Made by pvalid_lock() alone. */
struct pvalid_held {
	uint64_t *word;
};

/*
 * A region's word: bit 0 lock; the rest 0 (none), PVALID_WORD_ALL, or the
 * address of a leaf. Leaves exist for mixed regions and for pins only.
 */
#define PVALID_WORD_LOCK  1ull
#define PVALID_WORD_ALL	  2ull
#define PVALID_LEAF_WORDS 8u

struct pvalid_leaf {
	uint64_t valid[PVALID_LEAF_WORDS];
	uint64_t pinned[PVALID_LEAF_WORDS];
};

extern uint64_t *pvalid_words; /* one for each of memmap_chunks() */

/* Takes memory for the words: 8 bytes per 2 MiB of RAM. ERR_NOMEM. */
must_check enum err pvalid_init(void);

/* chunk: of a guest_range. */
static inline struct pvalid_held pvalid_lock_chunk(uint32_t chunk)
{
	uint64_t *word = &pvalid_words[chunk];

	while (__atomic_fetch_or(word, PVALID_WORD_LOCK, __ATOMIC_ACQUIRE) &
	       PVALID_WORD_LOCK)
		hw_pause();
	return (struct pvalid_held){ word };
}

/* pages: whole 4 KiB pages within one 2 MiB region. */
static inline struct pvalid_held pvalid_lock(struct guest_range pages)
{
	return pvalid_lock_chunk(pages.chunk);
}

static inline void pvalid_unlock(struct pvalid_held held)
{
	__atomic_store_n(held.word, *held.word & ~PVALID_WORD_LOCK,
			 __ATOMIC_RELEASE);
}

/* NULL while all pages of the region agree. */
static inline struct pvalid_leaf *pvalid_leaf(struct pvalid_held held)
{
	uint64_t word = *held.word & ~PVALID_WORD_LOCK;

	return word > PVALID_WORD_ALL ? (struct pvalid_leaf *)word : NULL;
}

/* Is the page that holds gpa, in this region, validated? */
static inline bool pvalid_page(struct pvalid_held held, uint64_t gpa)
{
	const struct pvalid_leaf *leaf = pvalid_leaf(held);

	if (!leaf)
		return *held.word & PVALID_WORD_ALL;
	return leaf->valid[gpa >> 18 & 7] >> (gpa >> PAGE_SHIFT_4K & 63) & 1;
}

static inline bool pvalid_page_pinned(struct pvalid_held held, uint64_t gpa)
{
	const struct pvalid_leaf *leaf = pvalid_leaf(held);

	return leaf &&
	       (leaf->pinned[gpa >> 18 & 7] >> (gpa >> PAGE_SHIFT_4K & 63) & 1);
}

/* Folds the leaf into its word when its pages all agree and none is pinned. */
void pvalid_fold(struct pvalid_held held);

/* The 4 KiB page changes its state; a leaf is there (pvalid_prepare). */
static inline void pvalid_page_flip(struct pvalid_held held, uint64_t gpa)
{
	uint64_t *word = &pvalid_leaf(held)->valid[gpa >> 18 & 7];

	*word ^= 1ull << (gpa >> PAGE_SHIFT_4K & 63);
	if (*word == 0 || *word == ~0ull)
		pvalid_fold(held);
}

enum pvalid_state pvalid_get(struct pvalid_held held, struct guest_range pages);

/* Any page of these pinned? */
bool pvalid_pinned(struct pvalid_held held, struct guest_range pages);

/* Gives the region a leaf if it has none: single pages may then differ.
 * ERR_NOMEM: nothing changed. */
must_check enum err pvalid_split(struct pvalid_held held);

/* Makes sure that pvalid_set and pvalid_pin on these pages cannot fail.
 * ERR_NOMEM: nothing changed. */
must_check enum err pvalid_prepare(struct pvalid_held held,
				   struct guest_range pages);

/* After pvalid_prepare. Records what the instruction did. */
void pvalid_set(struct pvalid_held held, struct guest_range pages, bool valid);

/* The same for the whole region, which needs no leaf. */
static inline void pvalid_region_set(struct pvalid_held held,
				     struct guest_range pages, bool valid)
{
	if (pvalid_leaf(held))
		pvalid_set(held, pages, valid);
	else
		*held.word = (valid ? PVALID_WORD_ALL : 0) | PVALID_WORD_LOCK;
}

/* One page, prepared and validated. ERR_STATE: it is not validated;
 * ERR_BUSY: pinned already. */
must_check enum err pvalid_pin(struct pvalid_held held,
			       struct guest_range page);
void pvalid_unpin(struct pvalid_held held, struct guest_range page);
