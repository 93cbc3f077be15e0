/* SPDX-License-Identifier: MIT */
/* The reader takes the worked examples and refuses each way to break them. */
/* test-sources: lib/igvm_read.c lib/igvm_body.c lib/igvm_overlap.c */
/* test-sources: lib/crc32.c */
/* test-sources: lib/str.c lib/bitmap.c tests/vectors/igvm_sheet.c */
#include "lib/igvm_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vectors/igvm_sheet.h"

/* Overwrite `size` bytes of an example and expect this complaint. */
struct broken {
	uint32_t at, size;
	uint64_t value;
	uint32_t offset;
	const char *text;
};

static struct igvm_file file;
static struct igvm_fault fault;

/* In a block of its own size, so that ASan sees every step beyond it. */
static enum err open_copy(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	enum err e;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	fault = (struct igvm_fault){ ~0ull, NULL };
	e = igvm_open(&file, copy, size, &fault);
	free(copy);
	return e;
}

static void expect_fault(uint64_t offset, const char *text)
{
	assert_non_null(fault.text);
	assert_string_equal(fault.text, text);
	assert_int_equal(fault.offset, offset);
}

static void test_example_a(void **state)
{
	static uint8_t bytes[SHEET_A_SIZE];
	struct igvm_item item;
	struct igvm_iter it;
	uint32_t mask;

	(void)state;
	sheet_a(bytes);
	assert_int_equal(igvm_open(&file, bytes, sizeof(bytes), &fault), OK);
	assert_int_equal(file.format_version, 2);
	assert_int_equal(file.header_count, 6);
	assert_int_equal(file.vp_context_count, 1);
	assert_int_equal(file.loaded_bytes[0], 0x2000);
	assert_int_equal(igvm_platform_mask(&file, 0, &mask), OK);
	assert_int_equal(mask, 1);
	assert_int_equal(igvm_platform_mask(&file, 2, &mask), ERR_ABSENT);
	it = igvm_first(&file);
	assert_true(igvm_next(&it, &item));
	assert_int_equal(item.type, IGVM_VHT_SUPPORTED_PLATFORM);
	assert_int_equal(item.mask, ~0u);
	assert_true(igvm_next(&it, &item));
	assert_int_equal(item.parameter_area.number_of_bytes, 4096);
	assert_true(igvm_next(&it, &item));
	assert_true(igvm_type_is_usage(item.type));
	assert_ptr_equal(item.area, &file.areas[0]);
	assert_true(igvm_next(&it, &item));
	assert_int_equal(item.insert.gpa, 0x2000);
	assert_true(igvm_next(&it, &item));
	assert_ptr_equal(item.data, bytes + 0xb8);
	assert_int_equal(item.data_size, 4096);
	assert_true(igvm_next(&it, &item));
	assert_int_equal(item.offset, 0x98);
	assert_ptr_equal(item.data, bytes + 0x10b8);
	assert_false(igvm_next(&it, &item));
	assert_false(igvm_next(&it, &item));
}

static void test_a_as_version_1(void **state)
{
	static uint8_t bytes[SHEET_A_SIZE];

	(void)state;
	sheet_a(bytes);
	memmove(bytes + 0x18, bytes + 0x20, sizeof(bytes) - 0x20);
	bytes[4] = 1;
	bytes[8] = 0x18;
	bytes[0x10] = 0xb0;
	bytes[0x84] = 0xb0;
	bytes[0xa4] = 0xb0;
	sheet_fix_checksum(bytes, sizeof(bytes) - 8);
	assert_int_equal(open_copy(bytes, sizeof(bytes) - 8), OK);
}

static void test_every_truncation(void **state)
{
	static uint8_t bytes[SHEET_B_SIZE];

	(void)state;
	sheet_b(bytes);
	for (size_t n = 0; n < sizeof(bytes); n++)
		assert_int_equal(open_copy(bytes, n), ERR_FORMAT);
	assert_int_equal(open_copy(bytes, sizeof(bytes)), OK);
	assert_int_equal(open_copy(bytes, 0x20), ERR_FORMAT);
	expect_fault(0x20, "file is shorter than its header says");
}

/* Cut after n bytes and lie consistently about it. */
static void test_consistent_truncation(void **state)
{
	static uint8_t bytes[SHEET_B_SIZE];

	(void)state;
	for (uint32_t n = 0x20; n < sizeof(bytes); n += 4) {
		sheet_b(bytes);
		memcpy(bytes + 0x10, &n, 4);
		sheet_fix_checksum(bytes, n);
		assert_int_equal(open_copy(bytes, n), ERR_FORMAT);
	}
}

static void test_every_bit_of_the_headers(void **state)
{
	static uint8_t bytes[SHEET_B_SIZE];

	(void)state;
	sheet_b(bytes);
	for (uint32_t bit = 0; bit < 0x128 * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(open_copy(bytes, sizeof(bytes)), ERR_FORMAT);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	/* The data is not covered by the checksum. */
	bytes[0x128] ^= 1;
	assert_int_equal(open_copy(bytes, sizeof(bytes)), OK);
}

static const struct broken broken_b[] = {
	{ 0x000, 4, 0x4d564746, 0x000, "not an IGVM file" },
	{ 0x004, 4, 3, 0x004, "unknown format version" },
	{ 0x008, 4, 0x10, 0x008, "header section starts at a wrong offset" },
	{ 0x008, 4, 0x1c, 0x008, "header section starts at a wrong offset" },
	{ 0x008, 4, 0xfffffff8, 0x008,
	  "header section starts at a wrong offset" },
	{ 0x00c, 4, 0x10c, 0x00c, "header section has a wrong size" },
	{ 0x00c, 4, 0xfffffff8, 0x00c, "header section has a wrong size" },
	{ 0x00c, 4, 0x2110, 0x00c, "file has no data section" },
	{ 0x00c, 4, 0, 0x018, "no platform is supported" },
	{ 0x010, 4, 0x2127, 0x2127, "file is longer than its header says" },
	{ 0x010, 4, 0x2129, 0x2128, "file is shorter than its header says" },
	{ 0x018, 4, 0x201, 0x018, "unknown header type that is not optional" },
	{ 0x020, 4, 3, 0x018, "platform's mask is not exactly one bit" },
	{ 0x020, 4, 0, 0x018, "platform's mask is not exactly one bit" },
	{ 0x024, 1, 1, 0x018, "highest VTL is neither 0 nor 2" },
	{ 0x025, 1, 7, 0x018, "unknown platform type" },
	{ 0x026, 2, 2, 0x018, "unknown platform version" },
	{ 0x030, 4, 0x100, 0x030, "unknown header type that is not optional" },
	{ 0x034, 4, 0x18, 0x030, "header has the wrong length for its type" },
	{ 0x034, 4, 0xfffffff0, 0x030,
	  "header is longer than the header section" },
	{ 0x044, 4, 1, 0x030, "reserved field is not zero" },
	{ 0x048, 4, 0x306, 0x048, "unknown header type that is not optional" },
	{ 0x050, 8, 0x1001, 0x048, "size is zero or no multiple of 4 KiB" },
	{ 0x050, 8, 0, 0x048, "size is zero or no multiple of 4 KiB" },
	{ 0x050, 8, 0x1001000, 0x048, "parameter area is larger than 16 MiB" },
	{ 0x050, 8, 1ull << 63, 0x048, "parameter area is larger than 16 MiB" },
	{ 0x05c, 4, 0x127, 0x048, "data lies outside the data section" },
	{ 0x05c, 4, 0x1129, 0x048, "data lies outside the data section" },
	{ 0x068, 4, 1, 0x060, "parameter area was not declared before" },
	{ 0x06c, 4, 0xffd, 0x060,
	  "value does not fit into its parameter area" },
	{ 0x06c, 4, 0xffffffff, 0x060,
	  "value does not fit into its parameter area" },
	{ 0x078, 8, 0x2001, 0x070, "address is not page aligned" },
	{ 0x078, 8, 1ull << 52, 0x070, "memory lies beyond 52 address bits" },
	{ 0x078, 8, -4096ull, 0x070, "memory lies beyond 52 address bits" },
	{ 0x084, 4, 7, 0x070, "parameter area was not declared before" },
	{ 0x090, 8, 0x1010, 0x088, "address is not page aligned" },
	{ 0x090, 8, 0xfffffffffffff000, 0x088,
	  "memory lies beyond 52 address bits" },
	{ 0x09c, 4, 0x18, 0x088, "data lies outside the data section" },
	{ 0x09c, 4, 0xffffffff, 0x088, "data lies outside the data section" },
	{ 0x0a0, 4, 8, 0x088, "unknown flag" },
	{ 0x0a0, 4, 1, 0x088, "address is not 2 MiB aligned" },
	{ 0x0a4, 2, 4, 0x088, "unknown page type" },
	{ 0x0a6, 2, 1, 0x088, "reserved field is not zero" },
	{ 0x0dc, 4, 0x128, 0x0c8, "secrets page comes with data" },
	{ 0x0e0, 4, 2, 0x0c8, "secrets and CPUID pages take no flags" },
	{ 0x10c, 4, 0x18, 0x108, "header has the wrong length for its type" },
	{ 0x110, 8, 0xfffffffff001, 0x108, "address is not that of a page" },
	{ 0x110, 8, 0, 0x108, "VMSA at address 0" },
	{ 0x11c, 4, 0x1129, 0x108, "data lies outside the data section" },
	{ 0x11c, 4, 0, 0x108, "data lies outside the data section" },
	{ 0x120, 2, 1024, 0x108, "VP index is larger than 1023" },
	{ 0x122, 2, 1, 0x108, "reserved field is not zero" },
	{ 0x124, 4, 1, 0x108, "padding is cut short or not zero" },
};

static void test_broken(void **state)
{
	static uint8_t bytes[SHEET_B_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(broken_b) / sizeof(broken_b[0]); i++) {
		const struct broken *b = &broken_b[i];

		sheet_b(bytes);
		memcpy(bytes + b->at, &b->value, b->size);
		sheet_fix_checksum(bytes, sizeof(bytes));
		assert_int_equal(open_copy(bytes, sizeof(bytes)), ERR_FORMAT);
		expect_fault(b->offset, b->text);
	}
}

static void test_broken_v2(void **state)
{
	static uint8_t bytes[SHEET_A_SIZE];

	(void)state;
	sheet_a(bytes);
	bytes[0x18] = 2;
	assert_int_equal(open_copy(bytes, sizeof(bytes)), ERR_FORMAT);
	expect_fault(0x18, "unknown architecture");
	bytes[0x18] = 0;
	bytes[0x1d] = 0x20;
	assert_int_equal(open_copy(bytes, sizeof(bytes)), ERR_FORMAT);
	expect_fault(0x1c, "page size is not 4 KiB");
	bytes[0x1d] = 0x10;
	bytes[0x14] ^= 1;
	assert_int_equal(open_copy(bytes, sizeof(bytes)), ERR_FORMAT);
	expect_fault(0x14, "wrong checksum");
}

static void test_optional_is_skipped(void **state)
{
	static uint8_t bytes[SHEET_B_SIZE];
	struct igvm_item item;
	struct igvm_iter it;
	uint32_t type = 0x80000999, skipped = 0;

	(void)state;
	sheet_b(bytes);
	memcpy(bytes + 0x30, &type, 4);
	sheet_fix_checksum(bytes, sizeof(bytes));
	assert_int_equal(igvm_open(&file, bytes, sizeof(bytes), &fault), OK);
	for (it = igvm_first(&file); igvm_next(&it, &item);)
		skipped += item.skipped;
	assert_int_equal(skipped, 1);
}

static void test_too_large(void **state)
{
	(void)state;
	assert_int_equal(igvm_open(&file, "", 1ull << 32, &fault), ERR_FORMAT);
	assert_string_equal(fault.text, "file is larger than 4 GiB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_a),
		cmocka_unit_test(test_a_as_version_1),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_consistent_truncation),
		cmocka_unit_test(test_every_bit_of_the_headers),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_broken_v2),
		cmocka_unit_test(test_optional_is_skipped),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
