/* SPDX-License-Identifier: MIT */
/*
 * kernel/mm/heap.c from the inside: any state of a small heap that its
 * functions leave behind (the sound ones), and the pages below. To be
 * included by a proof, once.
 */
#pragma once

/* With the headers of proofs/fake/slab, by the proof's flags. */
#include "kernel/mm/heap.c"

#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/heap_below.h"

#define PAGES  2u
#define KINDS  2u  /* of objects: 16 and 32 bytes */
#define UNIT   16u /* bytes; each object is one of them or more */
#define MOST   ((unsigned int)(PAGE_4K - 32) / UNIT) /* in a page */
#define HEAD   ((unsigned int)(sizeof(struct slab) / sizeof(uint16_t)))
#define WORDS  ((unsigned int)(PAGE_4K / sizeof(uint16_t)) - HEAD)
#define TABLE  1u /* uses of a page, besides none: */
#define SPARE  2u
#define LISTED 3u /* and one more: in the list of objects of 16, 32 */
#define FULL   (LISTED + KINDS)

struct page {
	struct slab slab;
	uint16_t rest[WORDS];
};

static _Alignas(PAGE_4K) struct page first, second;
/* Objects of their own, which cbmc keeps apart at less cost than the parts of
 * an array. Nothing but heap_next goes from one page to the next. */
static struct page *const page[PAGES] = { &first, &second };
static unsigned int mapped; /* pages of the heap's addresses */
static bool room; /* for one more page at least, which is page[mapped] */
static bool table[PAGES]; /* given out by heap_pages */
static unsigned int use[PAGES];
static uint8_t unused[PAGES]; /* a bit for the start of each free object */
int64_t proof_heap_count;
/* Any one place of the pages, behind the head: what holds there holds all
 * over the page. Links are followed everywhere. */
static unsigned int place;

/* page_take's page is zero, and so are all of ours that are not mapped. */
enum err kmap_page(void *va, struct pa pa, enum kmap_use kind)
{
	__CPROVER_assert(below.v && pa.v == below.v, "a page that was taken");
	__CPROVER_assert(kind == KMAP_WRITE && room && va == heap_next,
			 "the next address");
	if (nondet_bool())
		return ERR_NOMEM;
	below.v = 0;
	mapped++;
	room = false;
	return OK;
}

/* proofs/fake/slab/lib/addr.h: as the real one finds it. */
uint64_t proof_addr_down(uint64_t v, uint64_t align);
uint64_t proof_addr_down(uint64_t v, uint64_t align)
{
	uint64_t start = (uint64_t)&second;

	if (v - (uint64_t)&first < PAGE_4K)
		start = (uint64_t)&first;
	__CPROVER_assert((addr_down)(v, align) == start, "in a page");
	return start;
}

static void page_wipe(struct page *p, unsigned int at, unsigned int size)
{
	if (size == PAGE_4K)
		*p = (struct page){ 0 };
	for (unsigned int i = 0; i < WORDS; i++) {
		unsigned int at_word = (HEAD + i) * sizeof(uint16_t);

		if (at_word >= at && at_word - at < size)
			p->rest[i] = 0;
	}
}

/* The heap wipes whole objects and pages, and no heads alone. */
void *memset(void *to, int byte, size_t size)
{
	for (unsigned int n = 0; n < PAGES; n++) {
		uint64_t at = (uint64_t)to - (uint64_t)page[n];

		if (at >= PAGE_4K)
			continue;
		__CPROVER_assert(!byte && size <= PAGE_4K - at &&
					 (at >= sizeof(struct slab) ||
					  size == PAGE_4K),
				 "an object or a page");
		page_wipe(page[n], (unsigned int)at, (unsigned int)size);
		return to;
	}
	__CPROVER_assert(false, "in a page");
	return to;
}

static unsigned int most(unsigned int shift)
{
	return shift == 4 ? MOST : MOST / 2;
}

/* An object of that size starts there. */
static bool starts(unsigned int shift, unsigned int at)
{
	return at >= 32 && at < PAGE_4K && at % (shift == 4 ? 16 : 32) == 0;
}

/* A list's pages are mapped and in no other; marks them. */
static bool list_sound(struct slab *s, unsigned int what)
{
	struct slab *before = NULL;

	for (unsigned int i = 0; i <= PAGES && s; i++) {
		unsigned int n = s == &page[1]->slab;

		if (n >= mapped || use[n] ||
		    (what != SPARE && s->prev != before))
			return false;
		use[n] = what;
		before = s;
		s = s->next;
	}
	return true;
}

/* Free objects: each once, as many as are not used. */
static bool chain_sound(unsigned int n)
{
	const struct slab *s = &page[n]->slab;
	unsigned int i, at = s->free;
	uint16_t links[PAGE_4K / UNIT] = { 0 };

	for (i = 2; i < PAGE_4K / UNIT; i++)
		links[i] = page[n]->rest[i * UNIT / 2 - HEAD];
	for (i = 0; i < MOST && at; i++) {
		if (!starts(s->shift, at) || unused[n] >> at / UNIT & 1)
			return false;
		unused[n] |= (uint8_t)(1u << at / UNIT);
		at = links[at / UNIT];
	}
	return !at && s->used && i + s->used == most(s->shift);
}

/* The two bytes at the place that is looked at. */
static uint16_t word(unsigned int n)
{
	return page[n]->rest[place];
}

/* Bytes that are nobody's are zero, but for the links. */
static bool clean(unsigned int n)
{
	unsigned int start = (HEAD + place) * 2;
	unsigned int at = start & ~((1u << page[n]->slab.shift) - 1);

	if (!starts(page[n]->slab.shift, at))
		return !word(n);
	return !(unused[n] >> at / UNIT & 1) || at == start || !word(n);
}

static bool links_zero(unsigned int n)
{
	uint16_t all = 0;

	for (unsigned int at = 32; at < PAGE_4K; at += UNIT)
		all |= page[n]->rest[at / 2 - HEAD];
	return !all;
}

static bool empty(unsigned int n)
{
	const struct slab *s = &page[n]->slab;

	return !s->prev && !s->free && !s->used && !s->shift && !s->listed &&
	       !word(n) && links_zero(n);
}

static bool slab_sound(unsigned int n)
{
	const struct slab *s = &page[n]->slab;

	if (!use[n])
		use[n] = FULL;
	return s->shift >= 4 && s->shift < 4 + KINDS &&
	       (use[n] == FULL || use[n] == LISTED + s->shift - 4u) &&
	       s->listed == (use[n] != FULL) && s->listed == (s->free != 0) &&
	       chain_sound(n) && clean(n);
}

static bool page_sound(unsigned int n)
{
	unused[n] = 0;
	if (n >= mapped)
		return !table[n] && !page[n]->slab.next && empty(n);
	if (table[n])
		return !use[n];
	return use[n] == SPARE ? empty(n) : slab_sound(n);
}

static bool sound(void)
{
	int64_t count = 0;

	for (unsigned int n = 0; n < PAGES; n++)
		use[n] = 0;
	if (!list_sound(spare, SPARE))
		return false;
	for (unsigned int c = 0; c < KINDS; c++)
		if (!list_sound(partial[c], LISTED + c))
			return false;
	for (unsigned int n = 0; n < PAGES; n++) {
		if (!page_sound(n))
			return false;
		count += use[n] > SPARE ? page[n]->slab.used : 0;
	}
	return count == proof_heap_count;
}

/* Any link: of those that cbmc has to look at. */
static struct slab *link_any(void)
{
	if (nondet_bool())
		return NULL;
	return nondet_bool() ? &page[0]->slab : &page[1]->slab;
}

static void page_any(struct page *p)
{
	for (unsigned int i = 0; i < WORDS; i++)
		p->rest[i] = nondet_u16();
	p->slab = (struct slab){ .next = link_any(),
				 .prev = link_any(),
				 .free = nondet_u16(),
				 .used = nondet_u16(),
				 .shift = nondet_u16(),
				 .listed = nondet_bool() };
}

static void state_any(void)
{
	for (unsigned int n = 0; n < PAGES; n++) {
		page_any(page[n]);
		table[n] = nondet_bool();
	}
	for (unsigned int c = 0; c < KINDS; c++)
		partial[c] = link_any();
	spare = link_any();
	mapped = (unsigned int)any_upto(PAGES);
	room = mapped < PAGES && nondet_bool();
	heap_next = mapped ? (char *)&second : (char *)&first;
	heap_end = heap_next + (room ? PAGE_4K : 0);
	proof_heap_count = (int64_t)nondet_u64();
	__CPROVER_assume(sound());
}

/* An object, or a table's page, that somebody has. */
struct live {
	unsigned int page, at, size;
};

static struct live witness; /* any that has the place in it */
static uint16_t value;
static struct slab value_head; /* of a table: bytes like others */

static bool lives(struct live o)
{
	unsigned int n = o.page;

	if (n >= mapped || use[n] == SPARE)
		return false;
	if (table[n])
		return !o.at && o.size == PAGE_4K;
	return o.size == 1u << page[n]->slab.shift &&
	       starts(page[n]->slab.shift, o.at) &&
	       !(unused[n] >> o.at / UNIT & 1);
}

static struct live live_any(void)
{
	struct live o = { (unsigned int)any_upto(PAGES - 1), nondet_u32(),
			  nondet_u32() };

	__CPROVER_assume(lives(o));
	return o;
}

static inline bool apart(struct live a, struct live b)
{
	return a.page != b.page || a.at + a.size <= b.at ||
	       b.at + b.size <= a.at;
}

static bool has_place(struct live o)
{
	unsigned int at = (HEAD + place) * 2;

	return at >= o.at && at - o.at < o.size;
}

/* False: nobody has anything yet, or it is not looked at. */
static inline bool begin(void)
{
	place = (unsigned int)any_upto(WORDS - 1);
	state_any();
	if (nondet_bool())
		return false;
	witness = live_any();
	__CPROVER_assume(has_place(witness));
	value = witness.page ? word(1) : word(0);
	value_head = witness.page ? page[1]->slab : page[0]->slab;
	return true;
}

/* What holds after any call that did not panic. */
static inline bool well(void)
{
	return sound() && !below.v && !proof_locks;
}

static bool head_same(const struct slab *s)
{
	return s->next == value_head.next && s->prev == value_head.prev &&
	       s->free == value_head.free && s->used == value_head.used &&
	       s->shift == value_head.shift && s->listed == value_head.listed;
}

static inline bool witness_same(void)
{
	unsigned int n = witness.page;

	if (!lives(witness) || (n ? word(1) : word(0)) != value)
		return false;
	return !table[n] || head_same(n ? &page[1]->slab : &page[0]->slab);
}
