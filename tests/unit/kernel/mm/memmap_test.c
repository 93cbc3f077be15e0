/* SPDX-License-Identifier: MIT */
/* The physical map against hosts that tell the truth, and that lie. */
/* test-sources: kernel/mm/memmap.c lib/fmt.c lib/str.c */
#include "kernel/mm/memmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "abi/snp/vmsa.h"

#define BASE	 0x8000000ull
#define MIB	 0x100000ull
#define GIB	 0x40000000ull
#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED

static struct params params;
static uint64_t limit;

static int setup(void **state)
{
	(void)state;
	limit = PA_LIMIT;
	memset(&params, 0, sizeof(params));
	params.svsm_base = BASE;
	params.image_size = 0x60000;
	params.required_size = 0x80000;
	params.svsm_min_size = 2 * MIB;
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
	return memmap_init(&params,
			   &(struct memmap_host){ list, count, limit, 0 });
}

/* The list is refused with these words. */
#define REFUSED(want, words, ...)                               \
	do {                                                    \
		assert_int_equal(INIT(__VA_ARGS__), want);      \
		assert_string_equal(memmap_refusal(), (words)); \
	} while (0)

#define SAYS(words) assert_string_equal(memmap_refusal(), (words))

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

static void neighbours_are_merged(void **state)
{
	(void)state;
	assert_int_equal(
		INIT(entry(0, 256 * MIB, RAM), entry(256 * MIB, 512 * MIB, RAM),
		     entry(512 * MIB, GIB, RAM), entry(GIB, 2 * GIB, RESERVED)),
		OK);
	assert_int_equal(memmap_count(), 2);
	assert_int_equal(memmap_get(0)->range.size, GIB);
	assert_null(memmap_get(2));
	assert_true(guest(255 * MIB, 2 * MIB));
}

static void unsorted_is_refused(void **state)
{
	(void)state;
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (0x0-0xfffffff) lies below entry "
		"0: not sorted",
		entry(512 * MIB, GIB, RAM), entry(0, 256 * MIB, RAM));
	/* The entry that is out of place, not the first one. */
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 2 (0x10000000-0x1fffffff) lies below "
		"entry 1: not sorted",
		entry(0, 256 * MIB, RAM), entry(512 * MIB, GIB, RAM),
		entry(256 * MIB, 512 * MIB, RAM));
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
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (0x8000000-0x8000fff) overlaps "
		"entry 0",
		entry(0, GIB, RAM), entry(BASE, BASE + PAGE_4K, RESERVED));
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (0x0-0x3fffffff) overlaps entry 0",
		entry(BASE, BASE + PAGE_4K, RESERVED), entry(0, GIB, RAM));
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (0x0-0x3fffffff) overlaps entry 0",
		entry(0, GIB, RAM), entry(0, GIB, RAM));
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 2 (0x3ffff000-0x7fffffff) overlaps "
		"entry 1",
		entry(0, MIB, RAM), entry(MIB, GIB, RAM),
		entry(GIB - PAGE_4K, 2 * GIB, RAM));
}

static void wraps_are_refused(void **state)
{
	struct igvm_memory_map_entry e = entry(0, GIB, RAM);

	(void)state;
	e.number_of_pages = ~0ull;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	SAYS("host's memory map: entry 0 (page 0x0 and 0xfffffffffffffffe "
	     "more) passes the last address 0xfffffffffffff");
	e.starting_gpa_page_number = ~0ull;
	e.number_of_pages = 2;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	e.starting_gpa_page_number = 1ull << 52;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	/* The last page there is, and one more. */
	e.starting_gpa_page_number = PA_LIMIT / PAGE_4K - 1;
	assert_int_equal(init(&e, 1), ERR_FORMAT);
	e.number_of_pages = 1;
	assert_int_equal(init(&e, 1), ERR_RANGE);
}

/* RAM at an address with the C-bit is other RAM by a second name. */
static void nothing_reaches_the_c_bit(void **state)
{
	(void)state;
	limit = 1ull << 47;
	assert_int_equal(
		INIT(entry(0, GIB, RAM), entry(limit - GIB, limit, RAM)), OK);
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (page 0x800008000 and 0x0 more) "
		"passes the last address 0x7fffffffffff",
		entry(0, GIB, RAM),
		entry(limit + BASE, limit + BASE + PAGE_4K, RAM));
	assert_int_equal(INIT(entry(0, GIB, RAM),
			      entry(limit - PAGE_4K, limit + PAGE_4K, RAM)),
			 ERR_FORMAT);
	assert_int_equal(INIT(entry(0, GIB, RAM),
			      entry(limit, limit + PAGE_4K, RESERVED)),
			 ERR_FORMAT);
}

static void types_are_known(void **state)
{
	(void)state;
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (0x40000000-0x7fffffff) is of "
		"unknown type 77",
		entry(0, GIB, RAM), entry(GIB, 2 * GIB, 77));
	assert_int_equal(INIT(entry(0, GIB, RAM),
			      entry(GIB, 2 * GIB, IGVM_MEMORY_MAP_HIDDEN)),
			 OK);
	/* Memory of other kinds is nobody's. */
	assert_false(guest(GIB, PAGE_4K));
	assert_int_equal(memmap_ram_end(), GIB);
}

static void save_area_is_no_ram(void **state)
{
	(void)state;
	REFUSED(ERR_FORMAT,
		"host's memory map: entry 1 (0xfffffffff000-0xffffffffffff) "
		"covers the save area at 0xfffffffff000",
		entry(0, GIB, RAM),
		entry(VMSA_BOOT_GPA, VMSA_BOOT_GPA + PAGE_4K, RAM));
	assert_int_equal(INIT(entry(0, GIB, RAM),
			      entry(VMSA_BOOT_GPA - GIB,
				    VMSA_BOOT_GPA + 2 * PAGE_4K, RAM)),
			 ERR_FORMAT);
	assert_int_equal(
		INIT(entry(0, GIB, RAM),
		     entry(VMSA_BOOT_GPA, VMSA_BOOT_GPA + PAGE_4K, RESERVED)),
		OK);
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
	SAYS("host's memory map: more than 64 ranges");
	/* Entries that join are one range: any number of them will do. */
	for (i = 0; i <= MEMMAP_MAX; i++)
		list[i] = entry(i * GIB, i * GIB + GIB, RAM);
	assert_int_equal(init(list, MEMMAP_MAX + 1), OK);
	assert_int_equal(memmap_count(), 1);
}

static void more_ram_than_is_recorded(void **state)
{
	(void)state;
	assert_int_equal(INIT(entry(0, 8192 * GIB, RAM)), OK);
	REFUSED(ERR_RANGE,
		"host's memory map: 8193 GiB of RAM, more than the 8192 that "
		"are supported",
		entry(0, 8193 * GIB, RAM));
}

static void image_must_be_ram(void **state)
{
	(void)state;
	assert_int_equal(init(NULL, 0), ERR_FORMAT);
	SAYS("host's memory map: it is empty");
	REFUSED(ERR_RANGE,
		"host's memory map: the SVSM's image 0x8000000-0x80dffff is not "
		"all RAM: 0x8000000 is none",
		entry(0, BASE, RAM));
	REFUSED(ERR_RANGE,
		"host's memory map: the SVSM's image 0x8000000-0x80dffff is not "
		"all RAM: 0x8001000 is none",
		entry(0, BASE + PAGE_4K, RAM));
	REFUSED(ERR_RANGE,
		"host's memory map: the SVSM's image 0x8000000-0x80dffff is not "
		"all RAM: 0x8000000 is none",
		entry(0, BASE, RAM), entry(BASE, BASE + 64 * MIB, RESERVED));
	/* The hole lies in what we would carve out. */
	REFUSED(ERR_RANGE,
		"host's memory map: the SVSM's memory 0x8000000-0x81fffff is "
		"not all RAM: 0x8100000 is none",
		entry(0, BASE + MIB, RAM), entry(BASE + 2 * MIB, GIB, RAM));
}

static void guest_pages_must_be_ram(void **state)
{
	(void)state;
	params.range[0].start = 2 * GIB;
	REFUSED(ERR_RANGE,
		"host's memory map: the guest's launch memory "
		"0x80000000-0x807fffff is not all RAM: 0x80000000 is none",
		entry(0, GIB, RAM));
	params.range[0].start = 16 * MIB;
	REFUSED(ERR_RANGE,
		"host's memory map: the guest's launch memory "
		"0x1000000-0x17fffff is not all RAM: 0x17ff000 is none",
		entry(0, 24 * MIB - PAGE_4K, RAM), entry(24 * MIB, GIB, RAM));
	/* It may lie in two entries, as long as all of it is RAM. */
	assert_int_equal(
		INIT(entry(0, 20 * MIB, RAM), entry(20 * MIB, GIB, RAM)), OK);
}

static void guest_pages_must_not_be_ours(void **state)
{
	(void)state;
	params.range[0].start = BASE + params.image_size;
	REFUSED(ERR_RANGE,
		"image parameters: guest pages at 0x8060000 overlap the SVSM, "
		"or wrap",
		entry(0, GIB, RAM));
	params.range[0].start = BASE - params.range[0].size + PAGE_4K;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params.range[0].start = ~0ull - PAGE_4K;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params.range[0].start = BASE + 64 * MIB;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
	params.range[0].start = BASE - params.range[0].size;
	assert_int_equal(INIT(entry(0, GIB, RAM)), OK);
}

static void parameters_make_sense(void **state)
{
	const struct params good = params;

	(void)state;
	params.range_count = PARAMS_MAX_RANGES + 1;
	REFUSED(ERR_RANGE, "image parameters make no sense",
		entry(0, GIB, RAM));
	params = good;
	params.svsm_min_size = params.svsm_max_size + PAGE_2M;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params = good;
	params.cpus_max = ~0u;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params = good;
	params.image_size = ~0ull - PAGE_4K;
	assert_int_equal(INIT(entry(0, GIB, RAM)), ERR_RANGE);
	params = good;
	params.svsm_base = PA_LIMIT - PAGE_2M;
	params.svsm_min_size = 2 * PAGE_2M;
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
		cmocka_unit_test_setup(neighbours_are_merged, setup),
		cmocka_unit_test_setup(unsorted_is_refused, setup),
		cmocka_unit_test_setup(empty_entry_ends_the_list, setup),
		cmocka_unit_test_setup(overlaps_are_refused, setup),
		cmocka_unit_test_setup(wraps_are_refused, setup),
		cmocka_unit_test_setup(nothing_reaches_the_c_bit, setup),
		cmocka_unit_test_setup(types_are_known, setup),
		cmocka_unit_test_setup(save_area_is_no_ram, setup),
		cmocka_unit_test_setup(more_ram_than_is_recorded, setup),
		cmocka_unit_test_setup(too_many_entries, setup),
		cmocka_unit_test_setup(image_must_be_ram, setup),
		cmocka_unit_test_setup(guest_pages_must_be_ram, setup),
		cmocka_unit_test_setup(guest_pages_must_not_be_ours, setup),
		cmocka_unit_test_setup(parameters_make_sense, setup),
		cmocka_unit_test_setup(adopted_range_becomes_the_guests, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
