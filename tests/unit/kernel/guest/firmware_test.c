/* SPDX-License-Identifier: MIT */
/* Firmware's memory and pages; parameters that make no sense. */
/* test-sources: kernel/guest/firmware.c kernel/guest/firmmap.c */
/* test-sources: kernel/guest/topology.c kernel/dev/madt.c lib/acpi.c */
/* test-sources: kernel/dev/srat.c kernel/dev/slit.c lib/sort.c */
/* test-sources: kernel/guest/ram.c kernel/guest/cuts.c */
/* test-sources: kernel/guest/mapout.c kernel/mm/memmap.c kernel/mm/pvalid.c */
/* test-sources: kernel/mm/guestmem.c kernel/mm/guestpage.c kernel/mm/heap.c */
/* test-sources: kernel/mm/page.c kernel/mm/deed.c kernel/mm/owned.c */
/* test-sources: kernel/base/lock.c tests/fake/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: lib/fmt.c */
/* test-sources: lib/str.c lib/bitmap.c tests/fake/mm.c tests/fake/window.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/guest/firmware.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "abi/boot/tables.h"
#include "abi/igvm.h"
#include "kernel/base/log.h"
#include "kernel/guest/first.h"
#include "kernel/guest/topology.h"
#include "kernel/mm/deed.h"
#include "kernel/mm/guestmem.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "lib/acpi.h"
#include "tests/fake/mm.h"

#define MIB	  0x100000ull
#define RAM_END	  (160 * MIB)
#define OURS	  (128 * MIB)
#define OURS_SIZE (4 * MIB)
#define IMAGE	  0x10000ull
#define HEAP_AT	  ((void *)0x210000000000)
#define FLASH	  0xffc84000ull

static struct params params;
static uint8_t cpuid[PAGE_4K];
static struct pa told_secrets, told_caa;
static struct guest_start started;
static struct percpu cpu;

/* In the place of kernel/guest/first.c. */
void first_secrets(const struct params *p, struct pa page, struct pa caa)
{
	(void)p;
	told_secrets = page;
	told_caa = caa;
}

void first_vcpu(struct percpu *c, const struct guest_start *start,
		struct pa caa)
{
	assert_ptr_equal(c, &cpu);
	started = *start;
	told_caa = caa;
}

static struct params params_make(void)
{
	return (struct params){
		.svsm_base = OURS,
		.image_size = IMAGE,
		.required_size = MIB,
		.svsm_min_size = OURS_SIZE,
		.svsm_max_size = OURS_SIZE,
		.cpus_max = 4,
		.guest_vmpl = FAKE_GUEST_VMPL,
		.sev_features = 1,
		.cpuid_page = kmap_image_pa(cpuid).v,
		.range_count = 1,
		.range = { { FLASH, (1ull << 32) - FLASH } },
		.firmware = {
			.flash = { FLASH, (1ull << 32) - FLASH },
			.secrets = 0x80d000,
			.cpuid = 0x80e000,
			.caa = 0x80f000,
			.memory_map = { 0x812000, 0xc0 },
			.vp_count = { 0x8120c0, 0x10 },
			.range_count = 2,
			.range = { { 0x800000, 0x9000 },
				   { 0x80a000, 0x26000 } },
		},
	};
}

static void world(const struct igvm_memory_map_entry *map, size_t count)
{
	static bool on;

	fake_mm_reset(RAM_END);
	if (!on)
		log_console_on(); /* tells all that was logged before */
	on = true;
	munmap(HEAP_AT, OURS_SIZE);
	assert_int_equal(
		memmap_init(&params,
			    &(struct memmap_host){ map, count, PA_LIMIT, 0 }),
		OK);
	fake_launch(OURS, IMAGE);
	fake_assign(OURS + IMAGE, OURS_SIZE - IMAGE);
	page_init(memmap_svsm(), IMAGE, OURS_SIZE);
	heap_init(HEAP_AT, OURS_SIZE);
	deed_init();
	assert_int_equal(pvalid_init(), OK);
	memset(fake.ram + 0x800000, 0xee, 0x31000);
}

static int setup(void **state)
{
	static const struct igvm_memory_map_entry map[] = {
		{ 0, 0xa0, IGVM_MEMORY_MAP_MEMORY, 0, 0 },
		{ 0x100, RAM_END / PAGE_4K - 0x100, IGVM_MEMORY_MAP_MEMORY, 0,
		  0 },
	};

	(void)state;
	params = params_make();
	memset(cpuid, 0xc1, sizeof(cpuid));
	world(map, 2);
	fake.gs = &cpu;
	return 0;
}

static const uint8_t *ram(uint64_t gpa)
{
	return (const uint8_t *)fake.ram + gpa;
}

static void gives_what_it_asks_for(void **state)
{
	const struct igvm_memory_map_entry *map = (const void *)ram(0x812000);

	(void)state;
	firmware_prepare(&params);
	assert_int_equal(fake_windows, 0);
	assert_int_equal(told_secrets.v, 0x80d000);
	assert_int_equal(told_caa.v, 0x80f000);
	assert_memory_equal(ram(0x80e000), cpuid, PAGE_4K);
	/* Validated and clear, and nothing beside it. */
	for (uint64_t at = 0x800000; at < 0x830000; at += PAGE_4K)
		assert_int_equal(fake_is_validated(at), at != 0x809000);
	assert_false(fake_is_validated(0x7ff000));
	assert_false(fake_is_validated(0x830000));
	assert_int_equal(*ram(0x808fff), 0);
	assert_int_equal(*ram(0x809000), 0xee);
	assert_int_equal(*ram(0x80a000), 0);
	assert_int_equal(*ram(0x830000), 0xee);
	/* Low RAM up to ours, ours, the rest, the end. */
	assert_int_equal(map[0].starting_gpa_page_number, 0);
	assert_int_equal(map[0].number_of_pages, OURS / PAGE_4K);
	assert_int_equal(map[1].type, IGVM_MEMORY_MAP_PLATFORM_RESERVED);
	assert_int_equal(map[2].starting_gpa_page_number,
			 (OURS + OURS_SIZE) / PAGE_4K);
	assert_int_equal(map[3].number_of_pages, 0);
}

/* Behind the count, in the form of abi/boot/tables.h; none if there is no room. */
static void tables_are_handed_over(void **state)
{
	static struct {
		struct acpi_madt head;
		struct madt_lapic cpu[2];
	} ABI_PACKED madt;
	const struct tables_block *block = (const void *)ram(0x8120d0);

	(void)state;
	for (uint8_t i = 0; i < 2; i++)
		madt.cpu[i] = (struct madt_lapic){ MADT_LAPIC, 8, i, i,
						   MADT_ENABLED };
	memcpy(madt.head.header.signature, "APIC", 4);
	madt.head.header.length = sizeof(madt);
	madt.head.lapic_address = 0xfee00000;
	acpi_seal(&madt.head.header);
	params.madt =
		(struct params_range){ kmap_image_pa(&madt).v, sizeof(madt) };
	params.firmware.tables = (struct params_range){ 0x8120d0, 0xf30 };
	topology_init(&params, 0, PA_LIMIT);
	firmware_prepare(&params);
	assert_int_equal(block->magic, TABLES_MAGIC);
	assert_memory_equal(block, "CoirACPI", 8);
	assert_int_equal(block->count, 1);
	assert_int_equal(block->size, 16 + 64);
	assert_memory_equal(block + 1, &madt, sizeof(madt));
	setup(NULL);
	params.firmware.tables = (struct params_range){ 0x8120d0, 16 + 56 };
	firmware_prepare(&params);
	assert_int_equal(block->magic, 0);
}

static void starts_at_the_reset_vector(void **state)
{
	uint32_t count;

	(void)state;
	firmware_prepare(&params);
	cpu.apic_id = 7;
	firmware_start(&params, &cpu, 3);
	memcpy(&count, ram(0x8120c0), sizeof(count));
	assert_int_equal(count, 3);
	assert_int_equal(started.mode, GUEST_START_RESET);
	assert_int_equal(started.vmpl, FAKE_GUEST_VMPL);
	assert_int_equal(started.apic_id, 7);
	assert_int_equal(started.sev_features, 1);
}

/* Flash is guest memory: calls may name it, and no RAM may lie there. */
static void flash_is_the_guests(void **state)
{
	struct guest_range range;

	(void)state;
	assert_int_equal(guest_range_check(FLASH, PAGE_4K, &range), OK);
	assert_int_equal(guest_range_check(0xfffff000, PAGE_4K, &range), OK);
	assert_int_not_equal(
		guest_range_check(FLASH - PAGE_4K, PAGE_4K, &range), OK);
	assert_int_not_equal(guest_range_check(1ull << 32, PAGE_4K, &range),
			     OK);
}

static void flash_meets_the_hosts_map(void **state)
{
	struct igvm_memory_map_entry map[] = {
		{ 0, RAM_END / PAGE_4K, IGVM_MEMORY_MAP_MEMORY, 0, 0 },
		{ 0xfffff, 1, IGVM_MEMORY_MAP_PLATFORM_RESERVED, 0, 0 },
	};
	const struct memmap_host host = { map, 2, PA_LIMIT, 0 };

	(void)state;
	assert_int_equal(memmap_init(&params, &host), ERR_FORMAT);
	assert_non_null(strstr(memmap_refusal(), "covers the firmware"));
	/* From below into it. */
	map[1].starting_gpa_page_number = FLASH / PAGE_4K - 1;
	map[1].number_of_pages = 2;
	assert_int_equal(memmap_init(&params, &host), ERR_FORMAT);
	/* Up to it and on behind it is no overlap; order is kept. */
	map[1].number_of_pages = 1;
	assert_int_equal(memmap_init(&params, &host), OK);
	map[1].starting_gpa_page_number = 0x100000;
	map[1].type = IGVM_MEMORY_MAP_MEMORY;
	assert_int_equal(memmap_init(&params, &host), OK);
	assert_int_equal(memmap_get(1)->range.start.v, FLASH);
	assert_int_equal(memmap_get(2)->range.start.v, 1ull << 32);
}

static void panics(const char *words)
{
	if (setjmp(fake_panic) == 0) {
		firmware_prepare(&params);
		fail_msg("taken");
	}
	if (!strstr(fake_console, words))
		fail_msg("not %s, but %s", words, fake_console);
	assert_false(fake_is_validated(0x80f000));
}

/* Each field wrong by itself. */
#define SENSELESS(field, value)          \
	do {                             \
		setup(NULL);             \
		params.field = (value);  \
		panics("make no sense"); \
	} while (0)

static void refuses_nonsense(void **state)
{
	(void)state;
	SENSELESS(guest_vmpl, 0);
	SENSELESS(firmware.flash.start, FLASH - PAGE_4K);
	SENSELESS(firmware.flash.size, 32 * MIB);
	SENSELESS(firmware.secrets, 0);
	SENSELESS(firmware.secrets, 0x80d010);
	SENSELESS(firmware.secrets, 0x809000);
	SENSELESS(firmware.cpuid, 0x80d000);
	SENSELESS(firmware.cpuid, 0x830000);
	SENSELESS(firmware.caa, 0x80e000);
	SENSELESS(firmware.caa, OURS);
	SENSELESS(firmware.caa, 0x812000);
	SENSELESS(firmware.memory_map.size, 0);
	SENSELESS(firmware.memory_map.start, 0x812fe8);
	SENSELESS(firmware.memory_map.start, ~0ull);
	SENSELESS(firmware.vp_count.size, 3);
	SENSELESS(firmware.vp_count.start, 0x812ffe);
	SENSELESS(firmware.tables.size, 8);
	params.firmware.tables.start = 0x811000;
	panics("make no sense");
	SENSELESS(firmware.range_count, 0);
	SENSELESS(firmware.range_count, PARAMS_MAX_FIRMWARE_RANGES + 1);
	SENSELESS(firmware.range[1].start, 0x808000);
	SENSELESS(firmware.range[1].size, 0x26800);
	SENSELESS(firmware.range[1].size, ~0ull << 12);
	SENSELESS(firmware.range[0].size, 0);
}

/* Its own words: the measured image asks for what the host has not. */
static void refuses_the_host(void **state)
{
	(void)state;
	params.firmware.range[0].start = 0x90000;
	params.firmware.range[0].size = 0x20000; /* the display's window */
	panics("the guest's memory at 0xa0000 is not RAM");
	setup(NULL);
	params.firmware.range[1].size = OURS + PAGE_4K - 0x80a000;
	fake_state_pages = 0;
	if (setjmp(fake_panic) == 0) {
		firmware_prepare(&params);
		fail_msg("ours was given");
	}
	assert_non_null(strstr(fake_console, "0x8000000 is not RAM"));
	setup(NULL);
	fake_state_answer = ERR_HOST;
	panics("keeps memory at 0x800000");
	setup(NULL);
	params.firmware.memory_map.size = 3 * 24;
	if (setjmp(fake_panic) == 0) {
		firmware_prepare(&params);
		fail_msg("no room for the end");
	}
	assert_non_null(strstr(fake_console, "3 ranges, firmware takes 2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(gives_what_it_asks_for, setup),
		cmocka_unit_test_setup(tables_are_handed_over, setup),
		cmocka_unit_test_setup(starts_at_the_reset_vector, setup),
		cmocka_unit_test_setup(flash_is_the_guests, setup),
		cmocka_unit_test_setup(flash_meets_the_hosts_map, setup),
		cmocka_unit_test_setup(refuses_nonsense, setup),
		cmocka_unit_test_setup(refuses_the_host, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
