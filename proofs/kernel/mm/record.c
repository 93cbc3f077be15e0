/* SPDX-License-Identifier: MIT */
/* See record.h. */
#include "proofs/kernel/mm/record.h"

#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "proofs/fake/proof.h"

uint64_t proof_record[2 * PROOF_REGIONS * PVALID_REGION_WORDS];
static uint64_t level_one[4]; /* bytes, and a word for each array's map */

enum err heap_pages(size_t bytes, void **out)
{
	__CPROVER_assert(bytes <= sizeof(level_one), "as the header says");
	*out = level_one;
	return OK;
}

uint32_t memmap_chunks(void)
{
	return PROOF_REGIONS;
}

enum err kmap_tables(void *va)
{
	(void)va;
	return OK;
}

enum err page_take(struct pa *out)
{
	out->v = nondet_u64();
	return nondet_bool() ? OK : ERR_NOMEM;
}

void page_give(struct pa page)
{
	(void)page;
}

/* Each page of the arrays comes once: a second mapping would hide the first
 * one's record. */
enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	static bool there[2];
	unsigned int which = va != proof_record;

	(void)pa;
	__CPROVER_assert(!there[which] && use == KMAP_WRITE, "mapped once");
	__CPROVER_assert(va == (char *)proof_record + which * PVALID_VA_SIZE,
			 "mapped in its place");
	if (nondet_bool())
		return ERR_NOMEM;
	there[which] = true;
	return OK;
}

bool deed_has(uint32_t chunk, uint64_t page)
{
	(void)chunk;
	(void)page;
	return false;
}

static bool words_are(const uint64_t *word, uint64_t value)
{
	for (unsigned int i = 0; i < PVALID_REGION_WORDS; i++)
		if (word[i] != value)
			return false;
	return true;
}

bool record_sound(struct pvalid_held held)
{
	const uint8_t all = PVALID_BYTE_LOCK | PVALID_BYTE_ALL |
			    PVALID_BYTE_BITS | PVALID_BYTE_PINS;
	bool mixed = *held.byte & PVALID_BYTE_BITS;
	bool even = words_are(held.bits, 0) || words_are(held.bits, ~0ull);
	bool pins = *held.byte & PVALID_BYTE_PINS;

	return !(mixed && (even || *held.byte & PVALID_BYTE_ALL)) &&
	       pins == !words_are(pvalid_pins(held), 0) &&
	       *held.byte & PVALID_BYTE_LOCK && !(*held.byte & ~all);
}

struct pvalid_held record_any(void)
{
	struct pvalid_held held = { NULL, proof_record };
	enum err e = pvalid_init();

	__CPROVER_assume(e == OK);
	held.byte = pvalid_bytes;
	*held.byte = nondet_u8();
	for (unsigned int i = 0; i < PVALID_REGION_WORDS; i++) {
		held.bits[i] = nondet_u64();
		pvalid_pins(held)[i] = nondet_u64();
	}
	__CPROVER_assume(record_sound(held));
	return held;
}

uint64_t record_gpa(void)
{
	return any_upto(511) * PAGE_4K;
}
