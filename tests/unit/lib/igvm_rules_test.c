/* SPDX-License-Identifier: MIT */
/* Rules between headers: order, areas, sums, overlap; and rarer header types. */
/* test-sources: lib/igvm_read.c lib/igvm_body.c lib/igvm_overlap.c */
/* test-sources: lib/crc32.c */
/* test-sources: lib/str.c lib/bitmap.c lib/igvm_write.c */
#include "lib/igvm_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/igvm_write.h"

#define SNP 1u
#define TDX 2u
#define VSM 4u

static uint8_t headers[80 << 10], data[3 << 20], bytes[4 << 20];
static struct igvm_writer w;
static struct igvm_file file;
static struct igvm_fault fault;
static uint32_t page;

/* A file that so far is good, with one page of data to refer to. */
static void begin(void)
{
	static const uint8_t content[4096] = { 1, 0, 0, 0 };

	igvm_write_init(&w, 1, headers, sizeof(headers), data, sizeof(data));
	page = igvm_write_data(&w, content, sizeof(content), sizeof(content));
	igvm_write_platform(&w, SNP, IGVM_PLATFORM_SEV_SNP, 2, 0);
	igvm_write_platform(&w, TDX, IGVM_PLATFORM_TDX, 2, 0);
	igvm_write_platform(&w, VSM, IGVM_PLATFORM_VSM_ISOLATION, 0, 0);
}

static enum err end(void)
{
	uint64_t size;

	assert_int_equal(igvm_write_finish(&w, bytes, sizeof(bytes), &size),
			 OK);
	fault = (struct igvm_fault){ 0, NULL };
	return igvm_open(&file, bytes, size, &fault);
}

static void expect_good(void)
{
	enum err e = end();

	assert_string_equal(fault.text ? fault.text : "", "");
	assert_int_equal(e, OK);
}

/* The last header written is the one to blame. */
static void expect_bad(const char *text)
{
	assert_int_equal(end(), ERR_FORMAT);
	assert_string_equal(fault.text, text);
	assert_in_range(fault.offset, file.header_offset, file.header_end - 8);
}

static void test_platforms(void **state)
{
	(void)state;
	begin();
	igvm_write_platform(&w, 8, IGVM_PLATFORM_TDX, 0, 0);
	expect_bad("platform type occurs twice");
	begin();
	igvm_write_platform(&w, TDX, IGVM_PLATFORM_NATIVE, 0, 0);
	expect_bad("two platforms share one mask bit");
	begin();
	igvm_write_platform(&w, 8, IGVM_PLATFORM_NATIVE, 0, 1 << 30);
	expect_bad("platform has no shared address boundary");
}

static void test_sections(void **state)
{
	(void)state;
	begin();
	igvm_write_area(&w, 0, 4096, 0);
	igvm_write_policy(&w, SNP, 0x30000);
	expect_bad("header stands in the wrong section");
	begin();
	igvm_write_policy(&w, SNP, 0x30000);
	igvm_write_platform(&w, 8, IGVM_PLATFORM_NATIVE, 0, 0);
	expect_bad("header stands in the wrong section");
	/* An optional header of unknown type may stand anywhere. */
	begin();
	igvm_write_area(&w, 0, 4096, 0);
	igvm_write_header(&w, IGVM_VHT_OPTIONAL | 7, data, 3);
	igvm_write_page(&w, SNP, 0x1000, 0, 0, page);
	expect_good();
}

static void test_areas(void **state)
{
	(void)state;
	begin();
	igvm_write_area(&w, 9, 4096, 0);
	igvm_write_area(&w, 9, 4096, 0);
	expect_bad("parameter area is declared twice");
	begin();
	igvm_write_area(&w, 9, 4096, page);
	igvm_write_insert(&w, TDX, 0x1000, 9);
	igvm_write_insert(&w, SNP, 0x2000, 9);
	expect_bad("parameter area was inserted before");
	begin();
	igvm_write_area(&w, 9, 4096, 0);
	igvm_write_insert(&w, SNP, 0x2000, 9);
	igvm_write_usage(&w, IGVM_VHT_MADT, 9, 0);
	expect_bad("parameter area was inserted before");
	begin();
	igvm_write_area(&w, 9, 4096, 0);
	igvm_write_usage(&w, IGVM_VHT_MMIO_RANGES, 9, 4096 - 31);
	expect_bad("value does not fit into its parameter area");
	begin();
	igvm_write_area(&w, 9, 8192, page);
	expect_bad("data lies outside the data section");
}

static void test_area_count(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < IGVM_AREA_COUNT_MAX; i++)
		igvm_write_area(&w, ~i, 4096, 0);
	expect_good();
	begin();
	for (uint32_t i = 0; i <= IGVM_AREA_COUNT_MAX; i++)
		igvm_write_area(&w, ~i, 4096, 0);
	expect_bad("more than 64 parameter areas");
}

static void test_required_memory(void **state)
{
	(void)state;
	begin();
	igvm_write_required(&w, SNP, 0, 0x80000000);
	igvm_write_required(&w, TDX, 0, 0x80000000);
	expect_good();
	assert_int_equal(file.required_bytes[0], 0x80000000);
	begin();
	igvm_write_required(&w, SNP, 0, 0xfffff000);
	expect_bad("more than 2 GiB of required memory");
	begin();
	igvm_write_required(&w, SNP, 0, 0x80000000);
	igvm_write_required(&w, SNP | TDX, 0x80000000, 0x1000);
	expect_bad("more than 2 GiB of required memory");
	/* 4 GiB do not fit into the field: they look like nothing. */
	begin();
	igvm_write_required(&w, SNP, 0, 0);
	expect_bad("size is zero or no multiple of 4 KiB");
}

static void test_large_pages(void **state)
{
	static const uint8_t content[1] = { 9 };
	uint32_t large;

	(void)state;
	begin();
	large = igvm_write_data(&w, content, 1, PAGE_2M);
	igvm_write_page(&w, SNP, PAGE_2M, 0, IGVM_PAGE_IS_2MB, large);
	igvm_write_page(&w, SNP, 2 * PAGE_2M, 0, IGVM_PAGE_IS_2MB, 0);
	expect_good();
	assert_int_equal(file.loaded_bytes[0], 2 * PAGE_2M);
	begin();
	igvm_write_page(&w, SNP, PAGE_2M, 0, IGVM_PAGE_IS_2MB, page);
	expect_bad("data lies outside the data section");
}

static void load_large(uint32_t count)
{
	begin();
	for (uint32_t i = 0; i < count; i++)
		igvm_write_page(&w, SNP, i * PAGE_2M, 0, IGVM_PAGE_IS_2MB, 0);
}

/* 64 KiB of headers must not make anyone hash more than 4 GiB. */
static void test_loaded_sum(void **state)
{
	(void)state;
	load_large(2048);
	expect_good();
	assert_int_equal(file.loaded_bytes[0], 4ull << 30);
	load_large(2049);
	expect_bad("more than 4 GiB of memory to load");
}

static void vp_context_at(uint32_t mask, uint16_t vp, uint32_t ref)
{
	igvm_write_vp_context(&w, mask, 0xfffffffff000, vp, ref);
}

static void test_vp_contexts(void **state)
{
	(void)state;
	begin();
	vp_context_at(SNP, 0, page);
	vp_context_at(SNP, 1, page);
	vp_context_at(VSM, 0, page);
	expect_good();
	begin();
	vp_context_at(SNP, 5, page);
	vp_context_at(SNP, 5, page);
	expect_bad("second VP context for a VP");
	begin();
	vp_context_at(SNP | VSM, 0, page);
	expect_bad("VP context is for more than one platform");
	begin();
	vp_context_at(TDX, 0, page);
	expect_bad("VP context is for a platform that takes none");
	/* 256 registers need 8 KiB and more. */
	begin();
	vp_context_at(VSM, 0, page + 4095);
	expect_bad("data lies outside the data section");
}

static void test_vsm_register_count(void **state)
{
	const uint32_t count = 0x08000000;
	uint32_t at;

	(void)state;
	begin();
	at = igvm_write_data(&w, &count, 4, 4096);
	vp_context_at(VSM, 0, at);
	expect_bad("data lies outside the data section");
}

static void test_corim(void **state)
{
	struct igvm_corim body = { SNP, 0, 100, 0 };

	(void)state;
	begin();
	body.file_offset = page;
	igvm_write_header(&w, IGVM_VHT_CORIM_DOCUMENT, &body, sizeof(body));
	igvm_write_header(&w, IGVM_VHT_CORIM_SIGNATURE, &body, sizeof(body));
	expect_good();
	begin();
	igvm_write_header(&w, IGVM_VHT_CORIM_SIGNATURE, &body, sizeof(body));
	expect_bad("signature comes before its CoRIM document");
	begin();
	igvm_write_header(&w, IGVM_VHT_CORIM_DOCUMENT, &body, sizeof(body));
	igvm_write_header(&w, IGVM_VHT_CORIM_DOCUMENT, &body, sizeof(body));
	expect_bad("second CoRIM document for a platform");
	begin();
	body.size_bytes = 4097;
	igvm_write_header(&w, IGVM_VHT_CORIM_DOCUMENT, &body, sizeof(body));
	expect_bad("data lies outside the data section");
}

static void relocatable(const struct igvm_relocatable_region *body)
{
	begin();
	igvm_write_header(&w, IGVM_VHT_RELOCATABLE_REGION, body, sizeof(*body));
}

static void test_relocation(void **state)
{
	struct igvm_relocatable_region r = {
		.compatibility_mask = SNP,
		.relocation_alignment = PAGE_2M,
		.relocation_region_gpa = PAGE_2M,
		.relocation_region_size = PAGE_4K,
		.maximum_relocation_gpa = 8 * PAGE_2M,
	};
	struct igvm_page_table_relocation t = { .compatibility_mask = SNP,
						.gpa = 0x1000,
						.size = 0x3000 };

	(void)state;
	relocatable(&r);
	expect_good();
	r.flags = 8;
	relocatable(&r);
	expect_bad("unknown flag");
	r.flags = 7;
	r.relocation_region_gpa = PAGE_4K;
	relocatable(&r);
	expect_bad("region is not aligned as it says itself");
	r.relocation_region_gpa = 0;
	r.relocation_alignment = 0;
	relocatable(&r);
	expect_bad("alignment is no power of two of at least 4 KiB");
	begin();
	igvm_write_header(&w, IGVM_VHT_PAGE_TABLE_RELOCATION_REGION, &t,
			  sizeof(t));
	expect_good();
	begin();
	t.used_size = 0x4000;
	igvm_write_header(&w, IGVM_VHT_PAGE_TABLE_RELOCATION_REGION, &t,
			  sizeof(t));
	expect_bad("used size makes no sense");
}

static void test_id_block(void **state)
{
	static struct igvm_snp_id_block b = { .compatibility_mask = SNP };

	(void)state;
	begin();
	igvm_write_header(&w, IGVM_VHT_SNP_ID_BLOCK, &b, sizeof(b));
	expect_good();
	begin();
	b.author_key_enabled = 2;
	igvm_write_header(&w, IGVM_VHT_SNP_ID_BLOCK, &b, sizeof(b));
	expect_bad("author_key_enabled is neither 0 nor 1");
}

static enum err overlap(uint32_t mask, uint32_t span_count)
{
	static struct igvm_span spans[64];

	expect_good();
	return igvm_overlap_check(&file, mask, spans, span_count, &fault);
}

static void test_overlap(void **state)
{
	(void)state;
	begin();
	igvm_write_page(&w, SNP, 0x9000, 0, 0, page);
	igvm_write_page(&w, SNP, 0x5000, 0, 0, page);
	igvm_write_page(&w, SNP, 0x6000, 0, 0, page);
	igvm_write_page(&w, TDX, 0x5000, 0, 0, page);
	vp_context_at(SNP, 0, page);
	vp_context_at(SNP, 1, page);
	assert_int_equal(overlap(SNP, 4), OK);
	assert_int_equal(overlap(TDX, 1), OK);
	assert_int_equal(overlap(SNP, 3), ERR_NOMEM);
	/* Required memory may cover what is loaded. */
	igvm_write_required(&w, SNP, 0, 0x100000);
	assert_int_equal(overlap(SNP, 16), OK);
	igvm_write_page(&w, SNP, 0x6000, 0, 0, 0);
	assert_int_equal(overlap(SNP, 16), ERR_FORMAT);
	assert_int_equal(fault.offset, file.header_end - 32);
}

static void test_overlap_of_kinds(void **state)
{
	(void)state;
	begin();
	igvm_write_area(&w, 0, 0x10000, 0);
	igvm_write_insert(&w, SNP, 0x8000, 0);
	igvm_write_page(&w, SNP, 0x17000, 0, 0, page);
	assert_int_equal(overlap(SNP, 16), ERR_FORMAT);
	assert_int_equal(fault.offset, file.header_end - 32);
	begin();
	igvm_write_page(&w, SNP, PAGE_2M, 0, IGVM_PAGE_IS_2MB, 0);
	igvm_write_page(&w, SNP, 0x1000, 0, 0, page);
	igvm_write_page(&w, SNP, 2 * PAGE_2M - PAGE_4K, 0, 0, page);
	assert_int_equal(overlap(SNP, 16), ERR_FORMAT);
	begin();
	vp_context_at(SNP, 0, page);
	igvm_write_page(&w, SNP, 0xfffffffff000, 0, 0, page);
	assert_int_equal(overlap(SNP, 16), ERR_FORMAT);
}

static void test_overlap_many(void **state)
{
	(void)state;
	begin();
	/* Every order of 61 single pages must sort. */
	for (uint32_t i = 0; i < 61; i++)
		igvm_write_page(&w, SNP, (i * 37 % 61) * 0x2000ull, 0, 0, page);
	assert_int_equal(overlap(SNP, 61), OK);
	igvm_write_page(&w, SNP, 30 * 0x2000ull, 0, 0, page);
	assert_int_equal(overlap(SNP, 62), ERR_FORMAT);
	assert_int_equal(fault.offset, file.header_end - 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_platforms),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_area_count),
		cmocka_unit_test(test_required_memory),
		cmocka_unit_test(test_large_pages),
		cmocka_unit_test(test_loaded_sum),
		cmocka_unit_test(test_vp_contexts),
		cmocka_unit_test(test_vsm_register_count),
		cmocka_unit_test(test_corim),
		cmocka_unit_test(test_relocation),
		cmocka_unit_test(test_id_block),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_overlap_of_kinds),
		cmocka_unit_test(test_overlap_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
