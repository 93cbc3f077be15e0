/* SPDX-License-Identifier: MIT */
/* Sorting: every small input, large ones in all orders that hurt. */
/* test-sources: lib/sort.c */
#include "lib/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 1024u

static int compare(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void check(const uint32_t *values, size_t count)
{
	uint32_t *got = malloc(count * sizeof(*got) + 1);
	uint32_t *want = malloc(count * sizeof(*want) + 1);

	memcpy(got, values, count * sizeof(*got));
	memcpy(want, values, count * sizeof(*want));
	sort_u32(got, count);
	qsort(want, count, sizeof(*want), compare);
	assert_memory_equal(got, want, count * sizeof(*got));
	free(got);
	free(want);
}

/* All sequences of up to six digits below four. */
static void all_small_inputs(void **state)
{
	(void)state;
	for (size_t count = 0; count <= 6; count++)
		for (uint32_t code = 0; code < 1u << 2 * count; code++) {
			uint32_t v[6];

			for (size_t i = 0; i < count; i++)
				v[i] = code >> 2 * i & 3;
			check(v, count);
		}
}

static void large_inputs(void **state)
{
	uint32_t v[MANY], random = 1;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		v[i] = i;
	check(v, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		v[i] = ~i;
	check(v, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		v[i] = 7;
	check(v, MANY);
	for (unsigned int round = 0; round < 50; round++) {
		for (uint32_t i = 0; i < MANY; i++)
			v[i] = random = random * 1664525u + 1013904223u;
		check(v, MANY - round);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_small_inputs),
		cmocka_unit_test(large_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
