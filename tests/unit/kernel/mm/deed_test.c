/* SPDX-License-Identifier: MIT */
/* Deeds: many regions in one chain, none left behind, no memory. */
/* test-sources: kernel/mm/deed.c lib/bitmap.c lib/str.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/deed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernel/mm/heap.h"
#include "tests/fake/mm.h"

static unsigned int objects, allowed;

enum err heap_take(size_t size, void **out)
{
	if (objects == allowed)
		return ERR_NOMEM;
	objects++;
	*out = calloc(1, size);
	return OK;
}

void heap_give(void *object, size_t size)
{
	(void)size;
	objects--;
	free(object);
}

static int setup(void **state)
{
	(void)state;
	fake_mm_reset(PAGE_2M);
	deed_init();
	objects = 0;
	allowed = ~0u;
	return 0;
}

static void pages_are_held_one_by_one(void **state)
{
	(void)state;
	assert_false(deed_has(7, 0));
	assert_int_equal(deed_prepare(7), OK);
	assert_int_equal(deed_prepare(7), OK);
	assert_int_equal(objects, 1);
	deed_add(7, 0, 1);
	deed_add(7, 511, 1);
	deed_add(7, 64, 1);
	for (uint64_t i = 0; i < 512; i++)
		assert_true(deed_has(7, i) == (i == 0 || i == 64 || i == 511));
	assert_false(deed_drop(7, 64, 1));
	assert_false(deed_has(7, 64));
	assert_false(deed_drop(7, 0, 1));
	assert_true(deed_drop(7, 511, 1));
	assert_false(deed_has(7, 511));
	assert_int_equal(objects, 0);
}

static void whole_regions(void **state)
{
	(void)state;
	assert_int_equal(deed_prepare(0), OK);
	deed_add(0, 0, 512);
	assert_true(deed_has(0, 0) && deed_has(0, 511));
	for (uint64_t i = 0; i < 511; i++)
		assert_false(deed_drop(0, i, 1));
	assert_true(deed_drop(0, 511, 1));
	assert_int_equal(objects, 0);
}

/* Regions 512 apart share a chain; they leave it from every place. */
static void chains(void **state)
{
	static const uint32_t order[] = { 3, 0, 5, 1, 4, 2 };

	(void)state;
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(deed_prepare(9 + 512 * i), OK);
		deed_add(9 + 512 * i, i, 1);
	}
	for (uint32_t n = 0; n < 6; n++) {
		for (uint32_t i = n; i < 6; i++) {
			uint32_t chunk = 9 + 512 * order[i];

			assert_true(deed_has(chunk, order[i]));
			assert_false(deed_has(chunk, order[i] + 1));
		}
		assert_true(deed_drop(9 + 512 * order[n], order[n], 1));
		assert_false(deed_has(9 + 512 * order[n], order[n]));
	}
	assert_int_equal(objects, 0);
}

static void no_memory_leaves_nothing(void **state)
{
	(void)state;
	allowed = 1;
	assert_int_equal(deed_prepare(1), OK);
	assert_int_equal(deed_prepare(2), ERR_NOMEM);
	assert_false(deed_has(2, 0));
	deed_add(1, 5, 1);
	assert_true(deed_drop(1, 5, 1));
	assert_int_equal(deed_prepare(2), OK);
	deed_add(2, 0, 512);
	assert_true(deed_drop(2, 0, 512));
	assert_int_equal(objects, 0);
}

static void twice_is_a_bug(void **state)
{
	(void)state;
	assert_int_equal(deed_prepare(1), OK);
	deed_add(1, 5, 1);
	if (setjmp(fake_panic) == 0) {
		deed_add(1, 4, 2);
		fail();
	}
	if (setjmp(fake_panic) == 0) {
		deed_drop(1, 6, 1);
		fail();
	}
	assert_true(deed_drop(1, 5, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pages_are_held_one_by_one, setup),
		cmocka_unit_test_setup(whole_regions, setup),
		cmocka_unit_test_setup(chains, setup),
		cmocka_unit_test_setup(no_memory_leaves_nothing, setup),
		cmocka_unit_test_setup(twice_is_a_bug, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
