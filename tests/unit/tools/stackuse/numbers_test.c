/* SPDX-License-Identifier: MIT */
/* Limits out of a header: names, sums, and what is no number. */
/* test-sources: tools/stackuse/numbers.c tools/stackuse/pool.c tools/common/say.c */
#include "tools/stackuse/numbers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char header[] = "#pragma once\n"
			     "#define PAGE 4096 /* bytes */\n"
			     "#define PAGES\t(FIRST + 2)\n"
			     "#define FIRST 1u\n"
			     "  #define INDENTED 9\n"
			     "#define HEX 0x1F\n"
			     "#define HUGE 0x7fffffffffffffff\n"
			     "#define CALL(x) 5\n"
			     "#define SELF SELF + 1\n"
			     "#define PING PONG\n"
			     "#define PONG PING\n"
			     "#define TEXT \"no number\"\n"
			     "#define FIRST 3\n"
			     "#define LAST 7";

static void numbers_are(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "PAGE", 4096 },
		{ "PAGES * PAGE", 5 * 4096 },
		{ "2 + 3 * 4 - 1", 13 },
		{ "(2 + 3) * (4 - 1)", 15 },
		{ "10 - 4 - 3", 3 },
		{ " HEX+LAST ", 38 },
		{ "0", 0 },
		{ "HUGE", INT64_MAX },
		{ "4096ul", 4096 },
	};
	static const char *const bad[] = {
		"",	    "NONE",	 "1 2",	  "1 +",
		"+ 1",	    "(1",	 "1)",	  "()",
		"1 / 2",    "PAGE PAGE", "CALL",  "INDENTED",
		"SELF",	    "PING",	 "TEXT",  "0 - 1",
		"HUGE + 1", "HUGE * 2",	 "12abc", "9223372036854775808",
		"1 * (",    "2 (3)",	 "-1",	  "HUGE - 0 - HUGE - 1",
	};
	struct pool pool = { NULL };
	struct numbers numbers = { .pool = &pool };
	uint64_t value;

	(void)state;
	numbers_add(&numbers, header);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_true(numbers_value(&numbers, good[i].text, &value));
		assert_int_equal(value, good[i].value);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (numbers_value(&numbers, bad[i], &value))
			fail_msg("%s is %lu", bad[i], value);
	pool_free(&pool);
}

/* More than the stacks and the text of the evaluator hold. */
static void large_expressions_are_refused(void **state)
{
	struct pool pool = { NULL };
	struct numbers numbers = { .pool = &pool };
	char deep[2048];
	uint64_t value;

	(void)state;
	for (size_t n = 10; n < 1000; n += 30) {
		for (size_t i = 0; i < n; i++) {
			deep[i] = '(';
			deep[n + 1 + i] = ')';
		}
		deep[n] = '1';
		deep[2 * n + 1] = 0;
		assert_int_equal(numbers_value(&numbers, deep, &value),
				 n <= 31);
	}
	numbers_add(&numbers, "#define A B + B\n#define B C + C\n"
			      "#define C D + D\n#define D 1\n");
	assert_true(numbers_value(&numbers, "A", &value));
	assert_int_equal(value, 8);
	numbers_add(&numbers, "#define D E + E\n#define E F + F\n#define F "
			      "G + G\n#define G H + H\n#define H 1\n");
	assert_false(numbers_value(&numbers, "A", &value));
	pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are),
		cmocka_unit_test(large_expressions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
