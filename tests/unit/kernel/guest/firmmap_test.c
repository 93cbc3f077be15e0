/* SPDX-License-Identifier: MIT */
/* The map in firmware's shape: one low block, our region named, no RAM under
 * the devices. */
/* test-sources: kernel/guest/firmmap.c kernel/guest/mapout.c */
/* test-sources: kernel/mm/memmap.c lib/fmt.c lib/str.c */
/* test-sources: kernel/base/log.c kernel/base/lock.c kernel/base/platform.c */
/* test-sources: tests/fake/panic.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c */
/* test-sources: model/rmp.c model/rmp_guest.c */
#include "kernel/guest/firmmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/base/log.h"
#include "kernel/guest/mapout.h"
#include "kernel/mm/memmap.h"
#include "tests/fake/mm.h"
#include "tests/scale/machine.h"

#define ROOM	 16u
#define BASE	 0x8000000ull
#define RAM	 IGVM_MEMORY_MAP_MEMORY
#define RESERVED IGVM_MEMORY_MAP_PLATFORM_RESERVED

static struct igvm_memory_map_entry out[ROOM];
static size_t count;

static int setup(void **state)
{
	static bool on;

	(void)state;
	fake_mm_reset(PAGE_2M);
	if (!on)
		log_console_on(); /* tells all that was logged before */
	on = true;
	return 0;
}

static void use_map(const struct igvm_memory_map_entry *list, size_t entries)
{
	struct params params = scale_params(4, 64 * SCALE_MIB);

	params.range_count = 0;
	assert_int_equal(memmap_init(&params,
				     &(struct memmap_host){ list, entries,
							    PA_LIMIT, 0 }),
			 OK);
	assert_int_equal(mapout_write(MAPOUT_RAM, out, ROOM, &count), OK);
}

static void expect(size_t i, uint64_t start, uint64_t end, uint16_t type)
{
	assert_true(i < count);
	assert_int_equal(out[i].starting_gpa_page_number, start / PAGE_4K);
	assert_int_equal(out[i].number_of_pages, (end - start) / PAGE_4K);
	assert_int_equal(out[i].type, type);
	assert_int_equal(out[i].flags | out[i].reserved, 0);
}

static void shape(void)
{
	firmmap_shape(out, ROOM, &count);
	/* Firmware knows the end of the list by an empty entry alone. */
	assert_true(count < ROOM);
	assert_int_equal(out[count].number_of_pages, 0);
}

static void refused(void)
{
	if (setjmp(fake_panic) == 0) {
		firmmap_shape(out, ROOM, &count);
		fail_msg("taken");
	}
	assert_non_null(strstr(fake_console, "firmware needs 64 MiB"));
}

/* What a q35 host tells: the window below 1 MiB closes, ours is named. */
static void a_pc(void **state)
{
	struct scale_machine m = scale_machine(6 * SCALE_GIB, false);
	uint64_t end;

	(void)state;
	use_map(m.entry, m.count);
	end = pa_range_end(memmap_svsm());
	shape();
	assert_int_equal(count, 4);
	expect(0, 0, BASE, RAM);
	expect(1, BASE, end, RESERVED);
	expect(2, end, 2 * SCALE_GIB, RAM);
	assert_int_equal(out[3].starting_gpa_page_number,
			 4 * SCALE_GIB / PAGE_4K);
}

static struct igvm_memory_map_entry entry(uint64_t start, uint64_t end)
{
	return (struct igvm_memory_map_entry){
		.starting_gpa_page_number = start / PAGE_4K,
		.number_of_pages = (end - start) / PAGE_4K,
		.type = RAM,
	};
}

/* Firmware puts devices from 2 GiB on, RAM or not. */
static void ram_under_devices(void **state)
{
	const struct igvm_memory_map_entry list[] = {
		entry(0, SCALE_GIB),
		entry(3 * SCALE_GIB / 2, 5 * SCALE_GIB / 2),
		entry(3 * SCALE_GIB, 7 * SCALE_GIB / 2),
		entry(4 * SCALE_GIB, 5 * SCALE_GIB),
	};

	(void)state;
	use_map(list, 4);
	shape();
	assert_int_equal(count, 5);
	expect(0, 0, BASE, RAM);
	expect(3, 3 * SCALE_GIB / 2, 2 * SCALE_GIB, RAM);
	expect(4, 4 * SCALE_GIB, 5 * SCALE_GIB, RAM);
	assert_non_null(strstr(fake_console, "1024 MiB"));
}

/* What lies above the devices stays. */
static void ram_across_devices(void **state)
{
	const struct igvm_memory_map_entry list[] = {
		entry(0, 5 * SCALE_GIB),
	};

	(void)state;
	use_map(list, 1);
	shape();
	assert_int_equal(count, 4);
	expect(2, pa_range_end(memmap_svsm()), 2 * SCALE_GIB, RAM);
	expect(3, 4 * SCALE_GIB, 5 * SCALE_GIB, RAM);
	assert_non_null(strstr(fake_console, "2048 MiB"));
}

static void ram_from_devices_on(void **state)
{
	const struct igvm_memory_map_entry list[] = {
		entry(0, SCALE_GIB),
		entry(3 * SCALE_GIB, 6 * SCALE_GIB),
	};

	(void)state;
	use_map(list, 2);
	shape();
	assert_int_equal(count, 4);
	expect(3, 4 * SCALE_GIB, 6 * SCALE_GIB, RAM);
}

static void no_ram_at_zero(void **state)
{
	const struct igvm_memory_map_entry list[] = {
		entry(0x1000, SCALE_GIB),
	};

	(void)state;
	use_map(list, 1);
	refused();
}

/* A gap outside of the window is a gap. */
static void a_gap_below(void **state)
{
	const struct igvm_memory_map_entry list[] = {
		entry(0, 0x9f000),
		entry(0xa0000, SCALE_GIB),
	};

	(void)state;
	use_map(list, 2);
	refused();
}

static void a_gap_behind(void **state)
{
	const struct igvm_memory_map_entry list[] = {
		entry(0, 0xa0000),
		entry(0x101000, SCALE_GIB),
	};

	(void)state;
	use_map(list, 2);
	refused();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_pc, setup),
		cmocka_unit_test_setup(ram_under_devices, setup),
		cmocka_unit_test_setup(ram_across_devices, setup),
		cmocka_unit_test_setup(ram_from_devices_on, setup),
		cmocka_unit_test_setup(no_ram_at_zero, setup),
		cmocka_unit_test_setup(a_gap_below, setup),
		cmocka_unit_test_setup(a_gap_behind, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
