/* SPDX-License-Identifier: MIT */
/* Cuts, and the E820 table made with them, also from lying maps. */
/* test-sources: kernel/guest/e820.c kernel/guest/cuts.c kernel/mm/memmap.c */
/* test-sources: lib/fmt.c lib/str.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/guest/e820.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/base/percpu.h"
#include "tests/fake/hw/fake.h"

#define MIB	 0x100000ull
#define GIB	 0x40000000ull
#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED
#define BASE	 (128 * MIB)

static struct linux_boot_params bp;
static struct percpu cpu;

static int setup(void **state)
{
	(void)state;
	fake_reset(PAGE_2M);
	memset(&cpu, 0, sizeof(cpu));
	fake.gs = &cpu;
	memset(&bp, 0, sizeof(bp));
	return 0;
}

static void pieces(void **state)
{
	struct pa_range whole = { { 0x10000 }, 0x10000 };
	struct cuts cuts = { 0 };
	uint64_t at = whole.start.v;
	struct cut c;

	(void)state;
	assert_int_equal(cuts_add(&cuts, 0x1c000, 0x10000, 2), OK);
	assert_int_equal(cuts_add(&cuts, 0x14800, 0x900, 1), OK);
	assert_int_equal(cuts_add(&cuts, 0x8000, 0x8000, 3), OK);
	assert_int_equal(cuts_add(&cuts, 0x16000, 0x1000, 4), OK);
	assert_int_equal(cuts_add(&cuts, 0x15fff, 1, 4), ERR_EXISTS);
	assert_int_equal(cuts_add(&cuts, 0x30000, 0, 4), OK);
	assert_int_equal(cuts_add(&cuts, PA_LIMIT, 0x1000, 4), ERR_RANGE);
	assert_int_equal(cuts_add(&cuts, ~0ull, 2, 4), ERR_RANGE);
	assert_true(cuts_next(&cuts, whole, &at, &c));
	assert_int_equal(c.range.start.v, 0x10000);
	assert_int_equal(c.range.size, 0x4000);
	assert_int_equal(c.kind, CUT_NONE);
	assert_true(cuts_next(&cuts, whole, &at, &c));
	assert_int_equal(c.range.start.v, 0x14000);
	assert_int_equal(c.range.size, 0x2000);
	assert_int_equal(c.kind, 1);
	assert_true(cuts_next(&cuts, whole, &at, &c));
	assert_int_equal(c.range.start.v, 0x16000);
	assert_int_equal(c.kind, 4);
	assert_true(cuts_next(&cuts, whole, &at, &c));
	assert_int_equal(c.range.start.v, 0x17000);
	assert_int_equal(c.range.size, 0x5000);
	assert_int_equal(c.kind, CUT_NONE);
	assert_true(cuts_next(&cuts, whole, &at, &c));
	assert_int_equal(c.range.start.v, 0x1c000);
	assert_int_equal(c.range.size, 0x4000);
	assert_int_equal(c.kind, 2);
	assert_false(cuts_next(&cuts, whole, &at, &c));
}

static void too_many_cuts(void **state)
{
	struct cuts cuts = { 0 };

	(void)state;
	for (unsigned int i = 0; i < CUTS_MAX; i++)
		assert_int_equal(cuts_add(&cuts, (CUTS_MAX - i) * 0x2000,
					  0x1000, 1),
				 OK);
	assert_int_equal(cuts_add(&cuts, 0x100000, 0x1000, 1), ERR_NOMEM);
	for (unsigned int i = 1; i < CUTS_MAX; i++)
		assert_true(cuts.cut[i - 1].range.start.v <
			    cuts.cut[i].range.start.v);
}

struct map {
	struct igvm_memory_map_entry entry[MEMMAP_MAX];
	size_t count;
};

static void add(struct map *m, uint64_t start, uint64_t end, uint16_t type)
{
	m->entry[m->count++] = (struct igvm_memory_map_entry){
		.starting_gpa_page_number = start / PAGE_4K,
		.number_of_pages = (end - start) / PAGE_4K,
		.type = type,
	};
}

static void map_use_at(const struct map *m, uint64_t base, uint64_t size)
{
	struct params params = {
		.svsm_base = base,
		.image_size = 0x40000,
		.required_size = 0x100000,
		.svsm_min_size = size,
		.svsm_max_size = 64 * MIB,
		.cpus_max = 4,
	};

	assert_int_equal(memmap_init(&params,
				     &(struct memmap_host){ m->entry, m->count,
							    PA_LIMIT, 0 }),
			 OK);
}

static void map_use(const struct map *m)
{
	map_use_at(m, BASE, PAGE_2M);
}

static void expect(unsigned int i, uint64_t start, uint64_t end, uint32_t type)
{
	assert_true(i < bp.e820_entries);
	assert_int_equal(bp.e820_table[i].addr, start);
	assert_int_equal(bp.e820_table[i].size, end - start);
	assert_int_equal(bp.e820_table[i].type, type);
}

static void cuts_of(struct cuts *cuts)
{
	struct pa_range ours = memmap_svsm();

	*cuts = (struct cuts){ 0 };
	assert_int_equal(cuts_add(cuts, ours.start.v, ours.size,
				  LINUX_E820_RESERVED),
			 OK);
	assert_int_equal(cuts_add(cuts, 0xa0000, 0x60000, E820_HOLE), OK);
	assert_int_equal(cuts_add(cuts, 0x1b000, 0x4000, LINUX_E820_RESERVED),
			 OK);
}

static void ordinary_map(void **state)
{
	struct pa_range tables = { { 0x7ffe0000 }, 0x20000 };
	struct map m = { .count = 0 };
	struct pa_range ours;
	struct cuts cuts;

	(void)state;
	add(&m, 0, 0x9f000, RAM);
	add(&m, 0x9f000, 0x100000, RESERVED);
	add(&m, 0x100000, 0x7ffe0000, RAM);
	add(&m, 0x7ffe0000, 0x80000000, RESERVED);
	add(&m, 0xb0000000, 0xc0000000, RESERVED);
	add(&m, 4 * GIB, 5 * GIB, RAM);
	map_use(&m);
	ours = memmap_svsm();
	cuts_of(&cuts);
	assert_int_equal(e820_build(&cuts, tables, &bp), OK);
	assert_int_equal(bp.e820_entries, 10);
	expect(0, 0, 0x1b000, LINUX_E820_RAM);
	expect(1, 0x1b000, 0x1f000, LINUX_E820_RESERVED);
	expect(2, 0x1f000, 0x9f000, LINUX_E820_RAM);
	expect(3, 0x9f000, 0x100000, LINUX_E820_RESERVED);
	expect(4, 0x100000, BASE, LINUX_E820_RAM);
	expect(5, BASE, BASE + ours.size, LINUX_E820_RESERVED);
	expect(6, BASE + ours.size, 0x7ffe0000, LINUX_E820_RAM);
	expect(7, 0x7ffe0000, 0x80000000, LINUX_E820_ACPI);
	expect(8, 0xb0000000, 0xc0000000, LINUX_E820_RESERVED);
	expect(9, 4 * GIB, 5 * GIB, LINUX_E820_RAM);
}

/* One range of RAM over everything, as QEMU's fw_cfg tells it. */
static void map_without_hole(void **state)
{
	struct pa_range none = { { 0 }, 0 };
	struct map m = { .count = 0 };
	struct cuts cuts;

	(void)state;
	add(&m, 0, GIB, RAM);
	map_use(&m);
	cuts_of(&cuts);
	assert_int_equal(e820_build(&cuts, none, &bp), OK);
	assert_int_equal(bp.e820_entries, 6);
	expect(2, 0x1f000, 0xa0000, LINUX_E820_RAM);
	expect(3, 0x100000, BASE, LINUX_E820_RAM);
	for (unsigned int i = 0; i < bp.e820_entries; i++) {
		const struct linux_e820 *e = &bp.e820_table[i];
		struct pa_range r = { { e->addr }, e->size };

		assert_true(e->type != LINUX_E820_RAM ||
			    !pa_range_overlap(memmap_svsm(), r));
	}
}

/* Elsewhere, and large: what is reserved follows. */
static void moved_carve_out(void **state)
{
	static const uint64_t bases[] = { 16 * MIB, 700 * MIB, 4 * GIB,
					  5 * GIB - 48 * MIB };
	struct pa_range none = { { 0 }, 0 };

	(void)state;
	for (unsigned int i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		struct map m = { .count = 0 };
		uint64_t ram = 0, ours = 0;
		struct cuts cuts;

		add(&m, 0, 2 * GIB, RAM);
		add(&m, 4 * GIB, 5 * GIB, RAM);
		map_use_at(&m, bases[i], 48 * MIB);
		assert_int_equal(memmap_svsm().size, 48 * MIB);
		cuts_of(&cuts);
		assert_int_equal(e820_build(&cuts, none, &bp), OK);
		for (unsigned int k = 0; k < bp.e820_entries; k++) {
			const struct linux_e820 *e = &bp.e820_table[k];

			if (e->type == LINUX_E820_RAM)
				ram += e->size;
			else if (e->addr == bases[i])
				ours += e->size;
		}
		assert_int_equal(ours, 48 * MIB);
		assert_int_equal(ram, 3 * GIB - 48 * MIB - 0x60000 - 0x4000);
	}
}

/* Types that no one asked for are reserved, never RAM. */
static void strange_types(void **state)
{
	struct pa_range none = { { 0 }, 0 };
	struct map m = { .count = 0 };
	struct cuts cuts;

	(void)state;
	add(&m, 0, GIB, RAM);
	add(&m, GIB, 2 * GIB, IGVM_MEMORY_MAP_PERSISTENT);
	add(&m, 2 * GIB, 3 * GIB, IGVM_MEMORY_MAP_HIDDEN);
	map_use(&m);
	cuts_of(&cuts);
	assert_int_equal(e820_build(&cuts, none, &bp), OK);
	expect(6, GIB, 3 * GIB, LINUX_E820_RESERVED);
}

/* As many entries as the map can have: bounded by the table, or refused. */
static void crowded_map(void **state)
{
	struct pa_range none = { { 0 }, 0 };
	struct map m = { .count = 0 };
	struct cuts cuts;

	(void)state;
	add(&m, 0, GIB, RAM);
	while (m.count < MEMMAP_MAX)
		add(&m, GIB + m.count * 0x4000, GIB + m.count * 0x4000 + 0x1000,
		    (uint16_t)(m.count % 2 ? RAM : RESERVED));
	map_use(&m);
	cuts_of(&cuts);
	assert_int_equal(e820_build(&cuts, none, &bp), OK);
	assert_int_equal(bp.e820_entries, MEMMAP_MAX - 1 + 6);
	for (unsigned int i = 1; i < bp.e820_entries; i++)
		assert_true(bp.e820_table[i].addr >=
			    bp.e820_table[i - 1].addr +
				    bp.e820_table[i - 1].size);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(pieces),	     T(too_many_cuts), T(ordinary_map),
		T(map_without_hole), T(strange_types), T(crowded_map),
		T(moved_carve_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
