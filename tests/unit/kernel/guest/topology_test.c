/* SPDX-License-Identifier: MIT */
/* Processors, nodes and the guest's root table, from tables as hosts tell. */
/* test-sources: kernel/guest/topology.c kernel/guest/xsdt.c */
/* test-sources: kernel/guest/tables.c kernel/dev/madt.c kernel/dev/srat.c */
/* test-sources: kernel/dev/slit.c kernel/dev/acpi.c lib/acpi.c lib/sort.c */
/* test-sources: kernel/mm/deed.c lib/bitmap.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c kernel/mm/heap.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: tests/fake/panic.c kernel/base/platform.c */
/* test-sources: kernel/base/log.c lib/fmt.c lib/str.c */
/* test-sources: tests/fake/window.c tests/fake/mm.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/guest/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "kernel/base/log.h"
#include "kernel/base/percpu.h"
#include "kernel/dev/acpi.h"
#include "kernel/guest/xsdt.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "lib/acpi.h"
#include "tests/fake/mm.h"

#define RAM_SIZE    0x1000000ull
#define OURS	    0x800000ull
#define OURS_SIZE   0x200000ull
#define TABLES	    0xfe0000ull
#define TABLES_SIZE 0x20000ull
#define AREA	    0x40000ull
#define RSDP	    0xf52a0ull
#define HEAP_AT	    ((void *)0x210000000000)

static struct percpu cpu;
static struct params params;
static struct {
	struct acpi_madt head;
	struct madt_lapic cpu[3];
} ABI_PACKED madt;
static struct {
	struct acpi_srat head;
	struct srat_lapic cpu[3];
	struct srat_memory memory[2];
} ABI_PACKED srat;
static struct {
	struct acpi_slit head;
	uint8_t distance[4];
} ABI_PACKED slit;
static struct params_general general;

static struct params_range at(const void *bytes, size_t size)
{
	return (struct params_range){ kmap_image_pa(bytes).v, size };
}

static void begin(struct acpi_header *h, const char *signature, size_t size)
{
	memset(h, 0, size);
	memcpy(h->signature, signature, 4);
	h->length = (uint32_t)size;
}

static void tables_make(void)
{
	static const uint8_t ids[] = { 4, 9, 7 };

	begin(&madt.head.header, "APIC", sizeof(madt));
	madt.head.lapic_address = 0xfee00000;
	begin(&srat.head.header, "SRAT", sizeof(srat));
	begin(&slit.head.header, "SLIT", sizeof(slit));
	slit.head.localities = 2;
	memcpy(slit.distance, ((uint8_t[]){ 10, 17, 23, 10 }), 4);
	for (unsigned int i = 0; i < 3; i++) {
		madt.cpu[i] = (struct madt_lapic){ MADT_LAPIC, 8, 0, ids[i],
						   MADT_ENABLED };
		srat.cpu[i] = (struct srat_lapic){ .type = SRAT_LAPIC,
						   .length = 16,
						   .domain_low = i == 2,
						   .apic_id = ids[i],
						   .flags = SRAT_ENABLED };
	}
	for (unsigned int i = 0; i < 2; i++)
		srat.memory[i] =
			(struct srat_memory){ .type = SRAT_MEMORY,
					      .length = 40,
					      .domain = i,
					      .base = i ? 0xa00000 : 0,
					      .size = i ? 0x600000 : 0xa00000,
					      .flags = SRAT_ENABLED };
	acpi_seal(&madt.head.header);
	acpi_seal(&srat.head.header);
	acpi_seal(&slit.head.header);
}

static int setup(void **state)
{
	static struct igvm_memory_map_entry map[3];
	static bool on;

	(void)state;
	tables_make();
	general = (struct params_general){ .vp_count = 3 };
	params = (struct params){
		.svsm_base = OURS,
		.image_size = 0x10000,
		.required_size = 0x100000,
		.svsm_max_size = OURS_SIZE,
		.cpus_max = 3,
		.nodes_max = 2,
		.general = at(&general, sizeof(general)),
		.madt = at(&madt, sizeof(madt)),
		.srat = at(&srat, sizeof(srat)),
		.slit = at(&slit, sizeof(slit)),
		.guest.acpi = { AREA, 2 * PAGE_4K },
	};
	fake_mm_reset(RAM_SIZE);
	if (!on)
		log_console_on();
	on = true;
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

static void own_comes_first(void **state)
{
	const uint32_t *ids;

	(void)state;
	topology_init(&params, 7, PA_LIMIT);
	assert_int_equal(topology_cpus(&ids), 3);
	assert_int_equal(ids[0], 7);
	assert_int_equal(ids[1], 4);
	assert_int_equal(ids[2], 9);
	params.madt.size = 0; /* no list at all: we are alone */
	params.nodes_max = 1;
	topology_init(&params, 7, PA_LIMIT);
	assert_int_equal(topology_cpus(&ids), 1);
	assert_int_equal(ids[0], 7);
}

static void refused(uint32_t own, const char *words)
{
	if (setjmp(fake_panic) == 0) {
		topology_init(&params, own, PA_LIMIT);
		fail_msg("taken: %s", words);
	}
	if (!strstr(fake_console, words))
		fail_msg("not %s, but %s", words, fake_console);
	setup(NULL);
}

static void tables_that_do_not_fit(void **state)
{
	(void)state;
	refused(5, "host's MADT: the boot CPU, APIC id 5, is not in it");
	params.cpus_max = 2;
	refused(7, "host's MADT: more CPUs than the image allows: 2");
	general.vp_count = 2;
	refused(7, "host's MADT: 3 CPUs, but the host counts 2");
	madt.head.header.checksum++;
	refused(7, "host's MADT: wrong checksum");
	srat.head.header.checksum++;
	refused(7, "host's SRAT: wrong checksum");
	srat.memory[1].domain = 2;
	acpi_seal(&srat.head.header);
	refused(7, "host's SRAT: node 2, the image allows 2");
	slit.distance[0] = 9;
	acpi_seal(&slit.head.header);
	refused(7, "host's SLIT: node 0 is 9 from node 0");
	memset(&srat, 0, sizeof(srat));
	refused(7, "host's SLIT: there is no SRAT to it");
	params.nodes_max = 65;
	refused(7, "the image allows 65 nodes");
}

static const struct acpi_header *table_in(const uint8_t *bytes, size_t offset,
					  const char *signature)
{
	assert_null(acpi_table_fault(bytes + offset, 4096, signature));
	return (const void *)(bytes + offset);
}

static void what_is_written(void **state)
{
	static uint8_t bytes[8192];
	struct cursor_out out = cursor_out_make(bytes, sizeof(bytes));
	size_t offsets[TOPOLOGY_TABLES];
	unsigned int count;

	(void)state;
	topology_init(&params, 7, PA_LIMIT);
	assert_int_equal(topology_write(&out, offsets, &count), OK);
	assert_int_equal(count, 3);
	assert_int_equal(table_in(bytes, offsets[0], "APIC")->length, 44 + 24);
	/* The first range is cut in two by our region. */
	assert_int_equal(table_in(bytes, offsets[1], "SRAT")->length,
			 48 + 48 + 2 * 40);
	table_in(bytes, offsets[2], "SLIT");
	assert_memory_equal(bytes + offsets[2], &slit, sizeof(slit));
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(offsets[i] % TOPOLOGY_ALIGN, 0);
	out = cursor_out_make(bytes, offsets[2] + sizeof(slit) - 1);
	assert_int_equal(topology_write(&out, offsets, &count), ERR_RANGE);
	/* Without nodes in the image: processors alone. */
	params.nodes_max = 1;
	topology_init(&params, 7, PA_LIMIT);
	out = cursor_out_make(bytes, sizeof(bytes));
	assert_int_equal(topology_write(&out, offsets, &count), OK);
	assert_int_equal(count, 1);
}

static void table_put(uint64_t gpa, const char *signature, size_t size)
{
	struct acpi_header *h = (void *)((uint8_t *)fake.ram + gpa);

	begin(h, signature, size);
	acpi_seal(h);
}

/* A host's root with an SRAT and an SSDT. */
static struct tables adopted(void)
{
	uint32_t entry[2] = { TABLES + 0x1000, TABLES + 0x2000 };
	struct acpi_rsdp r = { .rsdt = TABLES + 0x40 };
	struct tables tables;

	table_put(entry[0], "SRAT", 200);
	table_put(entry[1], "SSDT", 0x1abc);
	table_put(TABLES + 0x40, "RSDT", 36 + sizeof(entry));
	memcpy(fake.ram + TABLES + 0x40 + 36, entry, sizeof(entry));
	acpi_seal((void *)((uint8_t *)fake.ram + TABLES + 0x40));
	memcpy(r.signature, "RSD PTR ", 8);
	r.checksum = (uint8_t)-acpi_sum(&r, ACPI_RSDP_V1_SIZE);
	memcpy(fake.ram + RSDP, &r, sizeof(r));
	tables_find(&tables);
	assert_int_equal(pvalid_init(), OK);
	tables_adopt(&tables);
	return tables;
}

static uint64_t entry_of(unsigned int n)
{
	uint64_t gpa;

	memcpy(&gpa, (uint8_t *)fake.ram + AREA + 36 + n * 8, 8);
	return gpa;
}

static void root_leads_to_ours(void **state)
{
	struct tables t = adopted();
	const uint8_t *ram = (const uint8_t *)fake.ram;
	struct acpi_root root;

	(void)state;
	topology_init(&params, 7, PA_LIMIT);
	xsdt_make(&params, &t);
	assert_int_equal(fake_windows, 0);
	assert_int_equal(t.rsdp_size, sizeof(t.rsdp));
	assert_int_equal(acpi_rsdp_parse(&t.rsdp, sizeof(t.rsdp), &root), OK);
	assert_true(root.wide);
	assert_int_equal(root.table.v, AREA);
	assert_int_equal(table_in(ram, AREA, "XSDT")->length, 36 + 4 * 8);
	/* The host's SRAT is gone, its SSDT is not. */
	assert_int_equal(entry_of(0), TABLES + 0x2000);
	table_in(ram, entry_of(1), "APIC");
	table_in(ram, entry_of(2), "SRAT");
	table_in(ram, entry_of(3), "SLIT");
	assert_true(entry_of(3) + sizeof(slit) <= AREA + 2 * PAGE_4K);
}

static void root_of_a_host_without_tables(void **state)
{
	struct tables t = { .rsdp_size = 0 };

	(void)state;
	topology_init(&params, 7, PA_LIMIT);
	xsdt_make(&params, &t);
	assert_int_equal(t.rsdp_size, sizeof(t.rsdp));
	table_in((const uint8_t *)fake.ram, entry_of(0), "APIC");
	/* It had some, and they were broken: none at all. */
	t = (struct tables){ .where = { { TABLES }, TABLES_SIZE } };
	xsdt_make(&params, &t);
	assert_int_equal(t.rsdp_size, 0);
	/* The image has no room for any. */
	t = adopted();
	params.guest.acpi.size = 0;
	xsdt_make(&params, &t);
	assert_int_equal(t.rsdp_size, ACPI_RSDP_V1_SIZE);
}

static void area_too_small(void **state)
{
	struct tables t = { .rsdp_size = 0 };

	(void)state;
	topology_init(&params, 7, PA_LIMIT);
	params.guest.acpi.size = 0x800;
	if (setjmp(fake_panic) == 0) {
		xsdt_make(&params, &t);
		fail_msg("taken");
	}
	assert_non_null(strstr(fake_console, "no whole page"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(own_comes_first, setup),
		cmocka_unit_test_setup(tables_that_do_not_fit, setup),
		cmocka_unit_test_setup(what_is_written, setup),
		cmocka_unit_test_setup(root_leads_to_ours, setup),
		cmocka_unit_test_setup(root_of_a_host_without_tables, setup),
		cmocka_unit_test_setup(area_too_small, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
