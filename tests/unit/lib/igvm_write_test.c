/* SPDX-License-Identifier: MIT */
/* The builder makes the worked examples byte for byte, and fails cleanly. */
/* test-sources: lib/igvm_write.c lib/crc32.c lib/str.c */
/* test-sources: tests/vectors/igvm_sheet.c */
#include "lib/igvm_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vectors/igvm_sheet.h"

static uint8_t page_code[4096], page_state[4096];

struct room {
	uint8_t headers[1024];
	uint8_t data[3 * 4096];
	uint8_t file[4 * 4096];
};

static void example_a(struct igvm_writer *w)
{
	uint32_t code, state;

	sheet_code_page(page_code);
	sheet_native_page(page_state);
	code = igvm_write_data(w, page_code, 3, 4096);
	state = igvm_write_data(w, page_state, 0xe8, 4096);
	igvm_write_platform(w, 1, IGVM_PLATFORM_NATIVE, 0, 0);
	igvm_write_area(w, 0, 4096, 0);
	igvm_write_usage(w, IGVM_VHT_VP_COUNT, 0, 0);
	igvm_write_insert(w, 1, 0x2000, 0);
	igvm_write_page(w, 1, 0x1000, IGVM_PAGE_TYPE_NORMAL, 0, code);
	igvm_write_vp_context(w, 1, 0, 0, state);
}

static void example_b(struct igvm_writer *w)
{
	uint32_t code, state;

	sheet_code_page(page_code);
	sheet_vmsa_page(page_state);
	code = igvm_write_data(w, page_code, 4096, 4096);
	state = igvm_write_data(w, page_state, 4096, 4096);
	igvm_write_platform(w, 1, IGVM_PLATFORM_SEV_SNP, 2, 0);
	igvm_write_policy(w, 1, 0x30000);
	igvm_write_area(w, 0, 4096, 0);
	igvm_write_usage(w, IGVM_VHT_VP_COUNT, 0, 0);
	igvm_write_insert(w, 1, 0x2000, 0);
	igvm_write_page(w, 1, 0x1000, IGVM_PAGE_TYPE_NORMAL, 0, code);
	igvm_write_page(w, 1, 0x3000, IGVM_PAGE_TYPE_NORMAL, 0, 0);
	igvm_write_page(w, 1, 0x4000, IGVM_PAGE_TYPE_SECRETS, 0, 0);
	igvm_write_page(w, 1, 0x5000, IGVM_PAGE_TYPE_CPUID_DATA, 0, 0);
	igvm_write_vp_context(w, 1, 0xfffffffff000, 0, state);
}

static void writer(struct igvm_writer *w, struct room *r, uint32_t version)
{
	/* Old content must not shine through anywhere. */
	memset(r, 0xa5, sizeof(*r));
	igvm_write_init(w, version, r->headers, sizeof(r->headers), r->data,
			sizeof(r->data));
}

static void test_example_a(void **state)
{
	static struct room r;
	uint8_t sheet[SHEET_A_SIZE];
	struct igvm_writer w;
	uint64_t size = 0;

	(void)state;
	writer(&w, &r, 2);
	example_a(&w);
	assert_int_equal(igvm_write_size(&w), SHEET_A_SIZE);
	assert_int_equal(igvm_write_finish(&w, r.file, sizeof(r.file), &size),
			 OK);
	assert_int_equal(size, SHEET_A_SIZE);
	sheet_a(sheet);
	assert_memory_equal(r.file, sheet, SHEET_A_SIZE);
}

static void test_example_b(void **state)
{
	static struct room r;
	uint8_t sheet[SHEET_B_SIZE];
	struct igvm_writer w;
	uint64_t size = 0;

	(void)state;
	writer(&w, &r, 1);
	example_b(&w);
	assert_int_equal(igvm_write_finish(&w, r.file, SHEET_B_SIZE, &size),
			 OK);
	assert_int_equal(size, SHEET_B_SIZE);
	sheet_b(sheet);
	assert_memory_equal(r.file, sheet, SHEET_B_SIZE);
	/* Twice gives the same: finishing changes nothing. */
	assert_int_equal(igvm_write_finish(&w, r.file, SHEET_B_SIZE, &size),
			 OK);
	assert_memory_equal(r.file, sheet, SHEET_B_SIZE);
}

static void test_no_room(void **state)
{
	static struct room r;
	struct igvm_writer w;
	uint64_t size;

	(void)state;
	writer(&w, &r, 1);
	example_b(&w);
	assert_int_equal(igvm_write_finish(&w, r.file, SHEET_B_SIZE - 1, &size),
			 ERR_NOMEM);
	igvm_write_init(&w, 1, r.headers, 100, r.data, sizeof(r.data));
	example_b(&w);
	assert_int_equal(igvm_write_finish(&w, r.file, sizeof(r.file), &size),
			 ERR_NOMEM);
	igvm_write_init(&w, 1, r.headers, sizeof(r.headers), r.data, 8191);
	example_b(&w);
	assert_int_equal(igvm_write_finish(&w, r.file, sizeof(r.file), &size),
			 ERR_NOMEM);
}

static void test_wrong_use(void **state)
{
	static struct room r;
	struct igvm_writer w;
	uint64_t size;

	(void)state;
	writer(&w, &r, 1);
	(void)igvm_write_data(&w, page_code, 4096, 4095);
	assert_int_equal(igvm_write_finish(&w, r.file, sizeof(r.file), &size),
			 ERR_RANGE);
	writer(&w, &r, 1);
	igvm_write_page(&w, 1, 0x1000, 0, 0, 5);
	assert_int_equal(igvm_write_finish(&w, r.file, sizeof(r.file), &size),
			 ERR_FORMAT);
	writer(&w, &r, 1);
	igvm_write_header(&w, IGVM_VHT_PAGE_DATA, page_code, 8);
	assert_int_equal(igvm_write_finish(&w, r.file, sizeof(r.file), &size),
			 ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_a),
		cmocka_unit_test(test_example_b),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_wrong_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
