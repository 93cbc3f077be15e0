/* SPDX-License-Identifier: MIT */
/* The heap: sizes, alignment, zero contents, reuse, running out. */
/* test-sources: kernel/mm/heap.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/page.h"
#include "tests/fake/mm.h"

#define PAGES	256u
#define OBJECTS 4000u

static char *arena;

static int setup(void **state)
{
	(void)state;
	fake_mm_reset(PAGE_2M);
	fake_assign(0, PAGES * PAGE_4K);
	page_init((struct pa_range){ { 0 }, PAGES * PAGE_4K }, 0,
		  PAGES * PAGE_4K);
	free(arena);
	arena = aligned_alloc(PAGE_4K, PAGES * PAGE_4K);
	memset(arena, 0, PAGES * PAGE_4K);
	heap_init(arena, PAGES * PAGE_4K);
	return 0;
}

static bool is_zero(const char *p, size_t size)
{
	while (size--)
		if (*p++)
			return false;
	return true;
}

static void sizes_align_and_are_zero(void **state)
{
	size_t size;
	void *p;

	(void)state;
	for (size = 1; size <= HEAP_SMALL_MAX; size++) {
		size_t align = 16;

		while (align < size)
			align *= 2;
		assert_int_equal(heap_take(size, &p), OK);
		assert_int_equal((uint64_t)p % align, 0);
		assert_true(is_zero(p, size));
		memset(p, 0xff, size);
		heap_give(p, size);
		assert_int_equal(heap_take(size, &p), OK);
		assert_true(is_zero(p, size));
		heap_give(p, size);
	}
	/* One page was enough for all of it. */
	assert_int_equal(page_count_taken(), 1);
}

static void random_objects_never_overlap(void **state)
{
	static struct {
		unsigned char *p;
		size_t size;
		unsigned char tag;
	} held[OBJECTS];
	unsigned int n = 0;
	unsigned int round;
	unsigned int i;
	void *p;

	(void)state;
	srand(2);
	for (round = 0; round < 20000; round++) {
		if (n && rand() % 5 < 2) {
			i = (unsigned int)rand() % n;
			assert_int_equal(held[i].p[0], held[i].tag);
			assert_int_equal(held[i].p[held[i].size - 1],
					 held[i].tag);
			heap_give(held[i].p, held[i].size);
			held[i] = held[--n];
			continue;
		}
		held[n].size = 1 + (size_t)rand() % (rand() % 2 ? 1024 : 40);
		if (n == OBJECTS - 1 || heap_take(held[n].size, &p) != OK)
			continue;
		held[n].p = p;
		assert_true(is_zero(p, held[n].size));
		held[n].tag = (unsigned char)(1 + rand() % 255);
		memset(p, held[n].tag, held[n].size);
		n++;
	}
	for (i = 0; i < n; i++)
		heap_give(held[i].p, held[i].size);
}

static void out_of_pages_is_an_error(void **state)
{
	unsigned int n = 0;
	void *p;
	void *last = NULL;

	(void)state;
	while (heap_take(1024, &p) == OK) {
		last = p;
		n++;
	}
	assert_int_equal(n, (PAGES - PAGE_RESERVE) * 3);
	heap_give(last, 1024);
	assert_int_equal(heap_take(1000, &p), OK);
	assert_ptr_equal(p, last);
	assert_int_equal(heap_pages(1, &p), ERR_NOMEM);
}

static void failed_mapping_gives_the_page_back(void **state)
{
	void *p;

	(void)state;
	fake_kmap_left = 0;
	assert_int_equal(heap_take(64, &p), ERR_NOMEM);
	assert_int_equal(page_count_taken(), 0);
	fake_kmap_left = 1;
	assert_int_equal(heap_take(64, &p), OK);
}

static void whole_pages_lie_side_by_side(void **state)
{
	void *p;

	(void)state;
	assert_int_equal(heap_pages(3 * PAGE_4K + 1, &p), OK);
	assert_ptr_equal(p, arena);
	assert_int_equal(page_count_taken(), 4);
}

static void wrong_size_is_a_bug(void **state)
{
	void *p;

	(void)state;
	assert_int_equal(heap_take(64, &p), OK);
	if (setjmp(fake_panic) == 0) {
		heap_give(p, 65);
		fail();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sizes_align_and_are_zero, setup),
		cmocka_unit_test_setup(random_objects_never_overlap, setup),
		cmocka_unit_test_setup(out_of_pages_is_an_error, setup),
		cmocka_unit_test_setup(failed_mapping_gives_the_page_back,
				       setup),
		cmocka_unit_test_setup(whole_pages_lie_side_by_side, setup),
		cmocka_unit_test_setup(wrong_size_is_a_bug, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
