/* SPDX-License-Identifier: MIT */
/* The host's ACPI tables taken over: found, copied, checked, or left out. */
/* test-sources: kernel/mm/deed.c lib/bitmap.c */
/* test-sources: lib/acpi.c kernel/guest/tables.c kernel/dev/acpi.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c kernel/mm/heap.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/window.c tests/fake/mm.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/guest/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "kernel/base/percpu.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "tests/fake/mm.h"

#define RAM_SIZE    0x1000000ull
#define OURS	    0x800000ull
#define OURS_SIZE   0x200000ull
#define TABLES	    0xfe0000ull
#define TABLES_SIZE 0x20000ull
#define RSDP	    0xf52a0ull
#define HEAP_AT	    ((void *)0x210000000000)

static struct percpu cpu;

static int setup(void **state)
{
	static struct igvm_memory_map_entry map[3];
	struct params params = {
		.svsm_base = OURS,
		.image_size = 0x10000,
		.required_size = 0x100000,
		.svsm_max_size = OURS_SIZE,
		.cpus_max = 2,
	};

	(void)state;
	fake_mm_reset(RAM_SIZE);
	munmap(HEAP_AT, OURS_SIZE);
	fake.gs = &cpu;
	map[0].number_of_pages = TABLES / PAGE_4K;
	map[1].starting_gpa_page_number = TABLES / PAGE_4K;
	map[1].number_of_pages = TABLES_SIZE / PAGE_4K;
	map[1].type = IGVM_MEMORY_MAP_PLATFORM_RESERVED;
	assert_int_equal(
		memmap_init(&params,
			    &(struct memmap_host){ map, 3, PA_LIMIT, 0 }),
		OK);
	fake_launch(OURS, 0x10000);
	fake_assign(OURS + 0x10000, OURS_SIZE - 0x10000);
	page_init(memmap_svsm(), 0x10000, OURS_SIZE);
	heap_init(HEAP_AT, OURS_SIZE);
	return 0;
}

static void sum_fix(uint64_t gpa, size_t size, size_t where)
{
	uint8_t *p = (uint8_t *)fake.ram + gpa, sum = 0;

	p[where] = 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + p[i]);
	p[where] = (uint8_t)-sum;
}

static void rsdp_put(uint64_t at, uint64_t rsdt)
{
	struct acpi_rsdp r = { .rsdt = (uint32_t)rsdt };

	memcpy(r.signature, "RSD PTR ", 8);
	memcpy(fake.ram + at, &r, sizeof(r));
	sum_fix(at, ACPI_RSDP_V1_SIZE, offsetof(struct acpi_rsdp, checksum));
}

static void table_put(uint64_t at, const char *signature, size_t size)
{
	struct acpi_header h = { .length = (uint32_t)size };

	memcpy(h.signature, signature, 4);
	memset(fake.ram + at, 0, size);
	memcpy(fake.ram + at, &h, sizeof(h));
	sum_fix(at, size, offsetof(struct acpi_header, checksum));
}

/* RSDT with one table, both near the end of the range. */
static void tables_put(void)
{
	uint32_t entry = TABLES + TABLES_SIZE - 0x2000;

	table_put(entry, "SSDT", 0x1abc);
	table_put(TABLES + 0x40, "RSDT", 40);
	memcpy(fake.ram + TABLES + 0x40 + 36, &entry, 4);
	sum_fix(TABLES + 0x40, 40, offsetof(struct acpi_header, checksum));
	rsdp_put(RSDP, TABLES + 0x40);
}

static struct tables take_over(void)
{
	struct tables tables;

	tables_find(&tables);
	assert_int_equal(pvalid_init(), OK);
	tables_adopt(&tables);
	assert_int_equal(fake_windows, 0);
	return tables;
}

static void contents_survive(void **state)
{
	static char before[TABLES_SIZE];
	struct tables t;

	(void)state;
	tables_put();
	memcpy(before, fake.ram + TABLES, TABLES_SIZE);
	t = take_over();
	assert_int_equal(t.rsdp_size, 20);
	assert_int_equal(t.rsdp.rsdt, TABLES + 0x40);
	assert_int_equal(t.where.start.v, TABLES);
	assert_int_equal(t.where.size, TABLES_SIZE);
	assert_memory_equal(before, fake.ram + TABLES, TABLES_SIZE);
	for (uint64_t at = TABLES; at < RAM_SIZE; at += PAGE_4K) {
		assert_true(fake_is_validated(at));
		assert_int_equal(fake_perms(at, FAKE_GUEST_VMPL), VMPL_ALL);
	}
}

static void lower_half_is_searched_too(void **state)
{
	(void)state;
	tables_put();
	fake.ram[RSDP] = 0;
	rsdp_put(0xe0010, TABLES + 0x40);
	assert_int_equal(take_over().rsdp_size, 20);
}

static void nothing_found(void **state)
{
	struct tables t;

	(void)state;
	tables_put();
	fake.ram[RSDP + 8]++; /* its checksum */
	t = take_over();
	assert_int_equal(t.rsdp_size, 0);
	assert_int_equal(t.where.size, 0);
	assert_false(fake_is_validated(TABLES));
}

/* Roots that lie in RAM, in our memory, beyond all memory, or wrap. */
static void roots_elsewhere(void **state)
{
	static const uint32_t bad[] = { 0,	  0x1000,     TABLES - 8,  OURS,
					RAM_SIZE, 0xfffffff8, RAM_SIZE - 8 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tables t;

		tables_put();
		rsdp_put(RSDP, bad[i]);
		tables_find(&t);
		assert_int_equal(t.rsdp_size, 0);
		assert_int_equal(t.where.size, 0);
	}
}

/* Bad tables: the guest is told of none, but the range stays its memory. */
static void broken_tables(void **state)
{
	struct tables t;

	(void)state;
	tables_put();
	fake.ram[TABLES + TABLES_SIZE - 0x1000]++;
	t = take_over();
	assert_int_equal(t.rsdp_size, 0);
	assert_int_equal(t.where.size, TABLES_SIZE);
}

static void host_keeps_the_pages(void **state)
{
	struct tables t;

	(void)state;
	tables_put();
	tables_find(&t);
	assert_int_equal(pvalid_init(), OK);
	/* Our own pages are ready; the next request is for a table. */
	fake_state_answer = ERR_HOST;
	if (!setjmp(fake_panic)) {
		tables_adopt(&t);
		fail();
	}
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(contents_survive), T(lower_half_is_searched_too),
		T(nothing_found),    T(roots_elsewhere),
		T(broken_tables),    T(host_keeps_the_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
