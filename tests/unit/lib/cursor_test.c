/* SPDX-License-Identifier: MIT */
/* Reader and writer: never past the end, failed once is failed for ever. */
/* test-sources: lib/str.c */
#include "lib/cursor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_reads(void **state)
{
	static const uint8_t bytes[] = { 1,    2, 3,	4,    5,    6,
					 7,    8, 0x99, 0xaa, 0xbb, 0xcc,
					 0xdd, 0, 0,	0x77 };
	struct cursor c = cursor_make(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_u16(&c), 0x0302);
	assert_int_equal(cursor_u32(&c), 0x07060504);
	cursor_align(&c, 4);
	assert_int_equal(cursor_offset(&c), 8);
	cursor_align(&c, 4);
	assert_int_equal(cursor_u64(&c), 0x770000ddccbbaa99);
	assert_int_equal(cursor_left(&c), 0);
	cursor_align(&c, 16);
	assert_false(c.failed);
	cursor_seek(&c, 15);
	assert_int_equal(cursor_u8(&c), 0x77);
	assert_false(c.failed);
	assert_non_null(cursor_take(&c, 0));
	assert_int_equal(cursor_u8(&c), 0);
	assert_true(c.failed);
}

static void test_end(void **state)
{
	static const uint8_t bytes[] = { 0xff, 0xff, 0xff };
	struct cursor c = cursor_make(bytes, sizeof(bytes));
	uint32_t v = 0x11111111;

	(void)state;
	assert_int_equal(cursor_u32(&c), 0);
	assert_true(c.failed);
	/* What would fit is not given out any more. */
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_left(&c), 0);
	cursor_bytes(&c, &v, sizeof(v));
	assert_int_equal(v, 0);
	cursor_seek(&c, 0);
	assert_true(c.failed);
	c = cursor_make(bytes, sizeof(bytes));
	cursor_skip(&c, SIZE_MAX);
	assert_true(c.failed);
	c = cursor_make(bytes, sizeof(bytes));
	cursor_seek(&c, 4);
	assert_true(c.failed);
	c = cursor_make(bytes, sizeof(bytes));
	cursor_u8(&c);
	cursor_align(&c, 8);
	assert_true(c.failed);
	c = cursor_make(NULL, 0);
	assert_int_equal(cursor_u8(&c), 0);
	assert_true(c.failed);
}

static void test_writes(void **state)
{
	static const uint8_t expected[] = { 1,	  2, 0, 4, 3, 2, 1, 0,
					    0x0d, 0, 0, 0, 0, 0, 0, 0x80 };
	uint8_t bytes[20];
	struct cursor_out c = cursor_out_make(bytes, 16);

	(void)state;
	memset(bytes, 0xee, sizeof(bytes));
	cursor_out_u8(&c, 1);
	cursor_out_u16(&c, 2);
	cursor_out_u32(&c, 0x01020304);
	cursor_out_align(&c, 8);
	cursor_out_u64(&c, 0x800000000000000d);
	assert_memory_equal(bytes, expected, 16);
	assert_false(c.failed);
	assert_int_equal(cursor_out_left(&c), 0);
	cursor_out_u8(&c, 1);
	assert_true(c.failed);
	assert_null(cursor_out_take(&c, 0));
	assert_int_equal(bytes[16], 0xee);
	c = cursor_out_make(bytes, 16);
	assert_null(cursor_out_take(&c, SIZE_MAX));
	assert_int_equal(cursor_out_offset(&c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
