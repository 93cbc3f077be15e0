/* SPDX-License-Identifier: MIT */
/*
 * Which guest pages are validated: the SVSM's own record, which no host can
 * change. Two levels: a byte per 2 MiB region (none, all, or mixed) and one
 * bit a page where they differ. Validating twice would let the host swap
 * pages behind an address, so a page's record is checked before any
 * instruction is issued. The lock is per region; while it is held no other
 * region's is taken. Pinned pages stay what they are.
 *
 * The bits are an array by region number. Its pages are mapped when a region
 * among their 64 first becomes mixed, and stay: no CPU ever has to forget a
 * translation. A second array holds the pins in the same way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "hw/cpu.h"
#include "kernel/mm/deed.h"
#include "kernel/mm/guestmem.h"
#include "kernel/mm/pvalidsize.h"
#include "kernel/mm/pvalidva.h"

/* A region's byte. */
#define PVALID_BYTE_LOCK 1u
#define PVALID_BYTE_ALL	 2u  /* every page is validated; never with BITS */
#define PVALID_BYTE_BITS 4u  /* some are, some are not: see the bits */
#define PVALID_BYTE_PINS 8u  /* some page is pinned: see the pins */
#define PVALID_BYTE_DEED 16u /* some page was deposited: see deed.h */

enum pvalid_state {
	PVALID_NONE,
	PVALID_ALL,
	PVALID_MIXED,
};

/* Proof that the region's lock is held. Made by pvalid_lock() alone. */
struct pvalid_held {
	uint8_t *byte;
	uint64_t *bits; /* the region's; mapped if the byte says so */
};

extern uint8_t *pvalid_bytes; /* one for each of memmap_chunks() */

/* Takes what does not depend on the guest: bytes and page tables. ERR_RANGE:
 * more than PVALID_CHUNKS_MAX; ERR_NOMEM. */
must_check enum err pvalid_init(void);

/* chunk: of a guest_range. */
static inline struct pvalid_held pvalid_lock_chunk(uint32_t chunk)
{
	uint8_t *byte = &pvalid_bytes[chunk];
	uint8_t open = __atomic_load_n(byte, __ATOMIC_RELAXED) &
		       (uint8_t)~PVALID_BYTE_LOCK;

	while (!__atomic_compare_exchange_n(
		byte, &open, open | PVALID_BYTE_LOCK, true, __ATOMIC_ACQUIRE,
		__ATOMIC_RELAXED)) {
		hw_pause();
		open = __atomic_load_n(byte, __ATOMIC_RELAXED) &
		       (uint8_t)~PVALID_BYTE_LOCK;
	}
	return (struct pvalid_held){
		byte, pvalidva_bits() + (uint64_t)chunk * PVALID_REGION_WORDS
	};
}

/* pages: whole 4 KiB pages within one 2 MiB region. */
static inline struct pvalid_held pvalid_lock(struct guest_range pages)
{
	return pvalid_lock_chunk(pages.chunk);
}

/*
 * The byte's other bits: only the holder changes them, but others look at it
 * meanwhile to get the lock. So all access is atomic, and a change is one store:
 * they always see it locked.
 */
static inline uint8_t pvalid_byte(struct pvalid_held held)
{
	return __atomic_load_n(held.byte, __ATOMIC_RELAXED);
}

static inline void pvalid_byte_set(struct pvalid_held held, uint8_t clear,
				   uint8_t set)
{
	__atomic_store_n(held.byte,
			 (uint8_t)((pvalid_byte(held) & ~clear) | set),
			 __ATOMIC_RELAXED);
}

static inline void pvalid_unlock(struct pvalid_held held)
{
	__atomic_store_n(held.byte, pvalid_byte(held) & ~PVALID_BYTE_LOCK,
			 __ATOMIC_RELEASE);
}

/* The region's pins; mapped if its byte says so. */
static inline uint64_t *pvalid_pins(struct pvalid_held held)
{
	return held.bits + PVALID_VA_SIZE / sizeof(*held.bits);
}

/* The bit of the page that holds gpa, in one of the region's eight words. */
static inline uint32_t pvalid_word(uint64_t gpa)
{
	return gpa >> 18 & 7;
}

static inline uint64_t pvalid_mask(uint64_t gpa)
{
	return 1ull << (gpa >> PAGE_SHIFT_4K & 63);
}

/* Of all pages of the region. */
static inline enum pvalid_state pvalid_region(struct pvalid_held held)
{
	if (pvalid_byte(held) & PVALID_BYTE_BITS)
		return PVALID_MIXED;
	return pvalid_byte(held) & PVALID_BYTE_ALL ? PVALID_ALL : PVALID_NONE;
}

static inline uint32_t pvalid_chunk(struct pvalid_held held)
{
	return (uint32_t)(held.byte - pvalid_bytes);
}

/* Deposited, so ours. To whoever asks below it is not validated, and pinned. */
static inline bool pvalid_page_ours(struct pvalid_held held, uint64_t gpa)
{
	return pvalid_byte(held) & PVALID_BYTE_DEED &&
	       deed_has(pvalid_chunk(held), gpa >> PAGE_SHIFT_4K & 511);
}

/* Is the page that holds gpa, in this region, validated? */
static inline bool pvalid_page(struct pvalid_held held, uint64_t gpa)
{
	if (pvalid_page_ours(held, gpa))
		return false;
	if (!(pvalid_byte(held) & PVALID_BYTE_BITS))
		return pvalid_byte(held) & PVALID_BYTE_ALL;
	return held.bits[pvalid_word(gpa)] & pvalid_mask(gpa);
}

/* Is any page of the region pinned? */
static inline bool pvalid_pinned(struct pvalid_held held)
{
	return pvalid_byte(held) & (PVALID_BYTE_PINS | PVALID_BYTE_DEED);
}

static inline bool pvalid_page_pinned(struct pvalid_held held, uint64_t gpa)
{
	if (pvalid_page_ours(held, gpa))
		return true;
	return pvalid_byte(held) & PVALID_BYTE_PINS &&
	       pvalid_pins(held)[pvalid_word(gpa)] & pvalid_mask(gpa);
}

enum err pvalid_bits_make(struct pvalid_held held);

/*
 * Makes sure that pvalid_page_flip() on pages of this region cannot fail; the
 * record itself does not change. ERR_NOMEM: one page more is needed; ERR_HOST.
 */
must_check static inline enum err pvalid_prepare(struct pvalid_held held)
{
	return pvalid_byte(held) & PVALID_BYTE_BITS ? OK
						    : pvalid_bits_make(held);
}

/* Slow parts of pvalid_page_flip(): all pages agree until now, or from now
 * on perhaps. */
void pvalid_spread(struct pvalid_held held);
void pvalid_fold(struct pvalid_held held);

/* After pvalid_prepare. The 4 KiB page changes its state. */
static inline void pvalid_page_flip(struct pvalid_held held, uint64_t gpa)
{
	uint64_t *word = &held.bits[pvalid_word(gpa)];

	if (!(pvalid_byte(held) & PVALID_BYTE_BITS))
		pvalid_spread(held);
	*word ^= pvalid_mask(gpa);
	if (*word == 0 || *word == ~0ull)
		pvalid_fold(held);
}

/* The whole region, without pins; needs no preparation. */
static inline void pvalid_region_set(struct pvalid_held held, bool valid)
{
	pvalid_byte_set(held, (uint8_t)~PVALID_BYTE_LOCK,
			valid ? PVALID_BYTE_ALL : 0);
}

/* One page. ERR_STATE: it is not validated; ERR_BUSY: pinned already;
 * ERR_NOMEM: one page more is needed; ERR_HOST. Then nothing has changed. */
must_check enum err pvalid_pin(struct pvalid_held held,
			       struct guest_range page);
void pvalid_unpin(struct pvalid_held held, struct guest_range page);
