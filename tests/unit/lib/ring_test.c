/* SPDX-License-Identifier: MIT */
/* The byte ring keeps the newest bytes and counts what it lost. */
/* test-sources: lib/ring.c lib/str.c */
#include "lib/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_in_and_out(void **state)
{
	uint8_t bytes[8], out[16];
	struct ring r;

	(void)state;
	ring_init(&r, bytes, sizeof(bytes));
	assert_int_equal(ring_take(&r, out, sizeof(out)), 0);
	for (int round = 0; round < 20; round++) {
		ring_put(&r, "abcde", 5);
		assert_int_equal(ring_used(&r), 5);
		assert_int_equal(ring_take(&r, out, 2), 2);
		assert_int_equal(ring_peek(&r, 1, out + 3, 16), 2);
		assert_int_equal(ring_take(&r, out + 2, 1), 1);
		assert_memory_equal(out, "abcde", 5);
		assert_int_equal(ring_take(&r, out, 16), 2);
		assert_memory_equal(out, "de", 2);
	}
	assert_int_equal(r.lost, 0);
}

static void test_oldest_gives_way(void **state)
{
	uint8_t bytes[8], out[16];
	struct ring r;

	(void)state;
	ring_init(&r, bytes, sizeof(bytes));
	ring_put(&r, "0123456", 7);
	ring_put(&r, "789", 3);
	assert_int_equal(r.lost, 2);
	assert_int_equal(ring_peek(&r, 0, out, sizeof(out)), 8);
	assert_memory_equal(out, "23456789", 8);
	assert_int_equal(ring_peek(&r, 8, out, sizeof(out)), 0);
	ring_put(&r, "a text of more than eight bytes", 31);
	assert_int_equal(ring_take(&r, out, sizeof(out)), 8);
	assert_memory_equal(out, "ht bytes", 8);
	assert_int_equal(r.lost, 2 + 8 + 31 - 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_and_out),
		cmocka_unit_test(test_oldest_gives_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
