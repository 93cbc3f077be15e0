/* SPDX-License-Identifier: MIT */
/* ACPI tables as a host might write them: well formed, broken, hostile. */
/* test-sources: kernel/dev/acpi.c lib/acpi.c lib/fmt.c */
#include "kernel/dev/acpi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WHERE 0x7fe0000ull
#define SIZE  0x4000u

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsdp_forms),
		cmocka_unit_test(tables_checked),
		cmocka_unit_test(table_contents_checked),
		cmocka_unit_test(wide_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
