/* SPDX-License-Identifier: MIT */
/* The MADT: sums to zero, one entry a vCPU, type 9 from APIC id 255 on. */
/* test-sources: emu/madt.c */
#include "emu/madt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "abi/acpi.h"

static uint8_t table[8192];

static void test_small(void **state)
{
	static const uint32_t ids[] = { 0, 1, 2, 7 };
	struct madt_lapic e;
	size_t size;
	uint8_t sum = 0;

	(void)state;
	assert_int_equal(madt_build(ids, 4, table, sizeof(table), &size), OK);
	assert_int_equal(size, 44 + 4 * 8);
	assert_memory_equal(table, "APIC", 4);
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + table[i]);
	assert_int_equal(sum, 0);
	memcpy(&e, table + 44 + 24, sizeof(e));
	assert_int_equal(e.type, 0);
	assert_int_equal(e.uid, 3);
	assert_int_equal(e.apic_id, 7);
	assert_int_equal(e.flags, MADT_ENABLED);
}

static void test_big_ids(void **state)
{
	static const uint32_t ids[] = { 254, 255, 1000 };
	struct madt_x2apic e;
	size_t size;

	(void)state;
	assert_int_equal(madt_build(ids, 3, table, sizeof(table), &size), OK);
	assert_int_equal(size, 44 + 8 + 16 + 16);
	memcpy(&e, table + 44 + 8 + 16, sizeof(e));
	assert_int_equal(e.type, 9);
	assert_int_equal(e.length, 16);
	assert_int_equal(e.apic_id, 1000);
	assert_int_equal(e.uid, 2);
}

static void test_room(void **state)
{
	static const uint32_t ids[] = { 0, 1 };
	size_t size;

	(void)state;
	assert_int_equal(madt_build(ids, 2, table, 60, &size), OK);
	assert_int_equal(madt_build(ids, 2, table, 59, &size), ERR_RANGE);
	assert_int_equal(madt_build(ids, 0, table, 43, &size), ERR_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_big_ids),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
