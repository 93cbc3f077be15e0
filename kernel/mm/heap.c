/* SPDX-License-Identifier: MIT */
/*
 * Slabs of one page each, one size a slab. The page's first bytes describe
 * it; objects start at multiples of their size, the first that are free of
 * the description. Free objects hold the offset of the next one.
 */
#include "kernel/mm/heap.h"

#include "kernel/base/lock.h"
#include "kernel/base/panic.h"
#include "kernel/mm/gate.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "lib/str.h"

#define SIZE_MIN_SHIFT 4u
#define CLASSES	       7u /* 16 to 1024 */

struct slab {
	struct slab *next, *prev; /* in its class's list, while not full */
	uint16_t free; /* offset of the first free object, 0 = none */
	uint16_t used;
	uint16_t shift;
	bool listed;
};
_Static_assert(sizeof(struct slab) <= 32, "objects of 16 and 32 start at 32");

static struct spinlock heap_lock;
static struct slab *partial[CLASSES];
static struct slab *spare; /* empty pages, mapped, for any class */
static char *heap_next, *heap_end;

void heap_init(void *va, uint64_t size)
{
	heap_lock = (struct spinlock){ 0 };
	heap_next = va;
	heap_end = heap_next + size;
	memset(partial, 0, sizeof(partial));
	spare = NULL;
}

static unsigned int shift_of(size_t size)
{
	unsigned int shift = SIZE_MIN_SHIFT;

	while (1ull << shift < size)
		shift++;
	return shift;
}

/* Maps one more page at the end of the heap's addresses. */
static enum err page_append(void **out)
{
	struct pa pa;
	enum err e;

	if (heap_next >= heap_end)
		return ERR_NOMEM;
	e = page_take(&pa);
	if (e != OK)
		return e;
	e = kmap_page(heap_next, pa, KMAP_WRITE);
	if (e != OK) {
		page_give(pa);
		return e;
	}
	*out = heap_next;
	heap_next += PAGE_4K;
	return OK;
}

static void list_add(struct slab *s)
{
	struct slab **head = &partial[s->shift - SIZE_MIN_SHIFT];

	s->prev = NULL;
	s->next = *head;
	if (*head)
		(*head)->prev = s;
	*head = s;
	s->listed = true;
}

static void list_remove(struct slab *s)
{
	if (s->prev)
		s->prev->next = s->next;
	else
		partial[s->shift - SIZE_MIN_SHIFT] = s->next;
	if (s->next)
		s->next->prev = s->prev;
	s->listed = false;
}

static void slab_format(struct slab *s, unsigned int shift)
{
	unsigned int size = 1u << shift;
	unsigned int at = size < sizeof(*s) ? 2 * size : size;

	s->shift = (uint16_t)shift;
	s->used = 0;
	s->free = (uint16_t)at;
	for (; at + size < PAGE_4K; at += size)
		*(uint16_t *)((char *)s + at) = (uint16_t)(at + size);
	list_add(s);
}

static enum err slab_more(unsigned int shift)
{
	struct slab *s = spare;
	enum err e;
	void *page;

	if (s) {
		spare = s->next;
	} else {
		e = page_append(&page);
		if (e != OK)
			return e;
		s = page;
	}
	slab_format(s, shift);
	return OK;
}

static enum err object_take(unsigned int shift, void **out)
{
	struct slab **head = &partial[shift - SIZE_MIN_SHIFT];
	struct slab *s;
	uint16_t *object;
	enum err e;

	if (!*head) {
		e = slab_more(shift);
		if (e != OK)
			return e;
	}
	s = *head;
	object = (uint16_t *)((char *)s + s->free);
	s->free = *object;
	s->used++;
	*object = 0; /* the rest was wiped when it was given back */
	if (!s->free)
		list_remove(s);
	*out = object;
	return OK;
}

enum err heap_take(size_t size, void **out)
{
	enum err e;

	ASSERT(size > 0 && size <= HEAP_SMALL_MAX);
	if (!gate_heap())
		return ERR_NOMEM;
	spin_lock(&heap_lock);
	e = object_take(shift_of(size), out);
	if (e == OK)
		gate_heap_count(1);
	spin_unlock(&heap_lock);
	return e;
}

static void object_give(struct slab *s, void *object)
{
	ASSERT(s->used);
	*(uint16_t *)object = s->free;
	s->free = (uint16_t)((char *)object - (char *)s);
	s->used--;
	if (!s->listed)
		list_add(s);
	if (s->used)
		return;
	list_remove(s);
	/* Clean for whatever size comes next. */
	memset(s, 0, PAGE_4K);
	s->next = spare;
	spare = s;
}

void heap_give(void *object, size_t size)
{
	struct slab *s;

	if (!object)
		return;
	s = (struct slab *)addr_down((uint64_t)object, PAGE_4K);
	ASSERT(s->shift ==
	       shift_of(size)); /* it stays while the object lives */
	memset(object, 0, 1ull << s->shift);
	spin_lock(&heap_lock);
	object_give(s, object);
	gate_heap_count(-1);
	spin_unlock(&heap_lock);
}

enum err heap_pages(size_t bytes, void **out)
{
	size_t done;
	void *page = NULL;
	void *first = NULL;
	enum err e = OK;

	spin_lock(&heap_lock);
	for (done = 0; done < bytes && e == OK; done += PAGE_4K) {
		e = page_append(&page);
		if (!first)
			first = page;
	}
	spin_unlock(&heap_lock);
	if (e == OK)
		*out = first;
	return e;
}
