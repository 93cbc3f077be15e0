/* SPDX-License-Identifier: MIT */
/* The formatter against libc's, its bounds, and what it does not know. */
/* test-sources: lib/fmt.c lib/str.c */
#include "lib/fmt.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SAME(...)                                                            \
	do {                                                                 \
		char ours[256], libc[256];                                   \
		int n = snprintf(libc, sizeof(libc), __VA_ARGS__);           \
		assert_int_equal(fmt_print(ours, sizeof(ours), __VA_ARGS__), \
				 n);                                         \
		assert_string_equal(ours, libc);                             \
	} while (0)

static void test_like_libc(void **state)
{
	(void)state;
	SAME("plain %% text");
	SAME("%s|%10s|%-10s|%.2s|%c|%3c", "abc", "abc", "abc", "abc", 'x', 'y');
	SAME("%d|%i|%5d|%05d|%-5d|", 42, -42, 42, -42, -42);
	SAME("%d %d %u", INT_MIN, INT_MAX, UINT_MAX);
	SAME("%ld %lld %lu %llu", LONG_MIN, LLONG_MIN, ULONG_MAX, ULLONG_MAX);
	SAME("%x %08x %X %lx %016llx", 0xbeefu, 0xbeefu, 0xBEEFu, ~0ul, ~0ull);
	SAME("%zu %zx %zd", SIZE_MAX, SIZE_MAX, (ssize_t)-1);
	SAME("%p %0d %u", (void *)0x1234, 0, 0u);
}

static void test_bounds(void **state)
{
	char to[8];

	(void)state;
	for (size_t size = 0; size <= sizeof(to); size++) {
		memset(to, '#', sizeof(to));
		assert_int_equal(fmt_print(to, size, "%s-%d", "abcdef", 1234),
				 11);
		for (size_t i = size; i < sizeof(to); i++)
			assert_int_equal(to[i], '#');
		if (size) {
			assert_int_equal(to[size - 1], 0);
			assert_memory_equal(to, "abcdef-", size - 1);
		}
	}
	assert_int_equal(fmt_print(NULL, 0, "%5d", 7), 5);
}

/* The text stands for arguments that nobody can find any more. */
static void test_unknown(void **state)
{
	static const char float_format[] = "a %d %f %s";
	const char *volatile format = float_format;
	char to[64];
	size_t (*print)(char *, size_t, const char *, ...) = fmt_print;

	(void)state;
	print(to, sizeof(to), format, 1);
	assert_string_equal(to, "a 1 %f %s");
	format = "broken %";
	print(to, sizeof(to), format);
	assert_string_equal(to, "broken %");
	format = "%s";
	print(to, sizeof(to), format, NULL);
	assert_string_equal(to, "(null)");
	format = "%99999999999999999999d|";
	assert_int_equal(print(to, sizeof(to), format, 5), 1025);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_libc),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
