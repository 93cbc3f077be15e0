/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: one bit a page, and a mark below which every page was
 * validated. Pages that came back are used again before fresh ones.
 */
#include "kernel/mm/page.h"

#include "hw/cpu.h"
#include "kernel/base/lock.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/mm/tmpmap.h"
#include "lib/str.h"

#define PAGE_MAX  65536u /* 256 MiB of our own is more than ever asked for */
#define PSC_BATCH 64u	 /* pages asked of the host at once */

static struct spinlock page_lock;
static uint64_t taken[PAGE_MAX / 64];
static struct pa base;
static uint32_t count;	  /* pages of the region */
static uint32_t fresh;	  /* first page that never was ours */
static uint32_t ready;	  /* first page that the host may still hold */
static uint32_t returned; /* free pages below fresh */
static uint32_t hint;	  /* no free page below this one */
static uint32_t in_use;

void page_init(struct pa_range region, uint64_t used, uint64_t private_end)
{
	uint64_t pages = region.size / PAGE_4K;

	page_lock = (struct spinlock){ 0 };
	memset(taken, 0, sizeof(taken));
	base = region.start;
	count = pages < PAGE_MAX ? (uint32_t)pages : PAGE_MAX;
	fresh = (uint32_t)(used / PAGE_4K);
	ready = (uint32_t)(private_end / PAGE_4K);
	ASSERT(fresh <= ready && ready <= count);
	returned = 0;
	in_use = 0;
	hint = fresh;
}

static struct pa page_pa(uint32_t index)
{
	return pa_add(base, index * PAGE_4K);
}

static void mark(uint32_t index, bool on)
{
	if (on)
		taken[index / 64] |= 1ull << index % 64;
	else
		taken[index / 64] &= ~(1ull << index % 64);
}

/* Lets the host turn the next pages private; its word is checked by the
 * validation that follows. */
static enum err ready_more(void)
{
	uint32_t n = count - ready < PSC_BATCH ? count - ready : PSC_BATCH;
	struct pa_range next = { page_pa(ready), n * PAGE_4K };
	enum err e = platform->page_state(next, PAGE_PRIVATE);

	if (e == OK)
		ready += n;
	return e;
}

/* A fresh page has contents of the host's choice: accept, then clear. */
static enum err page_accept(struct pa pa)
{
	struct tmpmap map = tmpmap_4k(pa, KMAP_WRITE);
	enum page_result r =
		platform->page_validate(map.va, PAGE_SIZE_4K, true);

	/* Validated before we did it: the host plays two pages against us. */
	if (r == PAGE_NO_CHANGE)
		panic("page %lx was valid before its time", pa.v);
	if (r == PAGE_OK)
		hw_rep_stosq(map.va, 0, PAGE_4K / 8);
	tmpmap_drop(map);
	return r == PAGE_OK ? OK : ERR_HOST;
}

static enum err take_fresh(uint32_t *index)
{
	enum err e;

	if (fresh >= count)
		return ERR_NOMEM;
	if (fresh == ready) {
		e = ready_more();
		if (e != OK)
			return e;
	}
	*index = fresh++;
	e = page_accept(page_pa(*index));
	/* A page that failed is left behind, marked as taken. */
	mark(*index, true);
	return e;
}

static uint32_t take_returned(void)
{
	uint32_t word = hint / 64;
	uint64_t free_bits = ~taken[word] & (~0ull << hint % 64);
	uint32_t index;

	while (free_bits == 0)
		free_bits = ~taken[++word];
	index = word * 64 + (uint32_t)__builtin_ctzll(free_bits);
	ASSERT(index < fresh);
	returned--;
	hint = index + 1;
	mark(index, true);
	return index;
}

enum err page_take(struct pa *out)
{
	uint32_t index = 0;
	enum err e = OK;

	spin_lock(&page_lock);
	if (returned)
		index = take_returned();
	else
		e = take_fresh(&index);
	if (e == OK) {
		in_use++;
		*out = page_pa(index);
	}
	spin_unlock(&page_lock);
	return e;
}

/* Index of a page that was taken; anything else is a bug of ours. */
static uint32_t index_of(struct pa page)
{
	uint64_t index = (page.v - base.v) / PAGE_4K;

	ASSERT(page.v >= base.v && addr_aligned(page.v, PAGE_4K) &&
	       index < fresh && taken[index / 64] >> index % 64 & 1);
	return (uint32_t)index;
}

void page_give(struct pa page)
{
	struct tmpmap map;
	uint32_t index;

	/* Ours and taken? Before that is known nothing may be wiped. */
	spin_lock(&page_lock);
	index = index_of(page);
	spin_unlock(&page_lock);
	map = tmpmap_4k(page, KMAP_WRITE);
	hw_rep_stosq(map.va, 0, PAGE_4K / 8);
	tmpmap_drop(map);
	spin_lock(&page_lock);
	mark(index, false);
	if (index < hint)
		hint = index;
	returned++;
	in_use--;
	spin_unlock(&page_lock);
}

void page_lose(struct pa page)
{
	spin_lock(&page_lock);
	(void)index_of(page);
	in_use--;
	spin_unlock(&page_lock);
}

uint64_t page_count_taken(void)
{
	return in_use;
}

uint64_t page_count_free(void)
{
	return returned + (count - fresh);
}
