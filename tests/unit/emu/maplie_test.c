/* SPDX-License-Identifier: MIT */
/* Each lie differs from the true map in the one way that it names. */
/* test-sources: emu/maplie.c emu/memmap.c lib/str.c */
#include "emu/maplie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED

static struct memmap map;
static struct igvm_memory_map_entry told[MAPLIE_ENTRIES];

static int reset(void **state)
{
	static const struct {
		uint64_t start, size;
		uint16_t type;
	} parts[] = {
		{ 0, 0xa0000, RAM },
		{ 0xa0000, 0x20000, RESERVED },
		{ 0xc0000, 0x10000000, RAM },
	};

	(void)state;
	memset(&map, 0, sizeof(map));
	for (unsigned int i = 0; i < 3; i++) {
		struct pa_range r = { { parts[i].start }, parts[i].size };

		if (memmap_set(&map, r, parts[i].type) != OK)
			return -1;
	}
	return 0;
}

static size_t tell(enum maplie_kind kind, uint64_t at)
{
	memset(told, 0, sizeof(told));
	return maplie_tell(&(struct maplie){ kind, at }, &map, told);
}

static uint64_t end_of(size_t i)
{
	return told[i].starting_gpa_page_number + told[i].number_of_pages;
}

static void entry_is(size_t i, uint64_t page, uint64_t pages, uint16_t type)
{
	assert_int_equal(told[i].starting_gpa_page_number, page);
	assert_int_equal(told[i].number_of_pages, pages);
	assert_int_equal(told[i].type, type);
}

static void truth(void **state)
{
	(void)state;
	assert_int_equal(tell(MAPLIE_NONE, 0), 3);
	assert_memory_equal(told, map.e, 3 * sizeof(told[0]));
}

static void form(void **state)
{
	(void)state;
	assert_int_equal(tell(MAPLIE_UNSORTED, 0), 3);
	entry_is(0, 0xa0, 0x20, RESERVED);
	entry_is(1, 0, 0xa0, RAM);
	assert_int_equal(tell(MAPLIE_OVERLAP, 0), 3);
	assert_true(told[1].starting_gpa_page_number < end_of(0));
	assert_int_equal(tell(MAPLIE_DUPLICATE, 0), 4);
	entry_is(0, 0, 0xa0, RAM);
	entry_is(1, 0, 0xa0, RAM);
	entry_is(3, 0xc0, 0x10000, RAM);
	assert_int_equal(tell(MAPLIE_WRAP, 0), 4);
	assert_true(end_of(3) > 1ull << 52);
	assert_int_equal(tell(MAPLIE_EMPTY, 0), 0);
	assert_int_equal(tell(MAPLIE_TYPE, 0), 3);
	entry_is(2, 0xc0, 0x10000, 77);
	assert_int_equal(tell(MAPLIE_HUGE, 0), 4);
	entry_is(3, 0x10000000, 0x10000000, RAM);
}

static void many_pages(void **state)
{
	size_t n = tell(MAPLIE_MANY, 0);

	(void)state;
	assert_int_equal(n, 0xa0 + 2);
	for (size_t i = 1; i < n; i++)
		assert_int_equal(told[i].starting_gpa_page_number,
				 end_of(i - 1));
	assert_int_not_equal(told[0].type, told[1].type);
	/* A long first entry is spread as far as there is room. */
	memset(&map, 0, sizeof(map));
	assert_int_equal(
		memmap_set(&map, (struct pa_range){ { 0 }, 1 << 24 }, RAM), OK);
	assert_int_equal(memmap_set(&map,
				    (struct pa_range){ { 1 << 24 }, 1 << 24 },
				    RESERVED),
			 OK);
	assert_in_range(tell(MAPLIE_MANY, 0), 65, MAPLIE_ENTRIES);
}

static void pages_at_addresses(void **state)
{
	(void)state;
	assert_int_equal(tell(MAPLIE_HOLE, 0x8000000), 5);
	entry_is(3, 0x8000, 1, RESERVED);
	entry_is(4, 0x8001, 0x10000 - 0x7f41, RAM);
	assert_int_equal(tell(MAPLIE_RAM, 0x7ffffffff000), 4);
	entry_is(3, 0x7ffffffff, 1, RAM);
	assert_int_equal(tell(MAPLIE_SMALL, 0x8000000), 4);
	entry_is(2, 0xc0, 0x7f40, RAM);
	entry_is(3, 0x8000, 0x10000 - 0x7f40, RESERVED);
	/* There is no RAM to take away. */
	assert_int_equal(tell(MAPLIE_SMALL, 0x80000000), 3);
}

static void names(void **state)
{
	enum maplie_kind kind = MAPLIE_NONE;

	(void)state;
	assert_int_equal(maplie_named("hole@", 4, &kind), OK);
	assert_int_equal(kind, MAPLIE_HOLE);
	assert_true(maplie_has_address(kind));
	assert_int_equal(maplie_named("huge", 4, &kind), OK);
	assert_false(maplie_has_address(kind));
	assert_int_equal(maplie_named("huge", 3, &kind), ERR_ABSENT);
	assert_int_equal(maplie_named("", 0, &kind), ERR_ABSENT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(truth, reset),
		cmocka_unit_test_setup(form, reset),
		cmocka_unit_test_setup(many_pages, reset),
		cmocka_unit_test_setup(pages_at_addresses, reset),
		cmocka_unit_test_setup(names, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
