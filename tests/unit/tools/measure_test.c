/* SPDX-License-Identifier: MIT */
/* igvmmeasure and igvminfo on good files: figures, forms, exit codes. */
/* test-sources: tools/igvmmeasure/measure.c tools/igvminfo/info.c */
/* test-sources: tools/igvminfo/words.c tools/igvminfo/map.c tools/igvminfo/params.c */
/* test-sources: tools/common/args.c lib/version.c */
/* test-sources: tools/common/file.c tools/common/image.c tools/common/say.c */
/* test-sources: tools/common/sha.c lib/igvm_read.c lib/igvm_body.c */
/* test-sources: lib/igvm_overlap.c lib/igvm_digest.c lib/launch_digest.c */
/* test-sources: lib/sha384.c lib/crc32.c lib/str.c lib/bitmap.c */
/* test-sources: lib/igvm_write.c tests/vectors/igvm_sheet.c */
/* test-sources: tests/vectors/child.c */
/* test-libs: -lcrypto */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/igvm_write.h"
#include "lib/launch_digest.h"
#include "tests/vectors/child.h"
#include "tests/vectors/igvm_sheet.h"
#include "tools/igvminfo/info.h"
#include "tools/igvmmeasure/measure.h"

static struct child child;
static uint8_t bytes[64 << 10];

static void run(int (*tool)(int argc, char **argv), const char *a,
		const char *b, const char *c)
{
	const char *const arguments[] = { "tool", a, b, c, NULL };

	child_run(&child, tool, arguments);
}

static const char *example_b(void)
{
	sheet_b(bytes);
	return child_file(bytes, SHEET_B_SIZE);
}

static void test_digest(void **state)
{
	char line[128];

	(void)state;
	snprintf(line, sizeof(line), "%s\n",
		 sheet_b_steps[SHEET_B_STEPS - 1].digest);
	run(measure_run, example_b(), NULL, NULL);
	assert_int_equal(child.status, 0);
	assert_string_equal(child.out, line);
	assert_string_equal(child.err, "");
}

static void test_verbose(void **state)
{
	const char *at;

	(void)state;
	run(measure_run, example_b(), "--verbose", NULL);
	assert_int_equal(child.status, 0);
	at = child.out;
	for (size_t i = 0; i < SHEET_B_STEPS; i++) {
		at = strstr(at, sheet_b_steps[i].digest);
		assert_non_null(at);
	}
	run(measure_run, "-jv", example_b(), "--platform=snp");
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "\"gpa\": \"0xfffffffff000\""));
	assert_non_null(strstr(child.out, "\"pages\": 6,"));
}

static void test_usage(void **state)
{
	(void)state;
	run(measure_run, NULL, NULL, NULL);
	assert_int_equal(child.status, 1);
	run(measure_run, "--no-such", "x", NULL);
	assert_int_equal(child.status, 1);
	run(measure_run, "/nonexistent/file", NULL, NULL);
	assert_int_equal(child.status, 1);
	assert_non_null(strstr(child.err, "No such file"));
	run(measure_run, example_b(), "--platform", "tdx");
	assert_int_equal(child.status, 1);
	run(measure_run, "--help", NULL, NULL);
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "--vmsa-last"));
	run(info_run, "--version", NULL, NULL);
	assert_int_equal(child.status, 0);
	sheet_a(bytes);
	run(measure_run, child_file(bytes, SHEET_A_SIZE), NULL, NULL);
	assert_int_equal(child.status, 2);
}

/* Two VPs in falling order, a page without data, an ID block. */
static size_t build(const uint8_t *ld)
{
	static uint8_t headers[4096], data[3 * 4096];
	struct igvm_snp_id_block b = { .compatibility_mask = 1 };
	uint8_t page[4096];
	struct igvm_writer w;
	uint32_t first, second;
	uint64_t size = 0;

	igvm_write_init(&w, 1, headers, sizeof(headers), data, sizeof(data));
	sheet_vmsa_page(page);
	first = igvm_write_data(&w, page, sizeof(page), sizeof(page));
	page[0x1f8] = 1;
	second = igvm_write_data(&w, page, sizeof(page), sizeof(page));
	igvm_write_platform(&w, 1, IGVM_PLATFORM_SEV_SNP, 0, 0);
	igvm_write_vp_context(&w, 1, 0x20000, 1, second);
	igvm_write_vp_context(&w, 1, 0x10000, 0, first);
	igvm_write_page(&w, 1, 0x3000, IGVM_PAGE_TYPE_NORMAL, 0, 0);
	igvm_write_page(&w, 1, 0x4000, IGVM_PAGE_TYPE_NORMAL, IGVM_PAGE_SHARED,
			first);
	if (ld) {
		memcpy(b.ld, ld, sizeof(b.ld));
		igvm_write_header(&w, IGVM_VHT_SNP_ID_BLOCK, &b, sizeof(b));
	}
	assert_int_equal(igvm_write_finish(&w, bytes, sizeof(bytes), &size),
			 OK);
	return (size_t)size;
}

static void add(struct launch_digest *d, unsigned int type, uint64_t gpa,
		const void *page)
{
	assert_int_equal(launch_digest_page(d, type, (struct pa){ gpa }, page),
			 OK);
}

static void expect_digest(const uint8_t ld[48])
{
	char text[97], line[128];

	assert_int_equal(child.status, 0);
	sheet_hex(ld, text);
	snprintf(line, sizeof(line), "%s\n", text);
	assert_string_equal(child.out, line);
}

static void test_rules(void **state)
{
	uint8_t first[4096], second[4096];
	struct launch_digest d;
	const char *path;

	(void)state;
	sheet_vmsa_page(first);
	sheet_vmsa_page(second);
	second[0x1f8] = 1;
	path = child_file(bytes, build(NULL));
	launch_digest_init(&d, &launch_digest_sha384);
	add(&d, SNP_PAGE_TYPE_VMSA, 0x20000, second);
	add(&d, SNP_PAGE_TYPE_VMSA, 0x10000, first);
	add(&d, SNP_PAGE_TYPE_NORMAL, 0x3000, NULL);
	run(measure_run, path, NULL, NULL);
	expect_digest(d.ld);
	launch_digest_init(&d, &launch_digest_sha384);
	add(&d, SNP_PAGE_TYPE_ZERO, 0x3000, NULL);
	add(&d, SNP_PAGE_TYPE_VMSA, SNP_KVM_VMSA_GPA, first);
	add(&d, SNP_PAGE_TYPE_VMSA, SNP_KVM_VMSA_GPA, second);
	run(measure_run, path, "--vmsa-last", "--native-zero");
	expect_digest(d.ld);
	/* The ID block binds one digest: under KVM's order another. */
	path = child_file(bytes, build(d.ld));
	run(measure_run, path, "--vmsa-last", "--native-zero");
	expect_digest(d.ld);
	run(measure_run, path, NULL, NULL);
	assert_int_equal(child.status, 2);
	assert_non_null(strstr(child.err, "ID block"));
}

static void test_info(void **state)
{
	(void)state;
	run(info_run, example_b(), NULL, NULL);
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "10 headers"));
	assert_non_null(strstr(child.out, "0x3000-0x3fff (4 KiB), normal, "
					  "measured, zeroes"));
	assert_non_null(strstr(child.out, "RIP 0x1000 RSP 0x3000"));
	assert_non_null(strstr(child.out, "SMT allowed"));
	run(info_run, "--map", example_b(), NULL);
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "| secrets "));
	assert_non_null(strstr(child.out, "| start state of the VPs "));
	run(info_run, child_file(bytes, build(bytes)), NULL, NULL);
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "SNP_ID_BLOCK [0x1]: version 0"));
	child_file_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digest), cmocka_unit_test(test_verbose),
		cmocka_unit_test(test_usage),  cmocka_unit_test(test_rules),
		cmocka_unit_test(test_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
