/* SPDX-License-Identifier: MIT */
/* Bit ranges against a plain array of bools, over all small ranges. */
/* test-sources: lib/bitmap.c */
#include "lib/bitmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BITS 140

/* Guard words on both sides: a range must not touch its neighbours. */
static uint64_t words[BITMAP_WORDS(BITS) + 2];
static uint64_t *const map = words + 1;

static void check_range(size_t first, size_t count)
{
	size_t set = 0;

	memset(words, 0, sizeof(words));
	bitmap_set_range(map, first, count);
	assert_int_equal(words[0], 0);
	assert_int_equal(words[BITMAP_WORDS(BITS) + 1], 0);
	for (size_t i = 0; i < BITS; i++) {
		bool in = i >= first && i < first + count;

		assert_int_equal(bitmap_test(map, i), in);
		set += in;
	}
	assert_int_equal(bitmap_count(map, 0, BITS), set);
	assert_true(bitmap_all_set(map, first, count));
	assert_int_equal(bitmap_all_clear(map, first, count), count == 0);
	assert_int_equal(bitmap_next_set(map, 0, BITS),
			 count ? first : BITMAP_NONE);
	memset(words, 0xff, sizeof(words));
	bitmap_clear_range(map, first, count);
	assert_true(words[0] == ~0ull);
	assert_true(words[BITMAP_WORDS(BITS) + 1] == ~0ull);
	assert_int_equal(bitmap_count(map, 0, BITS), BITS - set);
	assert_true(bitmap_all_clear(map, first, count));
	assert_int_equal(bitmap_next_clear(map, 0, BITS),
			 count ? first : BITMAP_NONE);
}

static void test_ranges(void **state)
{
	(void)state;
	for (size_t first = 0; first < BITS; first++)
		for (size_t count = 0; count <= BITS - first; count++)
			check_range(first, count);
}

static void test_next(void **state)
{
	(void)state;
	memset(words, 0, sizeof(words));
	bitmap_set(map, 3);
	bitmap_set(map, 130);
	assert_int_equal(bitmap_next_set(map, 0, BITS), 3);
	assert_int_equal(bitmap_next_set(map, 4, BITS), 130);
	assert_int_equal(bitmap_next_set(map, 4, 130), BITMAP_NONE);
	assert_int_equal(bitmap_next_set(map, BITS, BITS), BITMAP_NONE);
	assert_int_equal(bitmap_next_clear(map, 3, BITS), 4);
	bitmap_clear(map, 3);
	assert_int_equal(bitmap_next_set(map, 0, BITS), 130);
}

static void test_find(void **state)
{
	(void)state;
	memset(words, 0xff, sizeof(words));
	assert_int_equal(bitmap_find_clear(map, BITS, 1, 1), BITMAP_NONE);
	bitmap_clear_range(map, 61, 7);
	assert_int_equal(bitmap_find_clear(map, BITS, 7, 1), 61);
	assert_int_equal(bitmap_find_clear(map, BITS, 8, 1), BITMAP_NONE);
	assert_int_equal(bitmap_find_clear(map, BITS, 4, 4), 64);
	assert_int_equal(bitmap_find_clear(map, BITS, 5, 4), BITMAP_NONE);
	bitmap_clear_range(map, 136, 4);
	assert_int_equal(bitmap_find_clear(map, BITS, 4, 8), 64);
	bitmap_set(map, 64);
	assert_int_equal(bitmap_find_clear(map, BITS, 4, 8), 136);
	assert_int_equal(bitmap_find_clear(map, BITS - 1, 4, 8), BITMAP_NONE);
	assert_int_equal(bitmap_find_clear(map, BITS, BITS + 1, 1),
			 BITMAP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
