/* SPDX-License-Identifier: MIT */
/* The memory map stays sorted and disjoint whatever is set in it. */
/* test-sources: emu/memmap.c */
#include "emu/memmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED

static struct memmap map;

static int reset(void **state)
{
	(void)state;
	memset(&map, 0, sizeof(map));
	return 0;
}

static void set(uint64_t start, uint64_t size, uint16_t type)
{
	struct pa_range r;

	assert_int_equal(pa_range_make(start, size, &r), OK);
	assert_int_equal(memmap_set(&map, r, type), OK);
}

static void entry_is(unsigned int i, uint64_t page, uint64_t pages,
		     uint16_t type)
{
	assert_in_range(i, 0, map.count - 1);
	assert_int_equal(map.e[i].starting_gpa_page_number, page);
	assert_int_equal(map.e[i].number_of_pages, pages);
	assert_int_equal(map.e[i].type, type);
}

static void test_carving(void **state)
{
	(void)state;
	set(0, 0x40000000, RAM);
	set(0xa0000, 0x60000, RESERVED);
	assert_int_equal(map.count, 3);
	entry_is(0, 0, 0xa0, RAM);
	entry_is(1, 0xa0, 0x60, RESERVED);
	entry_is(2, 0x100, 0x3ff00, RAM);
	set(0x100000000, 0x1000, RAM);
	entry_is(3, 0x100000, 1, RAM);
	/* Swallows several. */
	set(0x9f000, 0x100000000, RESERVED);
	assert_int_equal(map.count, 2);
	entry_is(0, 0, 0x9f, RAM);
	entry_is(1, 0x9f, 0x100000, RESERVED);
}

static void test_rounding(void **state)
{
	(void)state;
	set(0x800, 0x9f400, RAM); /* [0x800, 0x9fc00) */
	entry_is(0, 1, 0x9e, RAM);
	set(0x9ec00, 0x400, RESERVED);
	assert_int_equal(map.count, 2);
	entry_is(1, 0x9e, 1, RESERVED);
	assert_int_equal(memmap_pages(&map, RAM), 0x9d);
	set(0x5800, 0x100, RAM); /* less than a page: nothing */
	assert_int_equal(map.count, 2);
	set(0x5000, 0, RESERVED);
	assert_int_equal(map.count, 2);
}

static void test_order_and_join(void **state)
{
	(void)state;
	set(0x300000, 0x1000, RAM);
	set(0x100000, 0x1000, RAM);
	set(0x200000, 0x1000, RAM);
	assert_int_equal(map.count, 3);
	entry_is(0, 0x100, 1, RAM);
	entry_is(1, 0x200, 1, RAM);
	set(0x101000, 0xff000, RAM);
	assert_int_equal(map.count, 2);
	entry_is(0, 0x100, 0x101, RAM);
}

static void test_full(void **state)
{
	struct pa_range r;
	struct memmap before;

	(void)state;
	for (unsigned int i = 0; i < MEMMAP_MAX; i++)
		set((uint64_t)i * 0x2000, 0x1000, RAM);
	before = map;
	assert_int_equal(pa_range_make(0x10000000, 0x1000, &r), OK);
	assert_int_equal(memmap_set(&map, r, RAM), ERR_NOMEM);
	assert_memory_equal(&map, &before, sizeof(map));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_carving, reset),
		cmocka_unit_test_setup(test_rounding, reset),
		cmocka_unit_test_setup(test_order_and_join, reset),
		cmocka_unit_test_setup(test_full, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
