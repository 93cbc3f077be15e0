/* SPDX-License-Identifier: MIT */
/*
 * kernel/mm/pvalid.h for proofs of what uses it: the record of one page, the
 * witness; every other page's may be anything at each look. That the real
 * record keeps its pages apart is kernel/mm/pvalid_proof.c's claim. Use with
 * `-Iproofs/fake/record` among a proof's flags.
 */
#pragma once

#include "kernel/mm/guestmem.h"
#include "kernel/mm/pvalidsize.h"
#include "proofs/fake/proof.h"

/* Deposits (kernel/mm/owned.c) mark the byte. */
#define PVALID_BYTE_DEED 16u

enum pvalid_state {
	PVALID_NONE,
	PVALID_ALL,
	PVALID_MIXED,
};

struct pvalid_held {
	uint8_t *byte;
};

struct proof_record {
	uint64_t gpa;	    /* the witness */
	uint32_t chunk;	    /* its region */
	bool valid, pinned; /* as recorded */
	bool ours;	    /* deposited */
	uint8_t locks;	    /* regions that are locked: never two */
	uint32_t locked;    /* the region that is */
	uint8_t byte;
};
extern struct proof_record proof_record;

static inline struct pvalid_held pvalid_lock_chunk(uint32_t chunk)
{
	__CPROVER_assert(!proof_record.locks, "one region at a time");
	proof_record.locks++;
	proof_record.locked = chunk;
	return (struct pvalid_held){ &proof_record.byte };
}

static inline struct pvalid_held pvalid_lock(struct guest_range pages)
{
	return pvalid_lock_chunk(pages.chunk);
}

static inline void pvalid_unlock(struct pvalid_held held)
{
	(void)held;
	__CPROVER_assert(proof_record.locks == 1, "locked");
	proof_record.locks--;
}

/* Deposits mark it; nothing here depends on the mark. */
static inline void pvalid_byte_set(struct pvalid_held held, uint8_t clear,
				   uint8_t set)
{
	__CPROVER_assert(proof_record.locks == 1, "locked");
	*held.byte = (uint8_t)((*held.byte & ~clear) | set);
}

/* Of the witness's region, which must be locked. */
static inline bool proof_record_is(uint64_t gpa)
{
	__CPROVER_assert(proof_record.locks == 1, "locked");
	return (gpa ^ proof_record.gpa) < PAGE_4K;
}

static inline uint32_t pvalid_chunk(struct pvalid_held held)
{
	(void)held;
	return proof_record.locked;
}

static inline bool pvalid_page(struct pvalid_held held, uint64_t gpa)
{
	(void)held;
	if (!proof_record_is(gpa))
		return nondet_bool();
	__CPROVER_assert(proof_record.locked == proof_record.chunk,
			 "its own region's lock");
	return proof_record.valid && !proof_record.ours;
}

static inline bool pvalid_page_pinned(struct pvalid_held held, uint64_t gpa)
{
	(void)held;
	return proof_record_is(gpa) ? proof_record.pinned || proof_record.ours
				    : nondet_bool();
}

static inline bool pvalid_pinned(struct pvalid_held held)
{
	(void)held;
	return nondet_bool() || proof_record.pinned || proof_record.ours;
}

/* Any that the witness does not contradict. */
static inline enum pvalid_state pvalid_region(struct pvalid_held held)
{
	(void)held;
	if (nondet_bool())
		return PVALID_MIXED;
	return proof_record.valid ? PVALID_ALL : PVALID_NONE;
}

must_check static inline enum err pvalid_prepare(struct pvalid_held held)
{
	(void)held;
	return nondet_bool() ? OK : ERR_NOMEM;
}

static inline void pvalid_page_flip(struct pvalid_held held, uint64_t gpa)
{
	(void)held;
	if (proof_record_is(gpa))
		proof_record.valid = !proof_record.valid;
}

static inline void pvalid_region_set(struct pvalid_held held, bool valid)
{
	(void)held;
	__CPROVER_assert(!proof_record.pinned && !proof_record.ours,
			 "without pins");
	proof_record.valid = valid;
}

must_check static inline enum err pvalid_pin(struct pvalid_held held,
					     struct guest_range page)
{
	if (pvalid_page_pinned(held, page.r.start.v))
		return ERR_BUSY;
	if (!pvalid_page(held, page.r.start.v))
		return ERR_STATE;
	if (nondet_bool())
		return ERR_NOMEM;
	if (proof_record_is(page.r.start.v))
		proof_record.pinned = true;
	return OK;
}

static inline void pvalid_unpin(struct pvalid_held held,
				struct guest_range page)
{
	(void)held;
	if (proof_record_is(page.r.start.v))
		proof_record.pinned = false;
}
