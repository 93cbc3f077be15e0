/* SPDX-License-Identifier: MIT */
/* Bounded strings, wiping, comparing secrets. */
/* test-sources: lib/str.c */
#include "lib/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_copy(void **state)
{
	char to[5] = "####";

	(void)state;
	assert_int_equal(str_copy(to, 5, "abcd"), OK);
	assert_string_equal(to, "abcd");
	assert_int_equal(str_copy(to, 5, "abcde"), ERR_RANGE);
	assert_string_equal(to, "abcd");
	assert_int_equal(str_copy(to, 1, ""), OK);
	assert_int_equal(str_copy(to, 1, "x"), ERR_RANGE);
	assert_string_equal(to, "");
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(str_equal("", ""));
	assert_false(str_equal("a", "ab"));
	assert_true(str_starts_with("cpus=4", "cpus="));
	assert_true(str_starts_with("x", ""));
	assert_false(str_starts_with("cpu", "cpus="));
}

static void test_bytes(void **state)
{
	uint8_t a[33], b[33];

	(void)state;
	memset(a, 7, sizeof(a));
	memset(b, 7, sizeof(b));
	assert_true(bytes_equal_secret(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(a); i++) {
		b[i] ^= 0x80;
		assert_false(bytes_equal_secret(a, b, sizeof(a)));
		b[i] ^= 0x80;
	}
	assert_true(bytes_equal_secret(a, b, 0));
	bytes_wipe(a, 32);
	assert_true(bytes_are_zero(a, 32));
	assert_false(bytes_are_zero(a, 33));
	assert_int_equal(a[32], 7);
	assert_true(bytes_are_zero(a, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
