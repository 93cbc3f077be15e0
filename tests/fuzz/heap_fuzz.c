/* SPDX-License-Identifier: MIT */
/*
 * The heap beside a plain list of what is held: objects are aligned, zero when
 * they come, apart from each other, and keep what was written; memory runs out
 * with a word, not earlier than it must, and every page is accounted for.
 */
/* test-sources: kernel/mm/heap.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/heap.h"

#include <string.h>

#include "kernel/mm/gate.h"
#include "kernel/mm/page.h"
#include "tests/fake/mm.h"
#include "tests/fuzz/need.h"

#define PAGES 64u
#define VA    40u /* pages of addresses */
#define HELD  512u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	uint8_t *at;
	size_t size;
	uint8_t tag;
} held[HELD];
static uint32_t count;
static uint32_t whole; /* pages that never come back */
static uint8_t *arena;

static void setup(void)
{
	fake_mm_reset(PAGE_2M);
	memset(&fake_gate, 0, sizeof(fake_gate));
	fake_assign(0, PAGES * PAGE_4K);
	page_init((struct pa_range){ { 0 }, PAGES * PAGE_4K }, 0,
		  PAGES * PAGE_4K);
	if (!arena)
		arena = aligned_alloc(PAGE_4K, VA * PAGE_4K);
	memset(arena, 0, VA * PAGE_4K);
	heap_init(arena, VA * PAGE_4K);
	count = whole = 0;
}

static bool all(const uint8_t *p, size_t size, uint8_t value)
{
	while (size--)
		if (*p++ != value)
			return false;
	return true;
}

static bool inside(const uint8_t *p, size_t size)
{
	return p >= arena && p + size <= arena + VA * PAGE_4K;
}

/* The room that an object of this size takes: 16 to 1024. */
static size_t room(size_t size)
{
	size_t r = 16;

	while (r < size)
		r *= 2;
	return r;
}

static bool apart(const uint8_t *p, size_t size)
{
	for (uint32_t i = 0; i < count; i++)
		if (p < held[i].at + held[i].size && held[i].at < p + size)
			return false;
	return true;
}

static void put(uint8_t *p, size_t size, uint8_t tag)
{
	need(inside(p, size) && apart(p, size));
	need(all(p, size, 0));
	memset(p, tag, size);
	held[count].at = p;
	held[count].size = size;
	held[count++].tag = tag;
}

static void take(size_t size, uint8_t tag)
{
	uint64_t pages = page_count_taken();
	void *p;

	if (count == HELD)
		return;
	if (heap_take(size, &p) == OK) {
		need((uintptr_t)p % room(size) == 0);
		need(page_count_taken() - pages <= 1);
		return put(p, size, tag);
	}
	/* Refused by the gate, or no page and no address is left. */
	need(fake_gate.fail_at || page_count_taken() == VA ||
	     page_count_free() <= PAGE_RESERVE);
	need(page_count_taken() == pages);
}

static void give(uint32_t n)
{
	if (n >= count)
		return;
	need(all(held[n].at, held[n].size, held[n].tag));
	/* Whole pages stay for ever. */
	if (held[n].size >= PAGE_4K)
		return;
	heap_give(held[n].at, held[n].size);
	held[n] = held[--count];
}

static void pages(size_t bytes, uint8_t tag)
{
	uint64_t before = page_count_taken();
	uint64_t need_pages = (bytes + PAGE_4K - 1) / PAGE_4K;
	void *p;

	if (count == HELD)
		return;
	if (heap_pages(bytes, &p) == OK) {
		need((uintptr_t)p % PAGE_4K == 0);
		need(page_count_taken() == before + need_pages);
		whole += (uint32_t)need_pages;
		return put(p, need_pages * PAGE_4K, tag);
	}
	/* Start-up's last words: what was got is not given back. */
	whole += (uint32_t)(page_count_taken() - before);
	need(fake_gate.fail_at || page_count_free() <= PAGE_RESERVE ||
	     page_count_taken() == VA);
}

static void step(const uint8_t *in)
{
	switch (in[0] % 8) {
	case 0:
	case 1:
		return take(1 + (in[1] | in[2] << 8) % HEAP_SMALL_MAX, in[3]);
	case 2:
		for (uint32_t i = 0; i < in[2]; i++)
			take(1 + in[1] * 4u, in[3]);
		return;
	case 3:
	case 4:
		return give(count ? (in[1] | in[2] << 8) % count : 0);
	case 5:
		for (uint32_t i = 0; i < in[2]; i++)
			give(count ? in[1] % count : 0);
		return;
	case 6:
		return pages(1 + (in[1] | (in[2] & 0x3f) << 8), in[3]);
	default:
		fake_gate.fail_at = in[1] & 1 ? fake_gate.tried + in[2] % 8 + 1
					      : 0;
		fake_gate.for_good = in[3] & 1;
		return heap_give(NULL, in[2]);
	}
}

/* All gone, nothing may be left but what never comes back, and pages that
 * served for any size: those take objects of every size again. */
static void end(void)
{
	uint64_t pages_had;

	fake_gate.fail_at = 0;
	need(whole || fake_gate.objects == count);
	for (uint32_t n = count; n-- > 0;)
		give(n);
	pages_had = page_count_taken();
	if (pages_had == whole)
		return;
	for (size_t size = 16; size <= HEAP_SMALL_MAX; size *= 2) {
		void *p;

		need(heap_take(size, &p) == OK);
		need(all(p, size, 0));
		heap_give(p, size);
	}
	need(page_count_taken() == pages_had && !fake_windows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	setup();
	need(!setjmp(fake_panic));
	for (; size >= 4; data += 4, size -= 4)
		step(data);
	end();
	return 0;
}
