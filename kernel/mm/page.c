/* SPDX-License-Identifier: MIT */
/*
 * The page allocator. Region: one bit a page, and a mark below which every
 * page was validated; pages that came back are used again before fresh ones.
 * Deposited pages: a stack threaded through its members.
 */
#include "kernel/mm/page.h"

#include "hw/cpu.h"
#include "kernel/base/lock.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/mm/gate.h"
#include "kernel/mm/tmpmap.h"
#include "lib/str.h"

#define PAGE_MAX  65536u /* 256 MiB of our own is more than ever asked for */
#define PSC_BATCH 64u	 /* pages asked of the host at once */
#define POOL_LINK 1u	 /* marks the first word of a free deposited page */

static struct spinlock page_lock;
static uint64_t taken[PAGE_MAX / 64];
static struct pa base;
static uint32_t count;	  /* pages of the region */
static uint32_t fresh;	  /* first page that never was ours */
static uint32_t ready;	  /* first page that the host may still hold */
static uint32_t returned; /* free pages below fresh */
static uint32_t hint;	  /* no free page below this one */
static uint32_t in_use;

/* Deposited pages. A free one is zero but for the link in its first word. */
static struct {
	struct pa top; /* 0: none is free */
	uint32_t free;
} pool;

uint8_t page_offer;

void page_grow(uint64_t size)
{
	uint64_t pages = size / PAGE_4K;
	uint32_t n = pages < PAGE_MAX ? (uint32_t)pages : PAGE_MAX;

	ASSERT(n >= count);
	count = n;
}

void page_init(struct pa_range region, uint64_t used, uint64_t private_end)
{
	page_lock = (struct spinlock){ 0 };
	memset(taken, 0, sizeof(taken));
	base = region.start;
	count = 0;
	page_grow(region.size);
	fresh = (uint32_t)(used / PAGE_4K);
	ready = (uint32_t)(private_end / PAGE_4K);
	ASSERT(fresh <= ready && ready <= count);
	returned = 0;
	in_use = 0;
	hint = fresh;
	pool.top.v = 0;
	pool.free = 0;
	__atomic_store_n(&page_offer, 0, __ATOMIC_RELAXED);
}

static uint32_t region_free(void)
{
	return returned + (count - fresh);
}

/* What the reserve lacks stays back, or no deposit could be recorded. */
static uint32_t withdrawable(void)
{
	uint32_t own = region_free();
	uint32_t back = own < PAGE_RESERVE ? PAGE_RESERVE - own : 0;

	return pool.free > back ? pool.free - back : 0;
}

static void offer_note(void)
{
	__atomic_store_n(&page_offer, withdrawable() != 0, __ATOMIC_RELAXED);
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

static enum err region_take(struct pa *out)
{
	uint32_t index = 0;
	enum err e = OK;

	if (returned)
		index = take_returned();
	else
		e = take_fresh(&index);
	if (e == OK)
		*out = page_pa(index);
	return e;
}

static void pool_push(struct pa page)
{
	struct tmpmap map = tmpmap_4k(page, KMAP_WRITE);

	*(uint64_t *)map.va = pool.top.v | POOL_LINK;
	tmpmap_drop(map);
	pool.top = page;
	pool.free++;
}

static struct pa pool_pop(void)
{
	struct pa page = pool.top;
	struct tmpmap map = tmpmap_4k(page, KMAP_WRITE);
	uint64_t link = *(uint64_t *)map.va;

	/* Anything else: somebody wrote to a page that was free. */
	ASSERT(pool.free && (link & (PAGE_4K - 1)) == POOL_LINK);
	*(uint64_t *)map.va = 0;
	tmpmap_drop(map);
	pool.top.v = link - POOL_LINK;
	pool.free--;
	return page;
}

/* Our own pages first, so that the guest can have its own back; but the last
 * of ours after all others: they are the best reserve. */
static enum err take_locked(uint32_t keep, struct pa *out)
{
	uint32_t own = region_free();
	enum err e = ERR_NOMEM;

	if (own + pool.free <= keep)
		return ERR_NOMEM;
	if (own > PAGE_RESERVE || !pool.free)
		e = region_take(out);
	if (e != OK && pool.free) {
		*out = pool_pop();
		e = OK;
	}
	return e;
}

enum err page_take(struct pa *out)
{
	uint32_t keep = percpu_this()->page_reserve ? 0 : PAGE_RESERVE;
	enum err e;

	if (!gate_page())
		return ERR_NOMEM;
	spin_lock(&page_lock);
	e = take_locked(keep, out);
	if (e == OK)
		in_use++;
	offer_note();
	spin_unlock(&page_lock);
	return e;
}

enum err page_take_for_vmsa(struct pa *out)
{
	struct pa first;
	enum err e = page_take(&first);

	if (e != OK || !addr_aligned(first.v, PAGE_2M)) {
		*out = first;
		return e;
	}
	/* Held meanwhile, or it would come again. */
	e = page_take(out);
	page_give(first);
	return e;
}

static bool in_region(struct pa page)
{
	return page.v >= base.v && page.v - base.v < count * PAGE_4K;
}

/* A page of the region must be taken; anything else is a bug of ours. */
static void taken_check(struct pa page)
{
	uint64_t index = (page.v - base.v) / PAGE_4K;

	ASSERT(addr_aligned(page.v, PAGE_4K) && in_use);
	ASSERT(!in_region(page) ||
	       (index < fresh && taken[index / 64] >> index % 64 & 1));
}

static void region_give(struct pa page)
{
	uint32_t index = (uint32_t)((page.v - base.v) / PAGE_4K);

	mark(index, false);
	if (index < hint)
		hint = index;
	returned++;
}

void page_give(struct pa page)
{
	struct tmpmap map;

	/* Ours and taken? Before that is known nothing may be wiped. */
	spin_lock(&page_lock);
	taken_check(page);
	spin_unlock(&page_lock);
	map = tmpmap_4k(page, KMAP_WRITE);
	hw_rep_stosq(map.va, 0, PAGE_4K / 8);
	tmpmap_drop(map);
	spin_lock(&page_lock);
	if (in_region(page))
		region_give(page);
	else
		pool_push(page);
	in_use--;
	offer_note();
	spin_unlock(&page_lock);
}

void page_lose(struct pa page)
{
	spin_lock(&page_lock);
	taken_check(page);
	in_use--;
	spin_unlock(&page_lock);
}

void page_deposit(struct pa page)
{
	ASSERT(addr_aligned(page.v, PAGE_4K) && !in_region(page));
	spin_lock(&page_lock);
	pool_push(page);
	offer_note();
	spin_unlock(&page_lock);
}

bool page_withdraw(struct pa *out)
{
	bool some;

	spin_lock(&page_lock);
	some = withdrawable() != 0;
	if (some)
		*out = pool_pop();
	offer_note();
	spin_unlock(&page_lock);
	return some;
}

void page_reserve_open(void)
{
	percpu_this()->page_reserve = true;
}

void page_reserve_close(void)
{
	percpu_this()->page_reserve = false;
}

uint32_t page_reserve_lacks(void)
{
	uint32_t left = region_free() + pool.free;

	return left < PAGE_RESERVE ? PAGE_RESERVE - left : 0;
}

uint64_t page_count_taken(void)
{
	return in_use;
}

uint64_t page_count_free(void)
{
	return region_free() + pool.free;
}
