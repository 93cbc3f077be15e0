/* SPDX-License-Identifier: MIT */
/* Names of releases: cases, and what must hold for all of them. */
/* test-sources: tools/release/name.c */
#include "tools/release/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Ascending; every neighbour pair, and every other pair, is a case of order. */
static const char *const ascending[] = {
	"2000.01-devel",    "2025.12-rc9",	 "2025.12.0",
	"2025.12.999",	    "2026.01-devel",	 "2026.02-devel",
	"2026.09-devel",    "2026.10-devel",	 "2026.10.7",
	"2026.11-devel",    "2026.11-devel.2",	 "2026.11-devel.3",
	"2026.11-devel.10", "2026.11-devel.999", "2026.11-rc1",
	"2026.11-rc2",	    "2026.11-rc10",	 "2026.11.0",
	"2026.11.1",	    "2026.11.2",	 "2026.11.10",
	"2026.11.100",	    "2026.12-devel",	 "2026.12-rc1",
	"2026.12.0",	    "2027.01-devel",	 "2999.12.999",
};

static const char *const refused[] = {
	"",
	"2026",
	"2026.11",
	"2026.11.",
	"2026.11-",
	"2026.11-devel.",
	"2026.11-devel.0",
	"2026.11-devel.1",
	"2026.11-devel.01",
	"2026.11-devel.02",
	"2026.11-devel.1000",
	"2026.11-devel2",
	"2026.11-devel-2",
	"2026.11-devel ",
	" 2026.11-devel",
	"2026.11-devel\n",
	"2026.11-Devel",
	"2026.11-dev",
	"2026.11-rc",
	"2026.11-rc0",
	"2026.11-rc01",
	"2026.11-rc.1",
	"2026.11-rc-1",
	"2026.11-rc1000",
	"2026.11-rc1.2",
	"2026.11.-1",
	"2026.11.+1",
	"2026.11.00",
	"2026.11.01",
	"2026.11.1000",
	"2026.11.4294967296",
	"2026.11.0.0",
	"2026.11.0-rc1",
	"2026.11.0x",
	"2026.00-devel",
	"2026.13-devel",
	"2026.1-devel",
	"2026.011-devel",
	"26.11-devel",
	"1999.12-devel",
	"3000.01-devel",
	"0000.11.0",
	"02026.11.0",
	"v2026.11.0",
	"2026-11-devel",
	"2026.11_devel",
	"2026.11~devel",
	"2026,11.0",
	"refs/tags/2026.11.0",
	"2026.11.0^{}",
	"2026.11-devel+14.0123456789ab",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct name parsed(const char *text)
{
	struct name n;

	assert_int_equal(name_parse(text, &n), OK);
	return n;
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void assert_same_text(const char *text)
{
	struct name n = parsed(text);
	char again[NAME_SIZE];

	name_format(&n, again);
	assert_string_equal(again, text);
}

static void test_written_as_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ascending); i++)
		assert_same_text(ascending[i]);
}

static void test_order_of_all_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ascending); i++)
		for (size_t j = 0; j < COUNT(ascending); j++) {
			struct name a = parsed(ascending[i]);
			struct name b = parsed(ascending[j]);

			assert_int_equal(sign(name_compare(&a, &b)),
					 sign((int)i - (int)j));
		}
}

static void test_refused(void **state)
{
	const struct name before = { 2026, 11, NAME_RC, 7 };

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct name n = before;

		if (name_parse(refused[i], &n) != ERR_FORMAT)
			fail_msg("taken: %s", refused[i]);
		assert_int_equal(name_compare(&n, &before), 0);
	}
}

static void test_fields(void **state)
{
	struct name n = parsed("2026.11-devel.12");

	(void)state;
	assert_int_equal(n.year, 2026);
	assert_int_equal(n.month, 11);
	assert_int_equal(n.stage, NAME_DEVEL);
	assert_int_equal(n.number, 12);
	assert_int_equal(parsed("2026.11-devel").number, 1);
	assert_int_equal(parsed("2026.11-rc3").stage, NAME_RC);
	assert_int_equal(parsed("2026.11.0").stage, NAME_STABLE);
	assert_int_equal(parsed("2026.11.0").number, 0);
}

static void test_debian(void **state)
{
	static const char *const pairs[][2] = {
		{ "2026.11-devel", "2026.11~devel" },
		{ "2026.11-devel.2", "2026.11~devel.2" },
		{ "2026.11-rc1", "2026.11~rc1" },
		{ "2026.11.0", "2026.11.0" },
	};
	char text[NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct name n = parsed(pairs[i][0]);

		name_debian(&n, text);
		assert_string_equal(text, pairs[i][1]);
	}
}

/* Numbers at the edges and beside them. */
static const unsigned int numbers[] = { 0,  1,	2,   3,	  9,   10, 11,
					19, 99, 100, 101, 998, 999 };

/* In rising order, so an index stands for a place in the order. */
static size_t month_names(struct name *to, unsigned int year,
			  unsigned int month)
{
	size_t count = 0;

	for (int stage = NAME_DEVEL; stage <= NAME_STABLE; stage++)
		for (size_t i = 0; i < COUNT(numbers); i++) {
			struct name n = { year, month, (enum name_stage)stage,
					  numbers[i] };

			if (name_valid(&n))
				to[count++] = n;
		}
	return count;
}

static size_t all_names(struct name *to, unsigned int year)
{
	size_t count = 0;

	for (unsigned int month = 1; month <= 12; month++)
		count += month_names(to + count, year, month);
	return count;
}

static struct name *many(size_t *count)
{
	static const unsigned int years[] = { 2000, 2026, 2027, 2999 };
	struct name *all = calloc(4 * 12 * 3 * COUNT(numbers), sizeof(*all));

	assert_non_null(all);
	*count = 0;
	for (size_t i = 0; i < COUNT(years); i++)
		*count += all_names(all + *count, years[i]);
	return all;
}

static void test_identity(void **state)
{
	size_t count;
	struct name *all = many(&count);
	char text[NAME_SIZE];

	(void)state;
	assert_true(count > 1700);
	for (size_t i = 0; i < count; i++) {
		struct name n;

		name_format(&all[i], text);
		assert_int_equal(name_parse(text, &n), OK);
		assert_memory_equal(&n, &all[i], sizeof(n));
	}
	free(all);
}

/* Each of some 3 million pairs has the sign of its places: so the order is
 * total, without ties, and no three names can run in a circle. */
static void test_total_order(void **state)
{
	size_t count;
	struct name *all = many(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			if (sign(name_compare(&all[i], &all[j])) !=
			    (i > j) - (i < j))
				fail_msg("%zu and %zu", i, j);
	free(all);
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* What is taken is spelled in the one way, whatever was put in. */
static void test_damaged(void **state)
{
	static const char alphabet[] = "0123456789.-~+ rcdevlRC\n";
	uint32_t seed = 1, taken = 0;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		char text[64], again[NAME_SIZE];
		struct name n;

		strcpy(text, ascending[random_next(&seed) % COUNT(ascending)]);
		for (uint32_t k = random_next(&seed) % 4; k; k--)
			text[random_next(&seed) % strlen(text)] =
				alphabet[random_next(&seed) %
					 (sizeof(alphabet) - 1)];
		if (random_next(&seed) % 4 == 0)
			text[random_next(&seed) % strlen(text)] = '\0';
		if (name_parse(text, &n) != OK)
			continue;
		taken++;
		assert_true(name_valid(&n));
		name_format(&n, again);
		assert_string_equal(again, text);
	}
	/* Neither all nor none, or nothing was tried. */
	assert_in_range(taken, 30000, 200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_as_read),
		cmocka_unit_test(test_order_of_all_pairs),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_debian),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_total_order),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
