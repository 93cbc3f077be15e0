/* SPDX-License-Identifier: MIT */
/* The map as firmware reads it: form, our region in no RAM, and room. */
/* test-sources: kernel/guest/mapout.c kernel/mm/memmap.c lib/fmt.c lib/str.c */
#include "kernel/guest/mapout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/memmap.h"
#include "tests/scale/machine.h"

#define ROOM	 16u
#define BASE	 0x8000000ull
#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED

static struct igvm_memory_map_entry out[ROOM];
static size_t count;

static void use_map(const struct scale_machine *m)
{
	struct params params = scale_params(4, 64 * SCALE_MIB);

	assert_int_equal(memmap_init(&params,
				     &(struct memmap_host){ m->entry, m->count,
							    PA_LIMIT, 0 }),
			 OK);
	memset(out, 0xaa, sizeof(out));
	count = ROOM + 1;
}

static void expect(size_t i, uint64_t start, uint64_t end, uint16_t type)
{
	assert_true(i < count);
	assert_int_equal(out[i].starting_gpa_page_number, start / PAGE_4K);
	assert_int_equal(out[i].number_of_pages, (end - start) / PAGE_4K);
	assert_int_equal(out[i].type, type);
	assert_int_equal(out[i].flags, 0);
	assert_int_equal(out[i].reserved, 0);
}

static void all_of_a_pc(void **state)
{
	struct scale_machine m = scale_machine(6 * SCALE_GIB, false);
	uint64_t end;

	(void)state;
	use_map(&m);
	end = pa_range_end(memmap_svsm());
	assert_int_equal(mapout_write(MAPOUT_ALL, out, ROOM, &count), OK);
	assert_int_equal(count, 8);
	expect(0, 0, 0xa0000, RAM);
	expect(1, 0xa0000, 0xc0000, RESERVED);
	expect(2, 0xc0000, BASE, RAM);
	expect(3, BASE, end, RESERVED);
	expect(4, end, 2 * SCALE_GIB, RAM);
	expect(5, 0xb0000000, 0xc0000000, RESERVED);
	expect(6, 4 * SCALE_GIB, 8 * SCALE_GIB, RAM);
	expect(7, SCALE_HOLE, SCALE_TIB, RESERVED);
	/* The rest is zero, not what lay there before. */
	for (size_t i = count; i < ROOM; i++)
		assert_int_equal(out[i].number_of_pages, 0);
}

static void ram_of_a_pc(void **state)
{
	struct scale_machine m = scale_machine(6 * SCALE_GIB, false);
	uint64_t end;

	(void)state;
	use_map(&m);
	end = pa_range_end(memmap_svsm());
	/* Firmware's own eight entries are enough for this. */
	assert_int_equal(mapout_write(MAPOUT_RAM, out, 8, &count), OK);
	assert_int_equal(count, 4);
	expect(0, 0, 0xa0000, RAM);
	expect(1, 0xc0000, BASE, RAM);
	expect(2, end, 2 * SCALE_GIB, RAM);
	expect(3, 4 * SCALE_GIB, 8 * SCALE_GIB, RAM);
	assert_int_equal(out[4].number_of_pages, 0);
	assert_int_equal(out[8].number_of_pages, 0xaaaaaaaaaaaaaaaa);
}

static void room_for_the_end(void **state)
{
	struct scale_machine m = scale_machine(6 * SCALE_GIB, false);
	struct igvm_memory_map_entry before[ROOM];

	(void)state;
	use_map(&m);
	memcpy(before, out, sizeof(out));
	assert_int_equal(mapout_write(MAPOUT_ALL, out, 8, &count), ERR_RANGE);
	assert_int_equal(mapout_write(MAPOUT_RAM, out, 4, &count), ERR_RANGE);
	assert_int_equal(mapout_write(MAPOUT_RAM, out, 0, &count), ERR_RANGE);
	assert_memory_equal(before, out, sizeof(out));
	assert_int_equal(count, ROOM + 1);
	assert_int_equal(mapout_write(MAPOUT_ALL, out, 9, &count), OK);
	assert_int_equal(mapout_write(MAPOUT_RAM, out, 5, &count), OK);
}

/* Our region up to an edge of its entry leaves no empty entry: it would end
 * the list. */
static void edges(void **state)
{
	struct scale_machine m = { .count = 0 };

	(void)state;
	scale_add(&m, 0, BASE, RAM);
	scale_add(&m, BASE + PAGE_2M, SCALE_GIB, RAM);
	m.entry[0].number_of_pages += PAGE_2M / PAGE_4K - 1;
	m.entry[1].starting_gpa_page_number -= 1;
	m.entry[1].number_of_pages += 1;
	use_map(&m);
	assert_int_equal(memmap_svsm().size, PAGE_2M);
	assert_int_equal(mapout_write(MAPOUT_RAM, out, ROOM, &count), OK);
	assert_int_equal(count, 2);
	expect(0, 0, BASE, RAM);
	expect(1, BASE + PAGE_2M, SCALE_GIB, RAM);
}

/* Kinds of memory keep their type; adopted tables are told as reserved. */
static void other_types(void **state)
{
	struct scale_machine m = { .count = 0 };
	struct pa_range tables = { { SCALE_GIB }, 64 }, got;

	(void)state;
	scale_add(&m, 0, SCALE_GIB, RAM);
	scale_add(&m, SCALE_GIB, SCALE_GIB + 0x10000, RESERVED);
	scale_add(&m, 2 * SCALE_GIB, 3 * SCALE_GIB, IGVM_MEMORY_MAP_PERSISTENT);
	use_map(&m);
	assert_int_equal(memmap_adopt(tables, SCALE_MIB, &got), OK);
	assert_int_equal(mapout_write(MAPOUT_ALL, out, ROOM, &count), OK);
	assert_int_equal(count, 5);
	expect(3, SCALE_GIB, SCALE_GIB + 0x10000, RESERVED);
	expect(4, 2 * SCALE_GIB, 3 * SCALE_GIB, IGVM_MEMORY_MAP_PERSISTENT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_pc),
		cmocka_unit_test(ram_of_a_pc),
		cmocka_unit_test(room_for_the_end),
		cmocka_unit_test(edges),
		cmocka_unit_test(other_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
