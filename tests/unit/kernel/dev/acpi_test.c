/* SPDX-License-Identifier: MIT */
/* ACPI tables as a host might write them: well formed, broken, hostile. */
/* test-sources: kernel/dev/acpi.c lib/sort.c */
#include "kernel/dev/acpi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX   8u
#define MANY  1024u
#define WHERE 0x7fe0000ull
#define SIZE  0x4000u

static uint8_t table[MANY * 17];
static size_t used;
static uint8_t memory[SIZE]; /* guest memory at WHERE */

/* The seam to guest memory: bounds as kernel/mm/guestmem has them. */
enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	if (off > from.r.size || size > from.r.size - off)
		return ERR_RANGE;
	memcpy(to, memory + (from.r.start.v - WHERE) + off, size);
	return OK;
}

static void sum_fix(void *at, size_t size, size_t where)
{
	uint8_t *p = at, sum = 0;

	p[where] = 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + p[i]);
	p[where] = (uint8_t)-sum;
}

static void header_make(void *at, const char *signature, size_t length)
{
	struct acpi_header *h = at;

	memcpy(h->signature, signature, 4);
	h->length = (uint32_t)length;
	sum_fix(at, length, offsetof(struct acpi_header, checksum));
}

static void madt_begin(void)
{
	memset(table, 0, sizeof(table));
	used = sizeof(struct acpi_madt);
}

static void record(const void *bytes, size_t size)
{
	memcpy(table + used, bytes, size);
	used += size;
}

static void lapic(uint8_t id, uint32_t flags)
{
	struct madt_lapic r = { MADT_LAPIC, 8, id, id, flags };

	record(&r, sizeof(r));
}

static void x2apic(uint32_t id, uint32_t flags)
{
	struct madt_x2apic r = { MADT_X2APIC, 16, 0, id, flags, id };

	record(&r, sizeof(r));
}

/* The table in memory of exactly its size: reading past it is caught. */
static enum err cpus_most(uint32_t *ids, uint32_t most, uint32_t *count)
{
	uint8_t *exact = malloc(used);
	enum err e;

	header_make(table, "APIC", used);
	memcpy(exact, table, used);
	e = acpi_madt_cpus(exact, used, ids, most, count);
	free(exact);
	return e;
}

static enum err cpus(uint32_t *ids, uint32_t *count)
{
	return cpus_most(ids, MAX, count);
}

static void madt_lists_enabled_cpus(void **state)
{
	static const uint8_t ioapic[12] = { 1, 12 }, strange[5] = { 99, 5 };
	uint32_t ids[MAX], count = 0;

	(void)state;
	madt_begin();
	lapic(0, 1);
	record(ioapic, sizeof(ioapic));
	lapic(3, 0); /* not there */
	lapic(4, 2); /* could be plugged in, is not */
	lapic(1, 1);
	record(strange, sizeof(strange));
	x2apic(300, 3);
	assert_int_equal(cpus(ids, &count), OK);
	assert_int_equal(count, 3);
	assert_int_equal(ids[0], 0);
	assert_int_equal(ids[1], 1);
	assert_int_equal(ids[2], 300);
}

static void madt_refusals(void **state)
{
	static const uint8_t zero[2] = { 0, 0 }, one[2] = { 5, 1 };
	static const uint8_t shortened[4] = { MADT_LAPIC, 4, 0, 1 };
	static const uint8_t beyond[2] = { MADT_LAPIC, 8 };
	uint32_t ids[MAX], count = 77;

	(void)state;
	madt_begin(); /* no processor at all */
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	lapic(1, 1);
	record(zero, sizeof(zero)); /* would loop for ever */
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	lapic(1, 1);
	record(one, sizeof(one));
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	lapic(1, 1);
	record(shortened, sizeof(shortened));
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	lapic(1, 1);
	record(beyond, sizeof(beyond));
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	lapic(1, 1);
	record(zero, 1); /* half a record header */
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	lapic(1, 1);
	x2apic(1, 1); /* twice the same processor */
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	x2apic(0xffffffff, 1); /* the broadcast id */
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	madt_begin();
	for (uint8_t i = 0; i <= MAX; i++)
		lapic(i, 1);
	assert_int_equal(cpus(ids, &count), ERR_RANGE);
	assert_int_equal(count, 77);
}

static void cpu_of_any_type(uint32_t id)
{
	if (id < 255 && id % 2)
		lapic((uint8_t)id, MADT_ENABLED);
	else
		x2apic(id, MADT_ENABLED);
}

/* Ids 5, 8, 11 ... 3074, in an order that no loop makes by itself. */
static uint32_t many_id(uint32_t i, uint32_t stride)
{
	return 5 + 3 * (i * stride % MANY);
}

/* Both types, ids beyond 254, any order: the list is ascending and whole. */
static void madt_of_1024_cpus(void **state)
{
	static const uint32_t strides[] = { 1, MANY - 1, 389 };
	uint32_t ids[MANY], count = 0;

	(void)state;
	for (unsigned int s = 0; s < 3; s++) {
		madt_begin();
		for (uint32_t i = 0; i < MANY; i++)
			cpu_of_any_type(many_id(i, strides[s]));
		assert_int_equal(cpus_most(ids, MANY, &count), OK);
		assert_int_equal(count, MANY);
		for (uint32_t i = 0; i < MANY; i++)
			assert_int_equal(ids[i], many_id(i, 1));
		assert_int_equal(cpus_most(ids, MANY - 1, &count), ERR_RANGE);
	}
	cpu_of_any_type(many_id(MANY - 1, 1) + 3);
	assert_int_equal(cpus_most(ids, MANY, &count), ERR_RANGE);
}

/* The same id twice, however far apart and in whatever order. */
static void madt_of_1024_cpus_with_a_twin(void **state)
{
	static const uint32_t places[] = { 1, 2, MANY / 2, MANY - 1 };
	uint32_t ids[MANY], count = 77;

	(void)state;
	for (unsigned int p = 0; p < 4; p++)
		for (uint32_t stride = 1; stride <= 389; stride += 388) {
			madt_begin();
			for (uint32_t i = 0; i < MANY; i++)
				cpu_of_any_type(many_id(i == places[p] ? 0 : i,
							stride));
			assert_int_equal(cpus_most(ids, MANY, &count),
					 ERR_FORMAT);
		}
	assert_int_equal(count, 77);
}

static void madt_headers(void **state)
{
	uint32_t ids[MAX], count;
	struct acpi_header *h = (void *)table;

	(void)state;
	madt_begin();
	lapic(1, 1);
	header_make(table, "APIC", used);
	assert_int_equal(acpi_madt_cpus(table, used - 1, ids, MAX, &count),
			 ERR_FORMAT);
	assert_int_equal(acpi_madt_cpus(table, 10, ids, MAX, &count),
			 ERR_FORMAT);
	table[used - 1]++; /* checksum */
	assert_int_equal(acpi_madt_cpus(table, used, ids, MAX, &count),
			 ERR_FORMAT);
	header_make(table, "APIX", used);
	assert_int_equal(acpi_madt_cpus(table, used, ids, MAX, &count),
			 ERR_FORMAT);
	h->length = 35;
	assert_int_equal(acpi_madt_cpus(table, used, ids, MAX, &count),
			 ERR_FORMAT);
	header_make(table, "APIC", 40); /* ends inside the fixed part */
	assert_int_equal(acpi_madt_cpus(table, used, ids, MAX, &count),
			 ERR_FORMAT);
}

static struct acpi_rsdp rsdp_make(uint8_t revision)
{
	struct acpi_rsdp r = { .revision = revision,
			       .rsdt = WHERE + 0x100,
			       .length = sizeof(r),
			       .xsdt = WHERE + 0x200 };

	memcpy(r.signature, "RSD PTR ", 8);
	sum_fix(&r, ACPI_RSDP_V1_SIZE, offsetof(struct acpi_rsdp, checksum));
	sum_fix(&r, sizeof(r), offsetof(struct acpi_rsdp, ext_checksum));
	return r;
}

static void rsdp_forms(void **state)
{
	struct acpi_rsdp r = rsdp_make(0);
	struct acpi_root root;

	(void)state;
	assert_int_equal(acpi_rsdp_parse(&r, sizeof(r), &root), OK);
	assert_int_equal(root.table.v, WHERE + 0x100);
	assert_false(root.wide);
	assert_int_equal(root.rsdp_size, 20);
	assert_int_equal(acpi_rsdp_parse(&r, 20, &root), OK);
	assert_int_equal(acpi_rsdp_parse(&r, 19, &root), ERR_FORMAT);
	r = rsdp_make(2);
	assert_int_equal(acpi_rsdp_parse(&r, sizeof(r), &root), OK);
	assert_int_equal(root.table.v, WHERE + 0x200);
	assert_true(root.wide);
	assert_int_equal(acpi_rsdp_parse(&r, 35, &root), ERR_FORMAT);
	r.ext_checksum++;
	assert_int_equal(acpi_rsdp_parse(&r, sizeof(r), &root), ERR_FORMAT);
	r = rsdp_make(2);
	r.length = 20;
	assert_int_equal(acpi_rsdp_parse(&r, sizeof(r), &root), ERR_FORMAT);
	r = rsdp_make(0);
	r.checksum++;
	assert_int_equal(acpi_rsdp_parse(&r, sizeof(r), &root), ERR_FORMAT);
	r = rsdp_make(0);
	r.signature[7] = 'X';
	assert_int_equal(acpi_rsdp_parse(&r, sizeof(r), &root), ERR_FORMAT);
}

/* RSDT at 0x100 with MADT at 0x400 and FADT at 0x600; DSDT, FACS behind. */
static void tables_make(void)
{
	uint32_t *entry = (uint32_t *)(void *)(memory + 0x100 + 36);
	uint32_t *fadt = (uint32_t *)(void *)(memory + 0x600 + 36);

	memset(memory, 0, sizeof(memory));
	entry[0] = (uint32_t)WHERE + 0x400;
	entry[1] = (uint32_t)WHERE + 0x600;
	fadt[0] = (uint32_t)WHERE + SIZE - 64;
	fadt[1] = (uint32_t)WHERE + 0x1000;
	header_make(memory + 0x100, "RSDT", 36 + 8);
	header_make(memory + 0x400, "APIC", 60);
	header_make(memory + 0x600, "FACP", 244);
	header_make(memory + 0x1000, "DSDT", 0x1234);
}

static enum err check(void)
{
	struct guest_range where = { { { WHERE }, SIZE }, 0 };
	struct acpi_root root = { { WHERE + 0x100 }, false, 20 };

	return acpi_tables_check(where, root);
}

static enum err check_with(size_t at, uint32_t value, const char *signature,
			   size_t table_at, size_t length)
{
	tables_make();
	memcpy(memory + at, &value, sizeof(value));
	header_make(memory + table_at, signature, length);
	return check();
}

static void tables_checked(void **state)
{
	(void)state;
	tables_make();
	assert_int_equal(check(), OK);
	/* A table outside, at the edge, or wrapping. */
	assert_int_equal(check_with(0x124, 0x1000, "RSDT", 0x100, 44),
			 ERR_FORMAT);
	assert_int_equal(check_with(0x124, (uint32_t)WHERE + SIZE - 8, "RSDT",
				    0x100, 44),
			 ERR_FORMAT);
	assert_int_equal(check_with(0x124, (uint32_t)WHERE + SIZE, "RSDT",
				    0x100, 44),
			 ERR_FORMAT);
	assert_int_equal(check_with(0x124, 0xffffffff, "RSDT", 0x100, 44),
			 ERR_FORMAT);
	/* FADT: FACS that ends outside, DSDT outside, both absent. */
	assert_int_equal(check_with(0x624, (uint32_t)WHERE + SIZE - 63, "FACP",
				    0x600, 244),
			 ERR_FORMAT);
	assert_int_equal(check_with(0x628, 0x1000, "FACP", 0x600, 244),
			 ERR_FORMAT);
	assert_int_equal(check_with(0x628, 0, "FACP", 0x600, 244), OK);
	assert_int_equal(check_with(0x624, 0, "FACP", 0x600, 244), OK);
	assert_int_equal(check_with(0x624, 0, "FACP", 0x600, 40), ERR_FORMAT);
	/* The root itself. */
	assert_int_equal(check_with(0, 0, "XSDT", 0x100, 44), ERR_FORMAT);
	assert_int_equal(check_with(0, 0, "RSDT", 0x100, 36 + 4 * 257),
			 ERR_FORMAT);
}

static void table_contents_checked(void **state)
{
	(void)state;
	tables_make();
	memory[0x1000 + 0x1000]++; /* deep in the DSDT */
	assert_int_equal(check(), ERR_FORMAT);
	tables_make();
	memory[0x410]++;
	assert_int_equal(check(), ERR_FORMAT);
	tables_make();
	((struct acpi_header *)(void *)(memory + 0x400))->length = 20;
	assert_int_equal(check(), ERR_FORMAT);
	tables_make();
	((struct acpi_header *)(void *)(memory + 0x400))->length = SIZE;
	assert_int_equal(check(), ERR_FORMAT);
}

static void wide_root(void **state)
{
	struct guest_range where = { { { WHERE }, SIZE }, 0 };
	struct acpi_root root = { { WHERE + 0x200 }, true, 36 };
	uint64_t entry = WHERE + 0x400;

	(void)state;
	tables_make();
	memcpy(memory + 0x200 + 36, &entry, 8);
	header_make(memory + 0x200, "XSDT", 44);
	assert_int_equal(acpi_tables_check(where, root), OK);
	entry |= 1ull << 40;
	memcpy(memory + 0x200 + 36, &entry, 8);
	header_make(memory + 0x200, "XSDT", 44);
	assert_int_equal(acpi_tables_check(where, root), ERR_FORMAT);
	root.table.v = ~0ull;
	assert_int_equal(acpi_tables_check(where, root), ERR_FORMAT);
}

/* Any bytes: no crash, no endless loop (the sanitizers watch). */
static void random_bytes(void **state)
{
	uint32_t ids[MAX], count, seed = 1;

	(void)state;
	for (unsigned int round = 0; round < 20000; round++) {
		madt_begin();
		used += 20 + round % 60;
		for (size_t i = sizeof(struct acpi_madt); i < used; i++) {
			seed = seed * 1664525 + 1013904223;
			table[i] = (uint8_t)(seed >> 29);
		}
		(void)cpus(ids, &count);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(madt_lists_enabled_cpus),
		cmocka_unit_test(madt_refusals),
		cmocka_unit_test(madt_of_1024_cpus),
		cmocka_unit_test(madt_of_1024_cpus_with_a_twin),
		cmocka_unit_test(madt_headers),
		cmocka_unit_test(rsdp_forms),
		cmocka_unit_test(tables_checked),
		cmocka_unit_test(table_contents_checked),
		cmocka_unit_test(wide_root),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
