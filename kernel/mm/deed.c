/* SPDX-License-Identifier: MIT */
/*
 * A hash table of regions. Chains are short unless a guest deposits from very
 * many regions; who spreads deposits to make them long slows itself down. A
 * deed's pages are guarded by its region's lock, the chains by their own.
 */
#include "kernel/mm/deed.h"

#include "kernel/base/lock.h"
#include "kernel/base/panic.h"
#include "kernel/mm/heap.h"
#include "lib/bitmap.h"
#include "lib/str.h"

#define CHAINS	     512u
#define REGION_PAGES 512u

struct deed {
	struct deed *next;
	uint32_t chunk;
	uint32_t count; /* of pages */
	uint64_t pages[BITMAP_WORDS(REGION_PAGES)];
};

static struct spinlock deed_lock;
static struct deed *chains[CHAINS];

void deed_init(void)
{
	deed_lock = (struct spinlock){ 0 };
	memset(chains, 0, sizeof(chains));
}

/* Where the pointer to the region's deed is, or would be. */
static struct deed **place_of(uint32_t chunk)
{
	struct deed **at = &chains[chunk % CHAINS];

	while (*at && (*at)->chunk != chunk)
		at = &(*at)->next;
	return at;
}

/* It stays: only who holds the region's lock removes it. */
static struct deed *deed_find(uint32_t chunk)
{
	struct deed *d;

	spin_lock(&deed_lock);
	d = *place_of(chunk);
	spin_unlock(&deed_lock);
	return d;
}

enum err deed_prepare(uint32_t chunk)
{
	struct deed **chain = &chains[chunk % CHAINS];
	struct deed *d;
	enum err e;
	void *p;

	if (deed_find(chunk))
		return OK;
	e = heap_take(sizeof(*d), &p);
	if (e != OK)
		return e;
	d = p;
	d->chunk = chunk;
	spin_lock(&deed_lock);
	d->next = *chain;
	*chain = d;
	spin_unlock(&deed_lock);
	return OK;
}

bool deed_has(uint32_t chunk, uint64_t page)
{
	const struct deed *d = deed_find(chunk);

	return d && bitmap_test(d->pages, page);
}

void deed_add(uint32_t chunk, uint64_t first, uint64_t count)
{
	struct deed *d = deed_find(chunk);

	ASSERT(d && bitmap_all_clear(d->pages, first, count));
	bitmap_set_range(d->pages, first, count);
	d->count += (uint32_t)count;
}

static void deed_remove(struct deed *d)
{
	struct deed **at;

	spin_lock(&deed_lock);
	at = place_of(d->chunk);
	*at = d->next;
	spin_unlock(&deed_lock);
	heap_give(d, sizeof(*d));
}

bool deed_drop(uint32_t chunk, uint64_t first, uint64_t count)
{
	struct deed *d = deed_find(chunk);

	ASSERT(d && bitmap_all_set(d->pages, first, count));
	bitmap_clear_range(d->pages, first, count);
	d->count -= (uint32_t)count;
	if (d->count)
		return false;
	deed_remove(d);
	return true;
}
