/* SPDX-License-Identifier: MIT */
/* The images' memcpy family under other names, held against libc's. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define memcpy	bare_memcpy
#define memmove bare_memmove
#define memset	bare_memset
#define memcmp	bare_memcmp
#define memchr	bare_memchr
#define strlen	bare_strlen
#define strnlen bare_strnlen
#define strcmp	bare_strcmp
#define strncmp bare_strncmp
#define strchr	bare_strchr
#include "lib/bare/str.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr

#define ROOM 160

static void fill(uint8_t *bytes)
{
	for (size_t i = 0; i < ROOM; i++)
		bytes[i] = (uint8_t)(i * 7 + 1);
}

static void check_move(size_t to, size_t from, size_t size)
{
	uint8_t ours[ROOM], libc[ROOM];

	fill(ours);
	fill(libc);
	assert_ptr_equal(bare_memmove(ours + to, ours + from, size), ours + to);
	memmove(libc + to, libc + from, size);
	assert_memory_equal(ours, libc, ROOM);
}

static void test_move(void **state)
{
	(void)state;
	for (size_t to = 0; to < 70; to += 3)
		for (size_t from = 0; from < 70; from++)
			for (size_t size = 0; size < 90; size += 5)
				check_move(to, from, size);
	check_move(10, 10, 50);
	check_move(0, 8, 72);
	check_move(8, 0, 72);
}

static void test_copy_and_set(void **state)
{
	uint8_t from[ROOM], ours[ROOM], libc[ROOM];

	(void)state;
	fill(from);
	for (size_t size = 0; size < 100; size++) {
		size_t at = size % 9;

		memset(ours, 0, ROOM);
		memset(libc, 0, ROOM);
		assert_ptr_equal(bare_memcpy(ours + at, from + 3, size),
				 ours + at);
		memcpy(libc + at, from + 3, size);
		assert_memory_equal(ours, libc, ROOM);
		assert_ptr_equal(bare_memset(ours + at, 0x1a5, size),
				 ours + at);
		memset(libc + at, 0x1a5, size);
		assert_memory_equal(ours, libc, ROOM);
	}
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void test_compare(void **state)
{
	uint8_t a[ROOM], b[ROOM];

	(void)state;
	fill(a);
	fill(b);
	for (size_t i = 0; i < 40; i++) {
		b[i] = 0xff;
		assert_int_equal(sign(bare_memcmp(a, b, 40)),
				 sign(memcmp(a, b, 40)));
		assert_int_equal(sign(bare_memcmp(b, a, 40)),
				 sign(memcmp(b, a, 40)));
		assert_int_equal(bare_memcmp(a, b, i), 0);
		b[i] = a[i];
	}
	assert_ptr_equal(bare_memchr(a, a[20], ROOM), a + 20);
	assert_null(bare_memchr(a, a[20], 20));
}

static void test_strings(void **state)
{
	static const char *const texts[] = {
		"", "a", "ab", "abc", "b", "ab\xff"
	};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(bare_strlen(texts[i]), strlen(texts[i]));
		assert_int_equal(bare_strnlen(texts[i], 2),
				 strnlen(texts[i], 2));
		assert_ptr_equal(bare_strchr(texts[i], 'b'),
				 strchr(texts[i], 'b'));
		assert_ptr_equal(bare_strchr(texts[i], 0), strchr(texts[i], 0));
		for (size_t k = 0; k < 6; k++) {
			assert_int_equal(sign(bare_strcmp(texts[i], texts[k])),
					 sign(strcmp(texts[i], texts[k])));
			assert_int_equal(
				sign(bare_strncmp(texts[i], texts[k], 2)),
				sign(strncmp(texts[i], texts[k], 2)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_copy_and_set),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
