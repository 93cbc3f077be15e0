/* SPDX-License-Identifier: MIT */
/* Bits, masks and fields at their edges. */
#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_masks(void **state)
{
	(void)state;
	assert_true(BIT(63) == 0x8000000000000000);
	assert_true(MASK(63, 0) == ~0ull);
	assert_true(MASK(0, 0) == 1);
	assert_true(MASK(51, 12) == 0x000ffffffffff000);
}

static void test_fields(void **state)
{
	(void)state;
	assert_int_equal(FIELD_GET(MASK(11, 8), 0xabcd), 0xb);
	assert_int_equal(FIELD_MAKE(MASK(11, 8), 5), 0x500);
	assert_int_equal(FIELD_MAKE(MASK(11, 8), 0x15), 0x500);
	assert_int_equal(FIELD_SET(MASK(11, 8), 0xabcd, 5), 0xa5cd);
	assert_true(FIELD_SET(MASK(63, 63), 0, 1) == BIT(63));
	assert_true(FIELD_GET(MASK(63, 32), ~0ull) == 0xffffffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
