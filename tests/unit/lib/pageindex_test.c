/* SPDX-License-Identifier: MIT */
/* The index against a plain list, with pages that collide, full and empty. */
/* test-sources: lib/pageindex.c */
#include "lib/pageindex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGES 64u
#define ROOM  16u /* at once in the index */

static uint64_t page_of[PAGES];
static uint32_t value_of[PAGES]; /* PAGEINDEX_VALUES: not in the index */
static struct pageindex x;
static uint32_t words;

static void begin(uint32_t room)
{
	words = pageindex_words(room);
	/* Exactly its size: a walk that leaves it is caught. */
	x = pageindex_make(calloc(words, sizeof(uint64_t)), words);
	for (uint32_t i = 0; i < PAGES; i++)
		value_of[i] = PAGEINDEX_VALUES;
}

static void compare(void)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		uint32_t value = 77;

		assert_int_equal(pageindex_find(&x, page_of[i], &value),
				 value_of[i] != PAGEINDEX_VALUES);
		if (value_of[i] != PAGEINDEX_VALUES)
			assert_int_equal(value, value_of[i]);
	}
}

static void play(uint32_t seed)
{
	uint32_t inside = 0;

	for (unsigned int step = 0; step < 4000; step++) {
		uint32_t i = (seed = seed * 1664525u + 1013904223u) >> 16;
		bool in = value_of[i %= PAGES] != PAGEINDEX_VALUES;

		if (seed >> 8 & 1) {
			pageindex_drop(&x, page_of[i]);
			inside -= in;
			value_of[i] = PAGEINDEX_VALUES;
		} else if (in || inside < ROOM) {
			value_of[i] = seed >> 4 & 0xfff;
			value_of[i] %= PAGEINDEX_VALUES;
			pageindex_set(&x, page_of[i], value_of[i]);
			inside += !in;
		}
		compare();
	}
	for (uint32_t i = 0; i < PAGES; i++)
		pageindex_drop(&x, page_of[i]);
	for (uint32_t i = 0; i < words; i++)
		assert_int_equal(x.entry[i], 0);
	free(x.entry);
}

static void neighbours(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PAGES; i++)
		page_of[i] = (uint64_t)i << 12;
	begin(ROOM);
	play(1);
}

static void scattered(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PAGES; i++)
		page_of[i] = ((i * 0x123456789abcdefull) >> 13) & ~0xfffull;
	begin(ROOM);
	play(2);
}

/* All with one home: the longest walks there are, across the end too. */
static void colliding(void **state)
{
	uint32_t found;

	(void)state;
	for (uint32_t target = 0; target < 32; target += 31) {
		begin(ROOM);
		found = 0;
		for (uint64_t page = 0; found < PAGES; page += 4096) {
			memset(x.entry, 0, words * sizeof(uint64_t));
			pageindex_set(&x, page, 0);
			if (x.entry[target % words])
				page_of[found++] = page;
		}
		memset(x.entry, 0, words * sizeof(uint64_t));
		play(3 + target);
	}
}

static void one_page(void **state)
{
	uint32_t value;

	(void)state;
	begin(1);
	assert_int_equal(words, 2);
	pageindex_set(&x, 0xfffffffff000, PAGEINDEX_VALUES - 1);
	assert_true(pageindex_find(&x, 0xfffffffff000, &value));
	assert_int_equal(value, PAGEINDEX_VALUES - 1);
	assert_false(pageindex_find(&x, 0, &value));
	free(x.entry);
}

static void sizes(void **state)
{
	(void)state;
	assert_int_equal(pageindex_words(2), 4);
	assert_int_equal(pageindex_words(3), 8);
	assert_int_equal(pageindex_words(2048), 4096);
	assert_int_equal(pageindex_words(2049), 8192);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours), cmocka_unit_test(scattered),
		cmocka_unit_test(colliding),  cmocka_unit_test(one_page),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
