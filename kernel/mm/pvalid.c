/* SPDX-License-Identifier: MIT */
/* Validation state: its memory, regions that become mixed or even, pins. */
#include "kernel/mm/pvalid.h"

#include "kernel/base/lock.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"

_Static_assert((uint64_t)PVALID_CHUNKS_MAX *PVALID_REGION_WORDS * 8 ==
		       PVALID_VA_SIZE,
	       "the arrays fill their addresses");
_Static_assert(PVALID_PINS_VA == PVALID_BITS_VA + PVALID_VA_SIZE,
	       "one page directory serves both arrays");

enum array {
	BITS,
	PINS,
};

sealed uint8_t *pvalid_bytes;
/* One bit for each page of an array: is it mapped? Behind the bytes. */
sealed static uint64_t *mapped[PVALID_ARRAYS];
static struct spinlock grow_lock;

static char *array_at(enum array which)
{
	return (char *)pvalidva_bits() + (which == BITS ? 0 : PVALID_VA_SIZE);
}

/* With these a request needs one page at a time and never a table. */
static enum err tables_make(enum array which, uint64_t groups)
{
	enum err e = OK;
	uint64_t group;

	for (group = 0; group < groups && e == OK; group += PVALID_TABLE_PAGES)
		e = kmap_tables(array_at(which) + group * PAGE_4K);
	return e;
}

enum err pvalid_init(void)
{
	uint32_t chunks = memmap_chunks();
	uint64_t words = pvalid_map_words(chunks);
	enum err e;
	void *p;

	if (chunks > PVALID_CHUNKS_MAX)
		return ERR_RANGE;
	grow_lock = (struct spinlock){ 0 };
	e = heap_pages(pvalid_level_one(chunks), &p);
	if (e != OK)
		return e;
	pvalid_bytes = p;
	mapped[BITS] = (uint64_t *)p + pvalid_parts(chunks, 8);
	mapped[PINS] = mapped[BITS] + words;
	e = tables_make(BITS, pvalid_groups(chunks));
	return e == OK ? tables_make(PINS, pvalid_groups(chunks)) : e;
}

static enum err page_map(enum array which, uint32_t group)
{
	struct pa pa;
	enum err e = page_take(&pa);

	if (e != OK)
		return e;
	e = kmap_page(array_at(which) + group * PAGE_4K, pa, KMAP_WRITE);
	if (e != OK)
		page_give(pa);
	return e;
}

/* Maps the array's page for this region, if it is not there yet. */
static enum err array_make(enum array which, struct pvalid_held held)
{
	uint32_t group = pvalid_chunk(held) / PVALID_GROUP_REGIONS;
	uint64_t *map = &mapped[which][group / 64];
	uint64_t bit = 1ull << group % 64;
	enum err e = OK;

	if (__atomic_load_n(map, __ATOMIC_ACQUIRE) & bit)
		return OK;
	/* Another region of the group may want the same page. */
	spin_lock(&grow_lock);
	if (!(*map & bit)) {
		e = page_map(which, group);
		if (e == OK)
			__atomic_store_n(map, *map | bit, __ATOMIC_RELEASE);
	}
	spin_unlock(&grow_lock);
	return e;
}

enum err pvalid_bits_make(struct pvalid_held held)
{
	return array_make(BITS, held);
}

/* The words may hold anything: the region may have been mixed before. */
void pvalid_spread(struct pvalid_held held)
{
	uint64_t same = pvalid_byte(held) & PVALID_BYTE_ALL ? ~0ull : 0;
	unsigned int i;

	for (i = 0; i < PVALID_REGION_WORDS; i++)
		held.bits[i] = same;
	pvalid_byte_set(held, PVALID_BYTE_ALL, PVALID_BYTE_BITS);
}

static bool words_all(const uint64_t *word, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < PVALID_REGION_WORDS; i++)
		if (word[i] != value)
			return false;
	return true;
}

void pvalid_fold(struct pvalid_held held)
{
	if (words_all(held.bits, 0))
		pvalid_byte_set(held, PVALID_BYTE_BITS, 0);
	else if (words_all(held.bits, ~0ull))
		pvalid_byte_set(held, PVALID_BYTE_BITS, PVALID_BYTE_ALL);
}

/* The first pin of a region finds its words clean: pages come zeroed, and
 * the last pin leaves nothing. */
enum err pvalid_pin(struct pvalid_held held, struct guest_range page)
{
	uint64_t gpa = page.r.start.v;
	enum err e;

	ASSERT(page.r.size == PAGE_4K);
	if (pvalid_page_pinned(held, gpa))
		return ERR_BUSY;
	if (!pvalid_page(held, gpa))
		return ERR_STATE;
	e = array_make(PINS, held);
	if (e != OK)
		return e;
	pvalid_pins(held)[pvalid_word(gpa)] |= pvalid_mask(gpa);
	pvalid_byte_set(held, 0, PVALID_BYTE_PINS);
	return OK;
}

void pvalid_unpin(struct pvalid_held held, struct guest_range page)
{
	uint64_t gpa = page.r.start.v;

	ASSERT(page.r.size == PAGE_4K && pvalid_page_pinned(held, gpa));
	pvalid_pins(held)[pvalid_word(gpa)] &= ~pvalid_mask(gpa);
	if (words_all(pvalid_pins(held), 0))
		pvalid_byte_set(held, PVALID_BYTE_PINS, 0);
}
