/* SPDX-License-Identifier: MIT */
/* The validation record alone, up to 4 TiB, on real pages and page tables. */
/* test-sources: kernel/mm/pvalid.c kernel/mm/deed.c kernel/mm/heap.c */
/* test-sources: kernel/mm/kmap.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/cpu/tlb.c */
/* test-sources: kernel/base/log.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/bitmap.c lib/fmt.c lib/str.c */
/* test-sources: lib/pageindex.c tests/fake/mm.c tests/fake/hw/fake.c */
/* test-sources: model/rmp.c model/rmp_guest.c */
/* test-libs: -Wl,--defsym=sealed_end=sealed_start -Wl,--wrap=kmap_page */
#include "kernel/mm/pvalid.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "tests/fake/mm.h"

#define HEAP_AT	     ((char *)0x210000000000)
#define HEAP_SIZE    0x1000000ull
#define ROOT	     0x1000ull /* of the page tables; the pages follow */
#define USED	     2u
#define GIB_CHUNKS   512u
#define CHUNKS_SMALL 200u /* three groups and a bit */
#define CHUNKS_4T    (4096u * GIB_CHUNKS)

char sealed_start[1];
static uint32_t chunks;
static bool map_fails;

uint32_t memmap_chunks(void)
{
	return chunks;
}

enum err __real_kmap_page(void *va, struct pa pa, enum kmap_use use);
enum err __wrap_kmap_page(void *va, struct pa pa, enum kmap_use use);

/* Page tables say yes, so the page appears; elsewhere an access faults. */
enum err __wrap_kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	enum err e = map_fails ? ERR_NOMEM : __real_kmap_page(va, pa, use);

	if (e != OK)
		return e;
	fake_record_map(va, pa);
	if ((uint64_t)va - (uint64_t)HEAP_AT < HEAP_SIZE)
		assert_ptr_equal(mremap(fake.ram + pa.v, 0, PAGE_4K,
					MREMAP_MAYMOVE | MREMAP_FIXED, va),
				 va);
	return OK;
}

/* A machine that has `pages` for us beyond the allocator's reserve. */
static void machine_make(uint32_t regions, uint64_t pages)
{
	uint64_t size = (USED + pages + PAGE_RESERVE) * PAGE_4K;
	struct boot_launch boot = { .root = ROOT };

	fake_mm_reset(addr_up(size, PAGE_2M));
	fake_launch(0, USED * PAGE_4K);
	memset(fake.ram, 0, USED * PAGE_4K);
	munmap(HEAP_AT, HEAP_SIZE);
	fake.cr3 = ROOT;
	kmap_init(&boot);
	page_init((struct pa_range){ { 0 }, size }, USED * PAGE_4K,
		  USED * PAGE_4K);
	heap_init(HEAP_AT, HEAP_SIZE);
	chunks = regions;
	map_fails = false;
}

static int small(void **state)
{
	(void)state;
	machine_make(CHUNKS_SMALL, 64);
	assert_int_equal(pvalid_init(), OK);
	return 0;
}

static uint64_t gpa_of(uint32_t chunk, uint32_t page)
{
	return chunk * PAGE_2M + page * PAGE_4K;
}

static struct guest_range range_of(uint32_t chunk, uint32_t page)
{
	return (struct guest_range){ { { gpa_of(chunk, page) }, PAGE_4K },
				     chunk };
}

static void flip(uint32_t chunk, uint32_t page)
{
	struct pvalid_held held = pvalid_lock_chunk(chunk);

	assert_int_equal(pvalid_prepare(held), OK);
	pvalid_page_flip(held, gpa_of(chunk, page));
	pvalid_unlock(held);
}

static bool valid(uint32_t chunk, uint32_t page)
{
	struct pvalid_held held = pvalid_lock_chunk(chunk);
	bool is = pvalid_page(held, gpa_of(chunk, page));

	pvalid_unlock(held);
	return is;
}

static enum pvalid_state region(uint32_t chunk)
{
	struct pvalid_held held = pvalid_lock_chunk(chunk);
	enum pvalid_state s = pvalid_region(held);

	pvalid_unlock(held);
	return s;
}

static void region_put(uint32_t chunk, bool is)
{
	struct pvalid_held held = pvalid_lock_chunk(chunk);

	pvalid_region_set(held, is);
	pvalid_unlock(held);
}

static enum err pin(uint32_t chunk, uint32_t page)
{
	struct guest_range r = range_of(chunk, page);
	struct pvalid_held held = pvalid_lock(r);
	enum err e = pvalid_pin(held, r);

	pvalid_unlock(held);
	return e;
}

static void unpin(uint32_t chunk, uint32_t page)
{
	struct guest_range r = range_of(chunk, page);
	struct pvalid_held held = pvalid_lock(r);

	pvalid_unpin(held, r);
	pvalid_unlock(held);
}

static bool pinned(uint32_t chunk, uint32_t page)
{
	struct pvalid_held held = pvalid_lock_chunk(chunk);
	bool is = pvalid_page_pinned(held, gpa_of(chunk, page));

	assert_true(!is || pvalid_pinned(held));
	pvalid_unlock(held);
	return is;
}

static uint64_t bytes_taken(void)
{
	return page_count_taken() * PAGE_4K;
}

static void pages_one_by_one(void **state)
{
	uint32_t page;

	(void)state;
	assert_int_equal(region(7), PVALID_NONE);
	for (page = 0; page < 512; page++) {
		uint32_t at = page * 77 % 512; /* every page, not in order */

		assert_false(valid(7, at));
		flip(7, at);
		assert_true(valid(7, at));
		assert_int_equal(region(7),
				 page == 511 ? PVALID_ALL : PVALID_MIXED);
	}
	for (page = 0; page < 512; page++) {
		assert_true(valid(7, page));
		flip(7, page);
		assert_false(valid(7, page));
		assert_int_equal(region(7),
				 page == 511 ? PVALID_NONE : PVALID_MIXED);
	}
	assert_int_equal(region(6), PVALID_NONE);
	assert_int_equal(region(8), PVALID_NONE);
}

/* What a region's bits were before it was even is forgotten. */
static void regions_as_a_whole(void **state)
{
	uint32_t page;

	(void)state;
	flip(9, 0);
	flip(9, 511);
	region_put(9, true);
	assert_int_equal(region(9), PVALID_ALL);
	flip(9, 300);
	for (page = 0; page < 512; page++)
		assert_int_equal(valid(9, page), page != 300);
	region_put(9, false);
	assert_int_equal(region(9), PVALID_NONE);
	flip(9, 300);
	for (page = 0; page < 512; page++)
		assert_int_equal(valid(9, page), page == 300);
	flip(9, 300);
	assert_int_equal(region(9), PVALID_NONE);
}

static void prepared_is_not_changed(void **state)
{
	struct pvalid_held held = pvalid_lock_chunk(3);

	(void)state;
	assert_int_equal(pvalid_prepare(held), OK);
	pvalid_unlock(held);
	assert_int_equal(region(3), PVALID_NONE);
	region_put(3, true);
	held = pvalid_lock_chunk(3);
	assert_int_equal(pvalid_prepare(held), OK);
	pvalid_unlock(held);
	assert_int_equal(region(3), PVALID_ALL);
}

static void pins(void **state)
{
	(void)state;
	assert_int_equal(pin(64, 5), ERR_STATE);
	assert_false(pinned(64, 5));
	region_put(64, true);
	assert_int_equal(pin(64, 5), OK);
	assert_int_equal(pin(64, 5), ERR_BUSY);
	assert_int_equal(region(64), PVALID_ALL);
	assert_int_equal(pin(64, 511), OK);
	for (uint32_t page = 0; page < 512; page++)
		assert_int_equal(pinned(64, page), page == 5 || page == 511);
	assert_false(pinned(63, 5));
	assert_false(pinned(65, 5));
	unpin(64, 5);
	assert_false(pinned(64, 5));
	assert_true(pinned(64, 511));
	unpin(64, 511);
	assert_false(pinned(64, 511));
	assert_int_equal(pin(64, 5), OK);
	assert_false(pinned(64, 511));
}

/* As a save area's: a page that is pinned may change its state with others,
 * and its pin does not. */
static void pins_survive_changes(void **state)
{
	uint32_t page;

	(void)state;
	region_put(1, true);
	assert_int_equal(pin(1, 100), OK);
	for (page = 0; page < 512; page++)
		flip(1, page);
	assert_int_equal(region(1), PVALID_NONE);
	assert_true(pinned(1, 100));
	for (page = 0; page < 512; page++)
		flip(1, page);
	assert_int_equal(region(1), PVALID_ALL);
	assert_true(pinned(1, 100));
	assert_false(pinned(1, 101));
}

static void unpinning_the_unpinned_is_a_bug(void **state)
{
	(void)state;
	region_put(1, true);
	assert_int_equal(pin(1, 100), OK);
	if (setjmp(fake_panic) == 0) {
		unpin(1, 101);
		fail();
	}
}

/* Regions of one page of bits share it; the first of them pays. */
static void a_page_serves_64_regions(void **state)
{
	uint64_t before = page_count_taken();

	(void)state;
	flip(64, 0);
	flip(64 + 63, 511);
	assert_int_equal(page_count_taken(), before + 1);
	flip(64 + 64, 0);
	flip(63, 0);
	assert_int_equal(page_count_taken(), before + 3);
	flip(CHUNKS_SMALL - 1, 511);
	assert_int_equal(page_count_taken(), before + 4);
	/* Not given back, for the next time. */
	flip(64, 0);
	flip(64 + 63, 511);
	assert_int_equal(page_count_taken(), before + 4);
}

static void start_without_memory(void **state)
{
	uint64_t pages;
	enum err e;

	(void)state;
	for (pages = 0;; pages++) {
		machine_make(CHUNKS_SMALL, pages);
		e = pvalid_init();
		if (e == OK)
			break;
		assert_int_equal(e, ERR_NOMEM);
	}
	/* What it says it needs is enough: the tables of the three highest
	 * levels are counted once for each place. */
	assert_true(pages * PAGE_4K <=
		    pvalid_bytes_min(CHUNKS_SMALL) + 4 * PAGE_4K);
	assert_int_equal(page_count_taken(), pages);
}

static void more_regions_than_addresses(void **state)
{
	(void)state;
	machine_make(PVALID_CHUNKS_MAX + 1, 64);
	assert_int_equal(pvalid_init(), ERR_RANGE);
	assert_int_equal(page_count_taken(), 0);
}

static struct pa drain(void)
{
	struct pa pa, last = { 0 };

	while (page_take(&pa) == OK)
		last = pa;
	return last;
}

static enum err prepare(uint32_t chunk)
{
	struct pvalid_held held = pvalid_lock_chunk(chunk);
	enum err e = pvalid_prepare(held);

	pvalid_unlock(held);
	return e;
}

static void no_memory_changes_nothing(void **state)
{
	struct pa last;

	(void)state;
	region_put(2, true);
	flip(65, 1);
	last = drain();
	assert_int_equal(prepare(2), ERR_NOMEM);
	assert_int_equal(pin(2, 0), ERR_NOMEM);
	assert_int_equal(region(2), PVALID_ALL);
	assert_false(pinned(2, 0));
	/* Whole regions, and neighbours of mixed ones, go on. */
	region_put(2, false);
	flip(66, 2);
	/* One page more is all that one of them needs. */
	page_give(last);
	flip(2, 5);
	region_put(2, true);
	assert_int_equal(pin(2, 0), ERR_NOMEM);
	assert_int_equal(prepare(130), ERR_NOMEM);
}

static void unmappable_pages_are_given_back(void **state)
{
	uint64_t before = page_count_taken();

	(void)state;
	region_put(2, true);
	map_fails = true;
	assert_int_equal(prepare(2), ERR_NOMEM);
	assert_int_equal(pin(2, 0), ERR_NOMEM);
	assert_int_equal(page_count_taken(), before);
	assert_false(pinned(2, 0));
	map_fails = false;
	assert_int_equal(prepare(2), OK);
	assert_int_equal(pin(2, 0), OK);
	assert_int_equal(page_count_taken(), before + 2);
}

#define THREADS 4u
#define ROUNDS	20000u

/* Each thread its own pages; regions and bytes side by side. */
static void *hammer(void *arg)
{
	uint32_t self = (uint32_t)(uintptr_t)arg;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t page = (i * THREADS + self) % 512;

		flip(10 + i % 2, page);
		assert_true(valid(10 + i % 2, page));
		flip(10 + i % 2, page);
		assert_false(valid(10 + i % 2, page));
	}
	return NULL;
}

static void locks_exclude(void **state)
{
	pthread_t thread[THREADS];
	uint32_t i;

	(void)state;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, hammer,
						(void *)(uintptr_t)i),
				 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(region(10), PVALID_NONE);
	assert_int_equal(region(11), PVALID_NONE);
}

/* 32 KiB for each GiB when all of it is split, 512 bytes when none is. */
static void sizes_by_the_formula(void **state)
{
	(void)state;
	for (uint64_t gib = 1; gib <= 8192; gib *= 2) {
		uint32_t n = (uint32_t)(gib * GIB_CHUNKS);
		uint64_t least = pvalid_bytes_min(n);
		uint64_t tables = 3 + (gib + 63) / 64 * 2 + gib / 2048;

		assert_true(least <= gib * 512 + gib * 2 + 4096 +
					     (tables + 1) * PAGE_4K);
		assert_int_equal(pvalid_bytes_max(n, 0), least + gib * 32768);
		assert_int_equal(pvalid_bytes_max(n, 1),
				 least + gib * 32768 +
					 PVALID_PINS_PER_CPU * PAGE_4K);
		assert_int_equal(pvalid_bytes_max(n, ~0u),
				 least + 2 * gib * 32768);
	}
	assert_int_equal(pvalid_bytes_max(1, 1),
			 pvalid_bytes_min(1) + 2 * PAGE_4K);
}

/* Used memory is what the formula says, to the page tables' upper levels. */
static void four_tib_split(void **state)
{
	uint64_t most = pvalid_bytes_max(CHUNKS_4T, 1);
	uint64_t start;
	uint32_t i;

	(void)state;
	machine_make(CHUNKS_4T, most / PAGE_4K + 8);
	assert_int_equal(pvalid_init(), OK);
	start = bytes_taken();
	assert_true(start <= pvalid_bytes_min(CHUNKS_4T) + 4 * PAGE_4K);
	assert_true(start <= 4096ull * (512 + 2 + 128 + 1) + 8 * PAGE_4K);
	for (i = 0; i < CHUNKS_4T; i++)
		flip(i, i % 512);
	assert_int_equal(bytes_taken() - start, 4096ull * 32768);
	for (i = 0; i < CHUNKS_4T; i++) {
		assert_int_equal(region(i), PVALID_MIXED);
		assert_true(valid(i, i % 512));
		assert_false(valid(i, (i + 1) % 512));
	}
	for (i = 0; i < PVALID_PINS_PER_CPU; i++)
		assert_int_equal(pin(i * 99 * 64, i * 99 * 64 % 512), OK);
	assert_true(bytes_taken() <= most + 4 * PAGE_4K);
	assert_true(bytes_taken() + 4 * PAGE_4K >= most);
}

#define SMALL(f) cmocka_unit_test_setup(f, small)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SMALL(pages_one_by_one),
		SMALL(regions_as_a_whole),
		SMALL(prepared_is_not_changed),
		SMALL(pins),
		SMALL(pins_survive_changes),
		SMALL(unpinning_the_unpinned_is_a_bug),
		SMALL(a_page_serves_64_regions),
		cmocka_unit_test(start_without_memory),
		cmocka_unit_test(more_regions_than_addresses),
		SMALL(no_memory_changes_nothing),
		SMALL(unmappable_pages_are_given_back),
		SMALL(locks_exclude),
		cmocka_unit_test(sizes_by_the_formula),
		cmocka_unit_test(four_tib_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
