/* SPDX-License-Identifier: MIT */
/* The physical map against hosts that tell the truth, and that lie. */
/* test-sources: kernel/mm/memmap.c lib/str.c */
#include "kernel/mm/memmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE	 0x8000000ull
#define MIB	 0x100000ull
#define GIB	 0x40000000ull
#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED

static struct params params;

static int setup(void **state)
{
	(void)state;
	memset(&params, 0, sizeof(params));
	params.svsm_base = BASE;
	params.image_size = 0x60000;
	params.required_size = 0x80000;
	params.svsm_max_size = 64 * MIB;
	params.cpus_max = 4;
	params.range_count = 1;
	params.range[0] = (struct params_range){ 16 * MIB, 8 * MIB };
	return 0;
}

static struct igvm_memory_map_entry entry(uint64_t start, uint64_t end,
					  uint16_t type)
{
	return (struct igvm_memory_map_entry){
		.starting_gpa_page_number = start / PAGE_4K,
		.number_of_pages = (end - start) / PAGE_4K,
		.type = type,
	};
}

#define INIT(...)                                                      \
	init((struct igvm_memory_map_entry[]){ __VA_ARGS__ },          \
	     sizeof((struct igvm_memory_map_entry[]){ __VA_ARGS__ }) / \
		     sizeof(struct igvm_memory_map_entry))

static enum err init(const struct igvm_memory_map_entry *list, size_t count)
{
	return memmap_init(&params, list, count);
}

static bool guest(uint64_t start, uint64_t size)
{
	return memmap_guest(start, size) != NULL;
}

static void ordinary_machine(void **state)
{
	(void)state;
	assert_int_equal(
		INIT(entry(0, 0xa0000, RAM), entry(0xf0000, MIB, RESERVED),
		     entry(MIB, GIB, RAM), entry(4 * GIB, 5 * GIB, RAM)),
		OK);
	assert_int_equal(memmap_count(), 4);
	assert_int_equal(memmap_svsm().start.v, BASE);
	assert_int_equal(memmap_svsm().size % PAGE_2M, 0);
	assert_true(guest(0, 0xa0000));
	assert_false(guest(0, 0xa1000));
	assert_false(guest(0xf0000, PAGE_4K));
	assert_false(guest(GIB, PAGE_4K));
	assert_true(guest(5 * GIB - PAGE_4K, PAGE_4K));
	assert_false(guest(5 * GIB - PAGE_4K, PAGE_4K + 1));
	assert_false(guest(MIB, 0));
	assert_int_equal(memmap_ram_end(), 5 * GIB);
	assert_int_equal(memmap_guest_bytes(),
			 0xa0000 + GIB - MIB + GIB - memmap_svsm().size);
	assert_int_equal(memmap_chunks(), 1 + 512 + 512);
}

static void our_region_is_nobodys(void **state)
{
	uint64_t end;

	(void)state;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
	end = pa_range_end(memmap_svsm());
	assert_false(guest(BASE, PAGE_4K));
	assert_false(guest(end - PAGE_4K, PAGE_4K));
	assert_false(guest(BASE - PAGE_4K, 2 * PAGE_4K));
	assert_false(guest(0, GIB));
	assert_true(guest(BASE - PAGE_4K, PAGE_4K));
	assert_true(guest(end, PAGE_4K));
}

static void any_order_is_sorted_and_merged(void **state)
{
	(void)state;
	assert_int_equal(INIT(entry(512 * MIB, GIB, RAM),
			      entry(0, 256 * MIB, RAM),
			      entry(256 * MIB, 512 * MIB, RAM)),
			 OK);
	assert_int_equal(memmap_count(), 1);
	assert_int_equal(memmap_get(0)->range.size, GIB);
	assert_null(memmap_get(1));
	assert_true(guest(255 * MIB, 2 * MIB));
}

static void empty_entry_ends_the_list(void **state)
{
	(void)state;
	assert_int_equal(INIT(entry(0, GIB, RAM), entry(0, 0, RAM),
			      entry(0, GIB, RESERVED)),
			 OK);
	assert_int_equal(memmap_count(), 1);
}

static void overlaps_are_refused(void **state)
{
	(void)state;
	assert_int_equal(INIT(entry(0, GIB, RAM),
			      entry(BASE, BASE + PAGE_4K, RESERVED)),
			 ERR_FORMAT);
	assert_int_equal(INIT(entry(BASE, BASE + PAGE_4K, RESERVED),
			      entry(0, GIB, RAM)),
			 ERR_FORMAT);
	assert_int_equal(INIT(entry(0, GIB, RAM), entry(0, GIB, RAM)),
			 ERR_FORMAT);
	assert_int_equal(INIT(entry(0, GIB, RAM),
			      entry(GIB - PAGE_4K, 2 * GIB, RAM)),
			 ERR_FORMAT);
}

static void wraps_are_refused(void **state)
{
	struct igvm_memory_map_entry e = entry(0, GIB, RAM);

	(void)state;
	e.number_of_pages = ~0ull;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	e.starting_gpa_page_number = ~0ull;
	e.number_of_pages = 2;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	e.starting_gpa_page_number = 1ull << 52;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	e = entry(0, GIB, 77);
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	e = entry(0, 0, RAM);
	e.number_of_pages = PA_LIMIT / PAGE_4K;
	/* All addresses there are: demand is capped, nothing overflows. */
	assert_int_equal(init(&e, 1), OK);
	assert_int_equal(memmap_svsm().size, params.svsm_max_size);
}

static void too_many_entries(void **state)
{
	struct igvm_memory_map_entry list[MEMMAP_MAX + 1];
	unsigned int i;

	(void)state;
	for (i = 0; i <= MEMMAP_MAX; i++)
		list[i] = entry(i * GIB, i * GIB + GIB - PAGE_4K, RAM);
	assert_int_equal(init(list, MEMMAP_MAX), OK);
	assert_int_equal(init(list, MEMMAP_MAX + 1), ERR_NOMEM);
}

static void image_must_be_ram(void **state)
{
	(void)state;
	assert_int_equal(init(NULL, 0), ERR_RANGE);
	assert_int_equal(INIT(entry(0, BASE, RAM)), ERR_RANGE);
	assert_int_equal(INIT(entry(0, BASE + PAGE_4K, RAM)), ERR_RANGE);
	assert_int_equal(INIT(entry(0, BASE, RAM),
			      entry(BASE, BASE + 64 * MIB, RESERVED)),
			 ERR_RANGE);
	/* The hole lies in what we would carve out. */
	assert_int_equal(INIT(entry(0, BASE + MIB, RAM),
			      entry(BASE + 2 * MIB, GIB, RAM)),
			 ERR_RANGE);
}

static void guest_pages_must_be_ram_and_not_ours(void **state)
{
	(void)state;
	params.range[0].start = 2 * GIB;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params.range[0].start = BASE + params.image_size;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params.range[0].start = ~0ull - PAGE_4K;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params.range[0].start = BASE + 64 * MIB;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
	params.range_count = PARAMS_MAX_RANGES + 1;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
}

static void size_follows_ram_and_cpus(void **state)
{
	uint64_t small, large;

	(void)state;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
	small = memmap_svsm().size;
	params.cpus_max = 256;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
	large = memmap_svsm().size;
	assert_true(large >= small + 252 * 0x10000);
	assert_int_equal(INIT(entry(0, 64 * GIB, RAM)), OK);
	assert_true(memmap_svsm().size > large);
	params.svsm_max_size = params.image_size + params.required_size;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
	assert_int_equal(memmap_svsm().size, params.svsm_max_size);
	params.svsm_max_size -= PAGE_4K;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
}

static void adopted_range_becomes_the_guests(void **state)
{
	struct pa_range r = { { GIB - 2 * PAGE_4K }, 100 };
	struct pa_range got;
	uint32_t before;

	(void)state;
	assert_int_equal(INIT(entry(0, GIB - 0x20000, RAM),
			      entry(GIB - 0x20000, GIB, RESERVED)),
			 OK);
	before = memmap_chunks();
	assert_false(guest(r.start.v, r.size));
	assert_int_equal(memmap_adopt(r, 0x10000, &got), ERR_RANGE);
	assert_int_equal(memmap_adopt(r, MIB, &got), OK);
	assert_int_equal(got.start.v, GIB - 0x20000);
	assert_int_equal(got.size, 0x20000);
	assert_true(guest(r.start.v, r.size));
	assert_int_equal(memmap_chunks(), before + 1);
	assert_int_equal(memmap_ram_end(), GIB - 0x20000);
	/* RAM, nothing, or across an edge cannot be adopted. */
	assert_int_equal(memmap_adopt(r, MIB, &got), ERR_ABSENT);
	r.start.v = MIB;
	assert_int_equal(memmap_adopt(r, MIB, &got), ERR_ABSENT);
	r.start.v = 2 * GIB;
	assert_int_equal(memmap_adopt(r, MIB, &got), ERR_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(ordinary_machine, setup),
		cmocka_unit_test_setup(our_region_is_nobodys, setup),
		cmocka_unit_test_setup(any_order_is_sorted_and_merged, setup),
		cmocka_unit_test_setup(empty_entry_ends_the_list, setup),
		cmocka_unit_test_setup(overlaps_are_refused, setup),
		cmocka_unit_test_setup(wraps_are_refused, setup),
		cmocka_unit_test_setup(too_many_entries, setup),
		cmocka_unit_test_setup(image_must_be_ram, setup),
		cmocka_unit_test_setup(guest_pages_must_be_ram_and_not_ours,
				       setup),
		cmocka_unit_test_setup(size_follows_ram_and_cpus, setup),
		cmocka_unit_test_setup(adopted_range_becomes_the_guests, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
