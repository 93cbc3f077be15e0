/* SPDX-License-Identifier: MIT */
/* Parameter areas: every record at its offset, nothing past the end. */
/* test-sources: emu/param.c emu/madt.c emu/maplie.c emu/memmap.c lib/str.c */
/* test-sources: emu/hosttables.c emu/acpilie.c lib/acpi.c lib/fmt.c */
#include "emu/param.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "lib/acpi.h"

#define AREA 4096u

static uint8_t area[AREA];
static const uint32_t ids[] = { 0, 1, 2 };
static struct memmap map;
static struct param_machine machine = {
	.cpus = 3,
	.apic_ids = ids,
	.map = &map,
	.cmdline = "quiet",
};

static enum err write_at(uint32_t type, uint32_t offset)
{
	static const struct igvm_area where = { .size = AREA };
	struct igvm_item item = { .type = type, .area = &where };

	item.usage.byte_offset = offset;
	return param_write(&item, &machine, area);
}

static int reset(void **state)
{
	struct pa_range r;

	(void)state;
	memset(area, 0, AREA);
	memset(&map, 0, sizeof(map));
	if (pa_range_make(0, 0x10000000, &r) != OK ||
	    memmap_set(&map, r, IGVM_MEMORY_MAP_MEMORY) != OK)
		return -1;
	return 0;
}

static uint32_t u32_at(size_t offset)
{
	uint32_t v;

	memcpy(&v, area + offset, 4);
	return v;
}

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(write_at(IGVM_VHT_VP_COUNT, 0), OK);
	assert_int_equal(u32_at(0), 3);
	assert_int_equal(write_at(IGVM_VHT_ENVIRONMENT_INFO, AREA - 4), OK);
	assert_int_equal(u32_at(AREA - 4), 1);
	assert_int_equal(write_at(IGVM_VHT_VP_COUNT, AREA - 3), ERR_RANGE);
	assert_int_equal(write_at(IGVM_VHT_VP_COUNT, AREA + 1), ERR_RANGE);
	assert_int_equal(write_at(IGVM_VHT_VP_COUNT, 0xffffffff), ERR_RANGE);
}

static void test_memory_map(void **state)
{
	(void)state;
	memset(area, 0xaa, AREA);
	assert_int_equal(write_at(IGVM_VHT_MEMORY_MAP, 48), OK);
	assert_int_equal(u32_at(48 + 8), 0x10000); /* pages */
	assert_int_equal(u32_at(72 + 8), 0);	   /* terminator */
	assert_int_equal(u32_at(44), 0xaaaaaaaa);
	/* Without room for the terminator the area itself ends the list. */
	assert_int_equal(write_at(IGVM_VHT_MEMORY_MAP, AREA - 24), OK);
	assert_int_equal(write_at(IGVM_VHT_MEMORY_MAP, AREA - 23), ERR_RANGE);
}

static void test_memory_map_untrue(void **state)
{
	(void)state;
	machine.lie.kind = MAPLIE_EMPTY;
	assert_int_equal(write_at(IGVM_VHT_MEMORY_MAP, 0), OK);
	assert_int_equal(u32_at(8), 0);
	machine.lie = (struct maplie){ MAPLIE_HOLE, 0x8000000 };
	assert_int_equal(write_at(IGVM_VHT_MEMORY_MAP, 0), OK);
	assert_int_equal(u32_at(24), 0x8000);
	assert_int_equal(u32_at(24 + 8), 1);
	machine.lie.kind = MAPLIE_NONE;
}

static void test_madt_and_text(void **state)
{
	(void)state;
	assert_int_equal(write_at(IGVM_VHT_MADT, 100), OK);
	assert_memory_equal(area + 100, "APIC", 4);
	assert_int_equal(u32_at(104), sizeof(struct acpi_madt) + 3 * 8);
	assert_int_equal(write_at(IGVM_VHT_MADT, AREA - 60), ERR_RANGE);
	assert_int_equal(write_at(IGVM_VHT_COMMAND_LINE, 8), OK);
	assert_string_equal((char *)area + 8, "quiet");
	assert_int_equal(write_at(IGVM_VHT_COMMAND_LINE, AREA - 6), OK);
	assert_int_equal(write_at(IGVM_VHT_COMMAND_LINE, AREA - 5), ERR_RANGE);
}

/* What QEMU says, less the processors and the memory that are not there. */
static void test_host_tables(void **state)
{
	static struct {
		struct acpi_madt head;
		struct madt_lapic cpu[4];
		struct madt_ioapic io;
	} ABI_PACKED madt;
	static struct {
		struct acpi_srat head;
		struct srat_lapic cpu;
		struct srat_memory memory[3];
	} ABI_PACKED srat;
	const struct srat_memory *m = (void *)(area + 48 + 16);

	(void)state;
	memcpy(madt.head.header.signature, "APIC", 4);
	madt.head.header.length = sizeof(madt);
	for (uint8_t i = 0; i < 4; i++)
		madt.cpu[i] = (struct madt_lapic){ MADT_LAPIC, 8, i, i, 1 };
	madt.cpu[1].flags = 0;
	madt.io = (struct madt_ioapic){ .type = MADT_IOAPIC, .length = 12 };
	memcpy(srat.head.header.signature, "SRAT", 4);
	srat.head.header.length = sizeof(srat);
	srat.cpu = (struct srat_lapic){ .type = SRAT_LAPIC, .length = 16 };
	for (unsigned int i = 0; i < 3; i++)
		srat.memory[i] = (struct srat_memory){ .type = SRAT_MEMORY,
						       .length = 40,
						       .domain = i,
						       .base = i * 0x9000000,
						       .size = 0x9000000,
						       .flags = i != 1 };
	machine.tables = (struct hosttables){ &madt.head.header,
					      &srat.head.header, NULL };
	assert_int_equal(write_at(IGVM_VHT_MADT, 0), OK);
	/* CPU 1 is off, CPU 3 does not run. */
	assert_int_equal(u32_at(4), 44 + 2 * 8 + 12);
	assert_null(acpi_table_fault(area, AREA, "APIC"));
	assert_int_equal(write_at(IGVM_VHT_SLIT, 2048), OK);
	assert_int_equal(u32_at(2048), 0);
	assert_int_equal(write_at(IGVM_VHT_MADT, AREA - 71), ERR_RANGE);
	/* 256 MiB of RAM: the first range as it is, the third not at all. */
	assert_int_equal(write_at(IGVM_VHT_SRAT, 0), OK);
	assert_int_equal(u32_at(4), 48 + 16 + 40);
	assert_null(acpi_table_fault(area, AREA, "SRAT"));
	assert_int_equal(m->size, 0x9000000);
	srat.memory[2].base = 0x9000000;
	assert_int_equal(write_at(IGVM_VHT_SRAT, 0), OK);
	assert_int_equal(m[1].base, 0x9000000);
	assert_int_equal(m[1].size, 0x7000000);
	/* And untrue. */
	machine.acpi_lie = ACPILIE_MADT_SUM;
	assert_int_equal(write_at(IGVM_VHT_MADT, 0), OK);
	assert_non_null(acpi_table_fault(area, AREA, "APIC"));
	assert_int_equal(write_at(IGVM_VHT_SRAT, 0), OK);
	assert_null(acpi_table_fault(area, AREA, "SRAT"));
	machine.acpi_lie = ACPILIE_NONE;
	machine.tables = (struct hosttables){ NULL, NULL, NULL };
}

static void test_unsupported_stay_zero(void **state)
{
	static const uint32_t types[] = { IGVM_VHT_SRAT, IGVM_VHT_SLIT,
					  IGVM_VHT_PPTT, IGVM_VHT_DEVICE_TREE,
					  IGVM_VHT_MMIO_RANGES };
	uint8_t zero[AREA] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(write_at(types[i], 16), OK);
	assert_memory_equal(area, zero, AREA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_numbers, reset),
		cmocka_unit_test_setup(test_memory_map, reset),
		cmocka_unit_test_setup(test_memory_map_untrue, reset),
		cmocka_unit_test_setup(test_madt_and_text, reset),
		cmocka_unit_test_setup(test_host_tables, reset),
		cmocka_unit_test_setup(test_unsupported_stay_zero, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
