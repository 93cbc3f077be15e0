/* SPDX-License-Identifier: MIT */
/* SRATs and SLITs as a host might write them, and what the guest gets. */
/* test-sources: kernel/dev/srat.c kernel/dev/slit.c kernel/mm/memmap.c */
/* test-sources: lib/acpi.c lib/fmt.c lib/str.c */
#include "kernel/dev/srat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/dev/slit.h"
#include "kernel/mm/memmap.h"
#include "tests/scale/machine.h"

#define LIMIT (1ull << 47)
#define HIGH  (1ull << 32)

/* 6 GiB, the upper four above the hole; four processors, ours the third. */
static const uint32_t ids[] = { 5, 0, 2, 300 };
static const struct srat_rules rules = { ids, 4, 2, LIMIT };

static uint8_t table[8192], copy[8192];
static size_t used;
static struct acpi_words why;
static struct srat srat;

static int setup(void **state)
{
	struct scale_machine m = scale_machine(6 * SCALE_GIB, false);
	struct params p = scale_params(4, 64 * SCALE_MIB);
	struct memmap_host host = { m.entry, m.count, LIMIT, 4 };

	(void)state;
	return memmap_init(&p, &host) == OK ? 0 : -1;
}

static void begin(void)
{
	memset(table, 0, sizeof(table));
	used = sizeof(struct acpi_srat);
}

static void put(const void *bytes, size_t size)
{
	memcpy(table + used, bytes, size);
	used += size;
}

static void cpu(uint32_t id, uint32_t node)
{
	struct srat_x2apic big = { .type = SRAT_X2APIC,
				   .length = sizeof(big),
				   .domain = node,
				   .apic_id = id,
				   .flags = SRAT_ENABLED };
	struct srat_lapic small = { .type = SRAT_LAPIC,
				    .length = sizeof(small),
				    .domain_low = (uint8_t)node,
				    .apic_id = (uint8_t)id,
				    .flags = SRAT_ENABLED,
				    .domain_high = { (uint8_t)(node >> 8),
						     (uint8_t)(node >> 16),
						     (uint8_t)(node >> 24) } };

	if (id < 255)
		put(&small, sizeof(small));
	else
		put(&big, sizeof(big));
}

static void memory_with(uint64_t start, uint64_t end, uint32_t node,
			uint32_t flags)
{
	struct srat_memory m = { .type = SRAT_MEMORY,
				 .length = sizeof(m),
				 .domain = node,
				 .base = start,
				 .size = end - start,
				 .flags = flags };

	put(&m, sizeof(m));
}

static void memory(uint64_t start, uint64_t end, uint32_t node)
{
	memory_with(start, end, node, SRAT_ENABLED);
}

static void cpus(void)
{
	cpu(0, 0);
	cpu(2, 0);
	cpu(5, 1);
	cpu(300, 1);
}

static void memories(void)
{
	memory(0, 0xa0000, 0);
	memory(SCALE_MIB, 2 * SCALE_GIB, 0);
	memory(HIGH, HIGH + 4 * SCALE_GIB, 1);
}

/* In a block of exactly its size, so that reading past it is caught. */
static enum err reading(const struct srat_rules *held)
{
	struct acpi_header *h = (void *)table;
	uint8_t *exact = malloc(used);
	enum err e;

	memcpy(h->signature, "SRAT", 4);
	h->length = (uint32_t)used;
	acpi_seal(h);
	memcpy(exact, table, used);
	why.text[0] = '\0';
	e = srat_read(exact, used, held, &srat, &why);
	free(exact);
	if (e != OK)
		assert_true(why.text[0]);
	return e;
}

static void good_table_is_read(void **state)
{
	(void)state;
	begin();
	cpus();
	memories();
	assert_int_equal(reading(&rules), OK);
	assert_int_equal(srat.nodes, 2);
	assert_int_equal(srat.count, 3);
	assert_int_equal(srat.range[2].node, 1);
	assert_int_equal(srat.range[2].range.start.v, HIGH);
}

/* Passed over: what is disabled, not there, to come later, or unknown. */
static void some_records_do_not_count(void **state)
{
	static const uint8_t strange[7] = { 77, 7, 1, 2, 3 };
	struct srat_lapic off = { .type = SRAT_LAPIC, .length = sizeof(off) };

	(void)state;
	begin();
	put(&off, sizeof(off));
	cpu(77, 9);
	put(strange, sizeof(strange));
	memory_with(0, LIMIT * 4, 9, 0);
	memory_with(LIMIT, 2 * LIMIT, 9, SRAT_ENABLED | SRAT_HOT_PLUG);
	memory(0, 0, 9);
	cpus();
	memories();
	assert_int_equal(reading(&rules), OK);
	assert_int_equal(srat.nodes, 2);
	assert_int_equal(srat.count, 3);
}

/* Our own region is no memory of any node; disabled records are gone. */
static void guests_table_lacks_ours(void **state)
{
	struct cursor_out out = cursor_out_make(copy, sizeof(copy));
	struct pa_range ours = memmap_svsm();
	size_t size;

	(void)state;
	begin();
	cpus();
	cpu(77, 0);
	memories();
	memory_with(LIMIT, 2 * LIMIT, 0, SRAT_ENABLED | SRAT_HOT_PLUG);
	assert_int_equal(reading(&rules), OK);
	assert_true(srat_write(table, &rules, &srat, &out));
	size = cursor_out_offset(&out);
	assert_int_equal(size, 48 + 3 * 16 + 24 + 4 * 40);
	assert_null(acpi_table_fault(copy, size, "SRAT"));
	/* It would not do for the host's: some of its RAM has no node. */
	assert_int_equal(srat_read(copy, size, &rules, &srat, &why),
			 ERR_FORMAT);
	assert_int_equal(srat.count, 4);
	assert_int_equal(pa_range_end(srat.range[1].range), ours.start.v);
	assert_int_equal(srat.range[2].range.start.v, pa_range_end(ours));
	assert_int_equal(pa_range_end(srat.range[2].range), 2 * SCALE_GIB);
	for (uint32_t i = 0; i < srat.count; i++)
		assert_false(pa_range_overlap(srat.range[i].range, ours));
	assert_int_equal(reading(&rules), OK);
	for (size_t room = 0; room < size; room++) {
		out = cursor_out_make(copy, room);
		assert_false(srat_write(table, &rules, &srat, &out));
	}
}

static void refused(void)
{
	assert_int_equal(reading(&rules), ERR_FORMAT);
	begin();
}

static void processors_are_checked(void **state)
{
	static const uint8_t lengths[][2] = {
		{ SRAT_LAPIC, 15 }, { SRAT_X2APIC, 16 }, { SRAT_MEMORY, 39 },
		{ 99, 1 },	    { 99, 0 },		 { 99, 200 }
	};

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		begin();
		cpus();
		memories();
		put((uint8_t[40]){ lengths[i][0], lengths[i][1] }, 40);
		refused();
	}
	cpus();
	memories();
	cpu(2, 0); /* twice, even on the same node */
	refused();
	cpu(0, 0); /* all but ours */
	cpu(2, 0);
	cpu(300, 1);
	memories();
	refused();
	cpu(0, 0);
	cpu(2, 0);
	cpu(5, 2); /* a third node */
	cpu(300, 1);
	memories();
	refused();
	cpu(0, 0);
	cpu(2, 0);
	cpu(5, 0x1000000); /* its number's highest byte */
	cpu(300, 1);
	memories();
	refused();
}

static void memory_is_checked(void **state)
{
	static const struct {
		uint64_t start, end;
		uint32_t node;
	} bad[] = {
		{ HIGH + 4 * SCALE_GIB, HIGH + 5 * SCALE_GIB, 0 },
		{ 2 * SCALE_GIB, 2 * SCALE_GIB + PAGE_4K, 0 },
		{ 0xa0000, 0xc0000 + PAGE_4K, 2 },
		{ 0xa0800, 0xa1000, 0 },
		{ 0xa0000, 0xa0800, 0 },
		{ 0x9f000, 0xa0000, 0 },
		{ 0xfffff000, HIGH + PAGE_4K, 1 },
		{ LIMIT, LIMIT + PAGE_4K, 0 },
		{ LIMIT - PAGE_4K, LIMIT + PAGE_4K, 0 },
		{ PAGE_4K * 0x200, PAGE_4K, 0 },
		{ ~0xfffull, PAGE_4K, 0 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		cpus();
		memories();
		memory(bad[i].start, bad[i].end, bad[i].node);
		refused();
	}
	cpus();
	memories();
	memory_with(0xa0000, 0xc0000, 0, SRAT_ENABLED | SRAT_NON_VOLATILE);
	refused();
	cpus(); /* a page of RAM without a node */
	memory(SCALE_MIB, 2 * SCALE_GIB, 0);
	memory(HIGH + PAGE_4K, HIGH + 4 * SCALE_GIB, 1);
	refused();
	cpus();
	memory(SCALE_MIB, 2 * SCALE_GIB, 0);
	for (uint64_t i = 0; i < 64; i++)
		memory(HIGH + i * PAGE_2M, HIGH + (i + 1) * PAGE_2M, 1);
	refused();
}

static void slit_begin(uint64_t nodes, const uint8_t *distance)
{
	struct acpi_slit s = { .localities = nodes };

	memset(table, 0, sizeof(table));
	memcpy(s.header.signature, "SLIT", 4);
	used = sizeof(s) + (nodes < 80 ? nodes * nodes : 0);
	s.header.length = (uint32_t)used;
	memcpy(table, &s, sizeof(s));
	memcpy(table + sizeof(s), distance, used - sizeof(s));
	acpi_seal((void *)table);
}

static enum err slit(uint32_t nodes, uint32_t most)
{
	uint8_t *exact = malloc(used);
	enum err e;

	memcpy(exact, table, used);
	e = slit_check(exact, used, nodes, most, &why);
	free(exact);
	return e;
}

static void distances(void **state)
{
	static const uint8_t three[] = { 10, 11, 255, 30, 10, 11, 12, 254, 10 };
	static const uint8_t same[] = { 10, 10, 20, 10 };
	static const uint8_t near[] = { 10, 9, 20, 10 };
	static const uint8_t self[] = { 10, 20, 20, 11 };
	struct cursor_out out = cursor_out_make(copy, sizeof(copy));

	(void)state;
	slit_begin(3, three);
	assert_int_equal(slit(3, 3), OK);
	assert_int_equal(slit(2, 8), OK);
	assert_int_equal(slit(4, 8), ERR_FORMAT);
	assert_int_equal(slit(2, 2), ERR_FORMAT);
	assert_true(slit_write(table, 2, &out));
	assert_int_equal(cursor_out_offset(&out), 44 + 4);
	assert_null(acpi_table_fault(copy, 48, "SLIT"));
	assert_memory_equal(copy + 44, ((uint8_t[]){ 10, 11, 30, 10 }), 4);
	for (size_t room = 0; room < 48; room++) {
		out = cursor_out_make(copy, room);
		assert_false(slit_write(table, 2, &out));
	}
	used--;
	assert_int_equal(slit(3, 3), ERR_FORMAT);
	slit_begin(2, same);
	assert_int_equal(slit(2, 2), ERR_FORMAT);
	slit_begin(2, near);
	assert_int_equal(slit(2, 2), ERR_FORMAT);
	slit_begin(2, self);
	assert_int_equal(slit(2, 2), ERR_FORMAT);
	slit_begin(1ull << 32, self);
	assert_int_equal(slit(0, ~0u), ERR_FORMAT);
	slit_begin(0, self);
	used = 40;
	((struct acpi_header *)table)->length = 40;
	acpi_seal((void *)table);
	assert_int_equal(slit(0, 2), ERR_FORMAT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_table_is_read),
		cmocka_unit_test(some_records_do_not_count),
		cmocka_unit_test(guests_table_lacks_ours),
		cmocka_unit_test(processors_are_checked),
		cmocka_unit_test(memory_is_checked),
		cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
