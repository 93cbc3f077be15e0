/* SPDX-License-Identifier: MIT */
/*
 * kernel/mm/page.c from the inside: any state of a small region and pool that
 * its functions leave behind (the sound ones), and the host below. To be
 * included by a proof, once.
 */
#pragma once

#include "proofs/fake/clear/hw/cpu.h"
#include "proofs/fake/short/kernel/mm/page.h"
/* First: the source includes the plain ones. */
#include "kernel/mm/page.c"

#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"

#define PAGES BOUND /* of the region */
#define POOL  2u    /* deposited, behind it */
#define ALL   (PAGES + POOL)

static struct percpu cpu;
static struct pa start;
static uint64_t first_word[ALL];
static bool zero[ALL], /* but for the first word */
	valid[ALL], free_page[ALL];
static unsigned int windows;
void *proof_gs;
const struct platform_ops *platform;

/* Of an address: number of its page. */
static uint32_t number(struct pa pa)
{
	uint64_t n = (pa.v - start.v) / PAGE_4K;

	__CPROVER_assert(n < ALL && addr_aligned(pa.v, PAGE_4K), "a page");
	return (uint32_t)n;
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	__CPROVER_assert(use == KMAP_WRITE && !windows, "one window");
	windows++;
	return (struct tmpmap){ &first_word[number(pa)], PAGE_SIZE_4K };
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
	windows--;
}

void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords)
{
	uint64_t *word = to;

	__CPROVER_assert(!value && qwords == PAGE_4K / 8, "a page");
	__CPROVER_assert(valid[word - first_word], "accepted before");
	*word = 0;
	zero[word - first_word] = true;
}

/* Success or not; no change means that the host plays with two pages. */
static enum page_result validate(void *va, enum page_size size, bool on)
{
	uint32_t n = (uint32_t)((uint64_t *)va - first_word);

	__CPROVER_assert(on && size == PAGE_SIZE_4K && n < count, "of ours");
	__CPROVER_assert(!valid[n], "never validated twice");
	if (nondet_bool())
		return nondet_bool() ? PAGE_NO_CHANGE : PAGE_FAIL_INPUT;
	valid[n] = true;
	first_word[n] = nondet_u64(); /* the host's contents */
	zero[n] = false;
	return PAGE_OK;
}

static enum err state_change(struct pa_range pages, enum page_state to)
{
	__CPROVER_assert(pages.size && to == PAGE_PRIVATE &&
				 pages.start.v == page_pa(ready).v &&
				 pages.size <= (count - ready) * PAGE_4K,
			 "pages of ours that the host holds");
	return nondet_bool() ? OK : ERR_HOST;
}

static bool is_taken(uint32_t n)
{
	return taken[n / 64] >> n % 64 & 1;
}

/* The region: what was never ours is not marked, nothing free lies below the
 * hint, the free ones are counted, valid and zero. */
static bool region_sound(void)
{
	uint32_t back = 0;

	for (uint32_t n = 0; n < PAGES; n++) {
		bool is_free = n < fresh && !is_taken(n);

		if ((n >= fresh || n >= count) && is_taken(n))
			return false;
		if (is_free &&
		    (n < hint || !valid[n] || !zero[n] || first_word[n]))
			return false;
		if (n >= fresh && valid[n])
			return false;
		free_page[n] = is_free;
		back += is_free;
	}
	return fresh <= ready && ready <= count && count <= PAGES &&
	       back == returned && hint <= fresh && !(taken[0] >> PAGES);
}

/* The pool: a chain of as many as it says, zero but for the links. */
static bool pool_sound(void)
{
	uint64_t at = pool.top.v;
	uint32_t n = 0;

	for (uint32_t i = PAGES; i < ALL; i++)
		free_page[i] = false;
	for (; at && n < POOL; n++) {
		uint64_t i = (at - start.v) / PAGE_4K;

		if (!addr_aligned(at, PAGE_4K) || i < PAGES || i >= ALL ||
		    free_page[i] || !valid[i] || !zero[i] ||
		    (first_word[i] & (PAGE_4K - 1)) != POOL_LINK)
			return false;
		free_page[i] = true;
		at = first_word[i] - POOL_LINK;
	}
	return !at && n == pool.free;
}

static void state_any(void)
{
	start.v = (1 + any_upto(1u << 20)) * PAGE_4K;
	base = start;
	taken[0] = nondet_u64();
	count = nondet_u32();
	fresh = nondet_u32();
	ready = nondet_u32();
	returned = nondet_u32();
	hint = nondet_u32();
	in_use = nondet_u32();
	pool.top.v = nondet_u64();
	pool.free = nondet_u32();
	ANY(first_word);
	ANY(zero);
	ANY(valid);
	__CPROVER_assume(region_sound() && pool_sound());
	__CPROVER_assume(in_use < 1u << 30);
	cpu.page_reserve = nondet_bool();
}

static bool was_free[ALL];

static inline void begin(void)
{
	static const struct platform_ops ops = { .page_validate = validate,
						 .page_state = state_change };

	platform = &ops;
	proof_gs = &cpu;
	state_any();
	for (uint32_t n = 0; n < ALL; n++)
		was_free[n] = free_page[n];
}

/* What holds after any call that did not panic. */
static inline bool well(void)
{
	bool region = region_sound(), chain = pool_sound();

	return region && chain && !windows && !proof_locks &&
	       page_offer == (withdrawable() != 0);
}
