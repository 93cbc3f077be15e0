/* SPDX-License-Identifier: MIT */
/* CRC-32: the standard's check value, in one piece and in many. */
/* test-sources: lib/crc32.c */
#include "lib/crc32.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_check_value(void **state)
{
	(void)state;
	assert_int_equal(crc32_add(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(crc32_add(0, "", 0), 0);
	assert_int_equal(crc32_add(0, "\0\0\0\0", 4), 0x2144df1c);
}

static void test_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i <= 9; i++)
		assert_int_equal(crc32_add(crc32_add(0, "123456789", i),
					   &"123456789"[i], 9 - i),
				 0xcbf43926);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_value),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
