/* SPDX-License-Identifier: MIT */
/* Firmware tables: those of Debian's packages, and every way to break them. */
/* test-sources: lib/ovmf.c lib/str.c */
#include "lib/ovmf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/lib/ovmf_sample.h"

static struct sample sample;

static void expect_ok(struct ovmf_image *image)
{
	const char *why = "not written";

	assert_int_equal(
		ovmf_open(image, sample.bytes, sizeof(sample.bytes), &why), OK);
	assert_null(why);
}

static void expect_bad(const char *words)
{
	struct ovmf_image image;
	const char *why = NULL;

	assert_int_equal(ovmf_open(&image, sample.bytes, sizeof(sample.bytes),
				   &why),
			 ERR_FORMAT);
	assert_non_null(strstr(why, words));
}

/* Facts seen in bookworm's package: the footer says 0x88 bytes. */
static void test_2022(void **state)
{
	struct ovmf_record r;
	struct ovmf_image image;

	(void)state;
	sample_make(&sample, SAMPLE_2022_11);
	assert_int_equal(sample.bytes[SAMPLE_SIZE - 0x32], 0x88);
	expect_ok(&image);
	assert_int_equal(image.flash.start.v, OVMF_END - SAMPLE_SIZE);
	assert_true(image.has_reset_block);
	assert_int_equal(image.ap_reset, 0x80b004);
	assert_int_equal(image.launch_secret.size, 0);
	assert_true(image.sev.present);
	assert_int_equal(image.sev.count, 5);
	assert_int_equal(image.sev.at[4].size, 0x11000);
	assert_false(image.igvm.present);
	assert_int_equal(image.tdx_count, 6);
	assert_int_equal(image.tdx[2].address, 0x810000);
	assert_int_equal(ovmf_find(&image.sev, OVMF_SEV_SVSM_CAA, &r),
			 ERR_ABSENT);
	assert_int_equal(ovmf_find(&image.sev, OVMF_SEV_MEMORY, &r),
			 ERR_EXISTS);
}

static void test_2026(void **state)
{
	struct ovmf_record r;
	struct ovmf_image image;

	(void)state;
	sample_make(&sample, SAMPLE_2026_08);
	assert_int_equal(sample.bytes[SAMPLE_SIZE - 0x32], 0x9e);
	expect_ok(&image);
	assert_int_equal(image.hash_table.start.v, 0x810c00);
	assert_int_equal(image.hash_table.size, 0x400);
	assert_int_equal(ovmf_find(&image.sev, OVMF_SEV_SVSM_CAA, &r), OK);
	assert_int_equal(r.start, 0x80f000);
	assert_int_equal(ovmf_find(&image.igvm, OVMF_IGVM_AREA, &r), OK);
	assert_int_equal(r.start, 0x812000);
	assert_int_equal(ovmf_find(&image.igvm, OVMF_IGVM_VP_COUNT, &r), OK);
	assert_int_equal(r.start, 0xc0);
}

static void test_2025(void **state)
{
	struct ovmf_record r;
	struct ovmf_image image;

	(void)state;
	sample_make(&sample, SAMPLE_2025_02);
	expect_ok(&image);
	assert_int_equal(ovmf_find(&image.sev, OVMF_SEV_SVSM_CAA, &r), OK);
	assert_false(image.igvm.present);
}

/* An SVSM area of size 0 is how images for TDX alone say that they have none. */
static void test_empty_record(void **state)
{
	static const struct ovmf_record records[] = { { 0, 0, 4 },
						      { 0, 0, 4 },
						      { 0x1000, 0x1000, 99 } };
	struct ovmf_record r;
	struct ovmf_image image;

	(void)state;
	sample_begin(&sample);
	sample_sev(&sample, records, 3);
	sample_end(&sample);
	expect_ok(&image);
	assert_int_equal(ovmf_find(&image.sev, OVMF_SEV_SVSM_CAA, &r),
			 ERR_ABSENT);
	assert_int_equal(ovmf_find(&image.sev, 99, &r), OK);
}

static void test_no_image(void **state)
{
	struct ovmf_image image;
	const char *why;

	(void)state;
	sample_make(&sample, SAMPLE_2026_08);
	assert_int_equal(ovmf_open(&image, sample.bytes, 0, &why), ERR_FORMAT);
	assert_int_equal(ovmf_open(&image, sample.bytes, 4095, &why),
			 ERR_FORMAT);
	assert_int_equal(ovmf_open(&image, sample.bytes, OVMF_SIZE_MAX + 4096,
				   &why),
			 ERR_FORMAT);
	assert_int_equal(ovmf_open(&image, sample.bytes, 4096, &why),
			 ERR_ABSENT);
	sample.bytes[SAMPLE_SIZE - 0x30] ^= 1;
	assert_int_equal(ovmf_open(&image, sample.bytes, SAMPLE_SIZE, &why),
			 ERR_ABSENT);
}

static void total_set(uint16_t total)
{
	memcpy(sample.bytes + SAMPLE_SIZE - 0x32, &total, 2);
}

static void test_table(void **state)
{
	static const uint8_t guid[OVMF_GUID_SIZE] = { 7 };
	struct ovmf_image image;
	uint32_t data = 0;

	(void)state;
	sample_make(&sample, SAMPLE_2026_08);
	total_set(17);
	expect_bad("larger");
	total_set(SAMPLE_SIZE);
	expect_bad("larger");
	total_set(SAMPLE_SIZE - 0x20);
	expect_bad("leaves the table");
	total_set(18 + 22 + 1);
	expect_bad("whole entries");
	total_set(18 + 22 + 19);
	expect_bad("leaves the table");
	total_set(18);
	expect_ok(&image);
	assert_false(image.sev.present);
	/* Strangers are passed over; nobody we know comes twice. */
	sample_begin(&sample);
	sample_put(&sample, guid, &data, 4);
	sample_put(&sample, guid, &data, 4);
	sample_put(&sample, sample_guid_reset, &data, 4);
	sample_end(&sample);
	expect_ok(&image);
	assert_true(image.has_reset_block);
	sample_put(&sample, sample_guid_reset, &data, 4);
	sample_end(&sample);
	expect_bad("twice");
}

static void test_entries(void **state)
{
	uint32_t data[3] = { 0xfffff000, 0x1001, 0 };

	(void)state;
	sample_begin(&sample);
	sample_put(&sample, sample_guid_reset, data, 3);
	sample_end(&sample);
	expect_bad("wrong length");
	sample_begin(&sample);
	sample_put(&sample, sample_guid_secret, data, 12);
	sample_end(&sample);
	expect_bad("wrong length");
	sample_begin(&sample);
	sample_put(&sample, sample_guid_hash, data, 8);
	sample_end(&sample);
	expect_bad("above 4 GiB");
}

static void entry_offset(const uint8_t *guid, uint32_t offset)
{
	sample_begin(&sample);
	sample_put(&sample, guid, &offset, 4);
	sample_end(&sample);
}

static void test_offsets(void **state)
{
	(void)state;
	entry_offset(sample_guid_sev, SAMPLE_SIZE + 1);
	expect_bad("outside");
	entry_offset(sample_guid_sev, 0);
	expect_bad("outside");
	entry_offset(sample_guid_sev, 15);
	expect_bad("outside");
	entry_offset(sample_guid_igvm, 0xffffffff);
	expect_bad("outside");
	entry_offset(sample_guid_igvm, SAMPLE_SIZE);
	expect_bad("signature");
	entry_offset(sample_guid_tdx, 0xfffffff8);
	expect_bad("outside");
	entry_offset(sample_guid_tdx, SAMPLE_SIZE);
	expect_bad("no GUID");
}

/* One word of a good SEV block changed. */
static void block_word(uint32_t index, uint32_t value, const char *words)
{
	uint32_t at;

	sample_begin(&sample);
	at = sample_block(&sample, sample_guid_sev, OVMF_SIGNATURE_SEV,
			  sample_sev_2026, 7, 12);
	sample_end(&sample);
	memcpy(sample.bytes + at + 4 * index, &value, 4);
	expect_bad(words);
}

static void test_block(void **state)
{
	(void)state;
	block_word(0, OVMF_SIGNATURE_IGVM, "signature");
	block_word(1, 99, "length");
	block_word(1, 0xfffffff0, "length");
	block_word(2, 2, "version");
	block_word(3, 8, "length");
	block_word(3, OVMF_RECORDS_MAX + 1, "too many");
	block_word(3, 0xffffffff, "too many");
	block_word(4, 0xfffff001, "above 4 GiB");
	block_word(5, 0xffffffff, "above 4 GiB");
}

/* Room for the block, but not for its records. */
static void test_block_end(void **state)
{
	struct ovmf_block b = { OVMF_SIGNATURE_SEV, 16 + 12, 1, 1 };

	(void)state;
	entry_offset(sample_guid_sev, 27);
	memcpy(sample.bytes + SAMPLE_SIZE - 27, &b, sizeof(b));
	expect_bad("outside");
}

static void igvm(const struct ovmf_record *records, uint32_t count)
{
	sample_begin(&sample);
	(void)sample_block(&sample, sample_guid_igvm, OVMF_SIGNATURE_IGVM,
			   records, count, 12);
	sample_end(&sample);
}

static void test_igvm(void **state)
{
	struct ovmf_record r[] = { { 0x812000, 0x1000, 0x100 },
				   { 0xff0, 0x10, 0x101 },
				   { 0x900000, 0x1000, 0x100 } };
	struct ovmf_image image;

	(void)state;
	igvm(r, 2);
	expect_ok(&image);
	igvm(r, 3);
	expect_bad("several");
	igvm(r + 1, 1);
	expect_bad("leaves its area");
	r[1].size = 0x11;
	igvm(r, 2);
	expect_bad("leaves its area");
	r[1] = (struct ovmf_record){ 0xfffffff0, 0x10, 0x102 };
	igvm(r, 2);
	expect_bad("leaves its area");
}

static void test_tdx(void **state)
{
	struct ovmf_tdx_record r = sample_tdx[0];

	(void)state;
	r.file_offset = 0xfffff000;
	sample_begin(&sample);
	(void)sample_block(&sample, sample_guid_tdx, OVMF_SIGNATURE_TDX, &r, 1,
			   sizeof(r));
	sample_end(&sample);
	expect_bad("TDX section lies");
	r = sample_tdx[0];
	r.size = UINT64_MAX;
	sample_begin(&sample);
	(void)sample_block(&sample, sample_guid_tdx, OVMF_SIGNATURE_TDX, &r, 1,
			   sizeof(r));
	sample_end(&sample);
	expect_bad("wraps");
}

/* Every byte of the tables changed, every bit: no read outside, no crash. */
static void test_bits(void **state)
{
	struct ovmf_image image;
	const char *why;

	(void)state;
	sample_make(&sample, SAMPLE_2026_08);
	for (uint32_t at = SAMPLE_SIZE - 1024; at < SAMPLE_SIZE; at++) {
		if (at == sample.block)
			at = sample.low;
		for (unsigned int bit = 0; bit < 8; bit++) {
			sample.bytes[at] ^= (uint8_t)(1u << bit);
			(void)!ovmf_open(&image, sample.bytes, SAMPLE_SIZE,
					 &why);
			sample.bytes[at] ^= (uint8_t)(1u << bit);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_2022),
		cmocka_unit_test(test_2025),
		cmocka_unit_test(test_2026),
		cmocka_unit_test(test_empty_record),
		cmocka_unit_test(test_no_image),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_block_end),
		cmocka_unit_test(test_igvm),
		cmocka_unit_test(test_tdx),
		cmocka_unit_test(test_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
