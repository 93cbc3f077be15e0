/* SPDX-License-Identifier: MIT */
/* MADTs as a host might write them: well formed, broken, hostile. */
/* test-sources: kernel/dev/madt.c kernel/mm/memmap.c */
/* test-sources: lib/acpi.c lib/sort.c lib/fmt.c lib/str.c */
#include "kernel/dev/madt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/memmap.h"
#include "tests/scale/machine.h"

#define MAX  8u
#define MANY 4096u

static uint8_t table[MANY * 17];
static size_t used;
static struct acpi_words why;

static void header_make(void *at, const char *signature, size_t length)
{
	struct acpi_header *h = at;

	memcpy(h->signature, signature, 4);
	h->length = (uint32_t)length;
	acpi_seal(h);
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
	e = madt_cpus(exact, used, ids, most, count, &why);
	free(exact);
	return e;
}

static enum err cpus(uint32_t *ids, uint32_t *count)
{
	return cpus_most(ids, MAX, count);
}

static void madt_lists_enabled_cpus(void **state)
{
	static const uint8_t ioapic[12] = { MADT_IOAPIC, 12 },
			     strange[5] = { 99, 5 };
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
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	assert_int_equal(count, 77);
}

static void cpu_of_any_type(uint32_t id)
{
	if (id < 255 && id % 2)
		lapic((uint8_t)id, MADT_ENABLED);
	else
		x2apic(id, MADT_ENABLED);
}

/* Ids 5, 8, 11 ... 12290, in an order that no loop makes by itself. */
static uint32_t many_id(uint32_t i, uint32_t stride)
{
	return 5 + 3 * (i * stride % MANY);
}

/* Both types, ids beyond 254, any order: the list is ascending and whole. */
static void madt_of_4096_cpus(void **state)
{
	static const uint32_t strides[] = { 1, MANY - 1, 389 };
	static uint32_t ids[MANY];
	uint32_t count = 0;

	(void)state;
	for (unsigned int s = 0; s < 3; s++) {
		madt_begin();
		for (uint32_t i = 0; i < MANY; i++)
			cpu_of_any_type(many_id(i, strides[s]));
		assert_int_equal(cpus_most(ids, MANY, &count), OK);
		assert_int_equal(count, MANY);
		for (uint32_t i = 0; i < MANY; i++)
			assert_int_equal(ids[i], many_id(i, 1));
		assert_int_equal(cpus_most(ids, MANY - 1, &count), ERR_FORMAT);
	}
	cpu_of_any_type(many_id(MANY - 1, 1) + 3);
	assert_int_equal(cpus_most(ids, MANY, &count), ERR_FORMAT);
}

/* What the host lists but does not run costs nothing: not the list's room. */
static void madt_of_4096_cpus_most_off(void **state)
{
	uint32_t ids[MAX + 1], count = 0;

	(void)state;
	madt_begin();
	for (uint32_t i = 0; i < MANY; i++)
		x2apic(many_id(i, 389), i % (MANY / MAX) ? 0 : MADT_ENABLED);
	ids[MAX] = 77;
	assert_int_equal(cpus(ids, &count), OK);
	assert_int_equal(count, MAX);
	x2apic(2, MADT_ENABLED);
	assert_int_equal(cpus(ids, &count), ERR_FORMAT);
	assert_string_equal(why.text, "more CPUs than the image allows: 8");
	assert_int_equal(ids[MAX], 77);
}

/* The same id twice, however far apart and in whatever order. */
static void madt_of_4096_cpus_with_a_twin(void **state)
{
	static const uint32_t places[] = { 1, 2, MANY / 2, MANY - 1 };
	static uint32_t ids[MANY];
	uint32_t count = 77;

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
	assert_int_equal(madt_cpus(table, used - 1, ids, MAX, &count, &why),
			 ERR_FORMAT);
	assert_int_equal(madt_cpus(table, 10, ids, MAX, &count, &why),
			 ERR_FORMAT);
	table[used - 1]++; /* checksum */
	assert_int_equal(madt_cpus(table, used, ids, MAX, &count, &why),
			 ERR_FORMAT);
	header_make(table, "APIX", used);
	assert_int_equal(madt_cpus(table, used, ids, MAX, &count, &why),
			 ERR_FORMAT);
	h->length = 35;
	assert_int_equal(madt_cpus(table, used, ids, MAX, &count, &why),
			 ERR_FORMAT);
	header_make(table, "APIC", 40); /* ends inside the fixed part */
	assert_int_equal(madt_cpus(table, used, ids, MAX, &count, &why),
			 ERR_FORMAT);
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

static void map_make(void)
{
	struct scale_machine m = scale_machine(SCALE_GIB, false);
	struct params p = scale_params(1, 64 * SCALE_MIB);
	struct memmap_host host = { m.entry, m.count, PA_LIMIT, 1 };

	assert_int_equal(memmap_init(&p, &host), OK);
}

static void devices_keep_out_of_memory(void **state)
{
	static const uint32_t good[] = { 0xfec00000, 0xfffff000, 0x80000000,
					 0xb0000000 };
	/* The guest's, ours, one byte of a page, and the flash's own page. */
	static const uint32_t bad[] = { 0, 0x8000000, 0x3fffffff, 0x100000 };
	struct madt_ioapic io = { .type = MADT_IOAPIC, .length = sizeof(io) };
	struct acpi_madt *madt = (void *)table;

	(void)state;
	map_make();
	for (unsigned int i = 0; i < 8; i++) {
		uint32_t address = i < 4 ? good[i] : bad[i - 4];
		enum err want = i < 4 ? OK : ERR_FORMAT;

		madt_begin();
		lapic(0, 1);
		io.address = 0xfec00000;
		record(&io, sizeof(io));
		io.address = address;
		record(&io, sizeof(io));
		madt->lapic_address = 0xfee00000;
		header_make(table, "APIC", used);
		assert_int_equal(madt_devices_check(table, &why), want);
		madt_begin();
		lapic(0, 1);
		madt->lapic_address = address;
		header_make(table, "APIC", used);
		assert_int_equal(madt_devices_check(table, &why), want);
	}
}

/* What is told on: nothing that is not there, nothing that we do not know. */
static void copy_has_what_is_there(void **state)
{
	static const uint8_t over[10] = { MADT_OVERRIDE, 10, 0, 0, 2 };
	static const uint8_t nmi[6] = { MADT_LAPIC_NMI, 6, 255, 0, 0, 1 };
	static const uint8_t moved[12] = { MADT_LAPIC_ADDRESS, 12 };
	static const uint8_t wake[16] = { MADT_WAKEUP, 16 };
	static const uint8_t strange[5] = { 99, 5 };
	static uint8_t copy[512];
	struct madt_ioapic io = { .type = MADT_IOAPIC,
				  .length = sizeof(io),
				  .address = 0xfec00000 };
	struct cursor_out out = cursor_out_make(copy, sizeof(copy));
	const size_t whole = sizeof(struct acpi_madt) + 8 + 12 + 10 + 16 + 6;
	uint32_t ids[MAX], count;

	(void)state;
	madt_begin();
	lapic(7, 1);
	record(&io, sizeof(io));
	record(over, sizeof(over));
	lapic(9, 0);
	lapic(10, 2);
	x2apic(300, 1);
	record(wake, sizeof(wake));
	record(moved, sizeof(moved));
	record(strange, sizeof(strange));
	record(nmi, sizeof(nmi));
	header_make(table, "APIC", used);
	assert_int_equal(madt_cpus(table, used, ids, MAX, &count, &why), OK);
	assert_true(madt_copy(table, &out));
	assert_int_equal(cursor_out_offset(&out), whole);
	assert_null(acpi_table_fault(copy, sizeof(copy), "APIC"));
	assert_int_equal(((struct acpi_header *)copy)->length, whole);
	assert_int_equal(madt_cpus(copy, whole, ids, MAX, &count, &why), OK);
	assert_int_equal(count, 2);
	assert_int_equal(ids[0], 7);
	assert_int_equal(ids[1], 300);
	assert_memory_equal(copy + sizeof(struct acpi_madt) + 8, &io,
			    sizeof(io));
	for (size_t room = 0; room < whole; room++) {
		out = cursor_out_make(copy, room);
		assert_false(madt_copy(table, &out));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(madt_lists_enabled_cpus),
		cmocka_unit_test(madt_refusals),
		cmocka_unit_test(madt_of_4096_cpus),
		cmocka_unit_test(madt_of_4096_cpus_with_a_twin),
		cmocka_unit_test(madt_of_4096_cpus_most_off),
		cmocka_unit_test(madt_headers),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(devices_keep_out_of_memory),
		cmocka_unit_test(copy_has_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
