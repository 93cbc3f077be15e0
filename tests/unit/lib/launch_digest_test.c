/* SPDX-License-Identifier: MIT */
/* The chain of spec/snp.md section 11 and that of spec/igvm.md, both hashes. */
/* test-sources: lib/launch_digest.c lib/igvm_digest.c lib/igvm_read.c */
/* test-sources: lib/igvm_body.c lib/sha384.c lib/crc32.c lib/str.c */
/* test-sources: lib/bitmap.c */
/* test-sources: tools/common/sha.c tools/common/say.c */
/* test-sources: tests/vectors/igvm_sheet.c */
/* test-libs: -lcrypto */
#include "lib/launch_digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/igvm_digest.h"
#include "lib/sha384.h"
#include "tests/vectors/igvm_sheet.h"
#include "tools/common/sha.h"

static const struct hash384_ops *const hashes[] = { &launch_digest_sha384,
						    &sha_libcrypto };

struct step {
	unsigned int type;
	uint64_t gpa;
	const uint8_t *page;
	const char *digest;
};

static void check(const uint8_t digest[48], const char *expected)
{
	char text[97];

	sheet_hex(digest, text);
	assert_string_equal(text, expected);
}

static void put(uint8_t *page, size_t at, uint64_t v, size_t size)
{
	memcpy(page + at, &v, size);
}

/* The BSP's reset state of the fact sheet, with RDX 800F12. */
static void reset_vmsa(uint8_t page[4096])
{
	static const size_t data[] = { 0x00, 0x20, 0x30, 0x40, 0x50 };

	memset(page, 0, 4096);
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		put(page, data[i], 0x0000ffff00930000, 8);
	put(page, 0x10, 0x0000ffff009bf000, 8);
	put(page, 0x18, 0xffff0000, 8);
	put(page, 0x60, 0x0000ffff00000000, 8);
	put(page, 0x70, 0x0000ffff00820000, 8);
	put(page, 0x80, 0x0000ffff00000000, 8);
	put(page, 0x90, 0x0000ffff008b0000, 8);
	put(page, 0xd0, 0x1000, 8);
	put(page, 0x148, 0x40, 8);
	put(page, 0x158, 0x10, 8);
	put(page, 0x160, 0x400, 8);
	put(page, 0x168, 0xffff0ff0, 8);
	put(page, 0x170, 2, 8);
	put(page, 0x178, 0xfff0, 8);
	put(page, 0x268, 0x0007040600070406, 8);
	put(page, 0x310, 0x800f12, 8);
	put(page, 0x3b0, 1, 8);
	put(page, 0x3e8, 1, 8);
}

static void test_chain(void **state)
{
	static uint8_t zero[4096], count[4096], vmsa[4096];
	static const struct step steps[] = {
		{ 1, 0, zero,
		  "9d13634b6014bb21cf059b2dc694e7bff01a8a7137041100cd2b695f"
		  "3d10fb687267b97808b27f8f471d943bc6f53a20" },
		{ 1, 0x1000, count,
		  "9ad33f2ba9aeec887218fc7490658cd9fc900741e153113e292ef837"
		  "f3ad181e7138c17f5b21240aab7ebbb0ac40d79c" },
		{ 3, 0x2000, NULL,
		  "bb204b39d1b85e4957588823dc28882eb79786747f15ddfbec33bbba"
		  "fedb86118d772d917ed4d5acb335833285497e34" },
		{ 4, 0x3000, count,
		  "bdb3472c0645cd96528ec8d70111b8af44e3c1f019a37be89ade20b2"
		  "99be45f7784fc7bd642ae9e63ac3d4df51347b64" },
		{ 5, 0x4000, NULL,
		  "5c3155f43f1ba358c2555ef13e36f5806c13c231cc45d091e28e1c61"
		  "e2b6bae4fa0e75f77579cbd5504c3adbd30cd565" },
		{ 6, 0x5000, count,
		  "51f7aeb1aa8cfd892f21f3fe95b2a598756317f3101cdbdd154379dd"
		  "7f5a23a3d4e995041183f1083d69c5cd979b7c3f" },
		{ 2, 0xfffffffff000, vmsa,
		  "714c26d6cc6f63dd2b7bf05eba0912111719fe468cfb59b854ca964f"
		  "29a3145d4cb177a10f2ded35289a9931bb84219e" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(count); i++)
		count[i] = (uint8_t)i;
	reset_vmsa(vmsa);
	for (size_t h = 0; h < 2; h++) {
		struct launch_digest d;

		launch_digest_init(&d, hashes[h]);
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			assert_int_equal(
				launch_digest_page(&d, steps[i].type,
						   (struct pa){ steps[i].gpa },
						   steps[i].page),
				OK);
			check(d.ld, steps[i].digest);
		}
		assert_int_equal(d.pages, 7);
	}
}

static void test_no_page_is_zeroes(void **state)
{
	static const uint8_t zero[4096];
	struct launch_digest with, without;

	(void)state;
	for (unsigned int type = 1; type <= 2; type++) {
		launch_digest_init(&with, &sha_libcrypto);
		launch_digest_init(&without, &sha_libcrypto);
		assert_int_equal(launch_digest_page(&with, type,
						    (struct pa){ 0x7000 },
						    zero),
				 OK);
		assert_int_equal(launch_digest_page(&without, type,
						    (struct pa){ 0x7000 },
						    NULL),
				 OK);
		assert_memory_equal(with.ld, without.ld, 48);
	}
}

static void test_secrets_first(void **state)
{
	struct launch_digest d;

	(void)state;
	launch_digest_init(&d, &launch_digest_sha384);
	assert_int_equal(
		launch_digest_page(&d, 5, (struct pa){ 0x80000 }, NULL), OK);
	check(d.ld, "2ff2ac39693a0ec29d3f6552f41f54d0429314c6090e18444b0d1b62"
		    "a8f49df226b59f36b595f5892a94a30a440c4b6d");
}

static void test_refused(void **state)
{
	static const uint8_t zero[48];
	struct launch_digest d;

	(void)state;
	launch_digest_init(&d, &launch_digest_sha384);
	assert_int_equal(launch_digest_page(&d, 0, (struct pa){ 0 }, NULL),
			 ERR_FORMAT);
	assert_int_equal(launch_digest_page(&d, 7, (struct pa){ 0 }, NULL),
			 ERR_FORMAT);
	assert_int_equal(launch_digest_page(&d, 257, (struct pa){ 0 }, NULL),
			 ERR_FORMAT);
	assert_int_equal(launch_digest_page(&d, 1, (struct pa){ 8 }, NULL),
			 ERR_ALIGN);
	assert_int_equal(launch_digest_page(&d, 1, (struct pa){ PA_LIMIT },
					    NULL),
			 ERR_RANGE);
	/* A refused page leaves no trace. */
	assert_memory_equal(d.ld, zero, 48);
	assert_int_equal(d.pages, 0);
}

static void watch_step(void *context, const struct igvm_item *item,
		       unsigned int type, struct pa gpa,
		       const struct launch_digest *d)
{
	size_t *at = context;

	(void)item;
	assert_in_range(*at, 0, SHEET_B_STEPS - 1);
	assert_int_equal(type, sheet_b_steps[*at].type);
	assert_int_equal(gpa.v, sheet_b_steps[*at].gpa);
	check(d->ld, sheet_b_steps[*at].digest);
	++*at;
}

static void test_example_b(void **state)
{
	static uint8_t bytes[SHEET_B_SIZE];
	const struct igvm_digest_rules rules = { false, false };
	static struct igvm_file f;
	struct igvm_fault fault;

	(void)state;
	sheet_b(bytes);
	assert_int_equal(igvm_open(&f, bytes, sizeof(bytes), &fault), OK);
	for (size_t h = 0; h < 2; h++) {
		size_t at = 0;
		const struct igvm_digest_watch watch = { watch_step, &at };
		struct launch_digest d;

		launch_digest_init(&d, hashes[h]);
		assert_int_equal(igvm_digest(&f, &rules, &watch, &d, &fault),
				 OK);
		assert_int_equal(at, SHEET_B_STEPS);
	}
}

static void test_not_snp(void **state)
{
	static uint8_t bytes[SHEET_A_SIZE];
	const struct igvm_digest_rules rules = { false, false };
	static struct igvm_file f;
	struct igvm_fault fault;
	struct launch_digest d;

	(void)state;
	sheet_a(bytes);
	assert_int_equal(igvm_open(&f, bytes, sizeof(bytes), &fault), OK);
	launch_digest_init(&d, &launch_digest_sha384);
	assert_int_equal(igvm_digest(&f, &rules, NULL, &d, &fault), ERR_ABSENT);
	assert_non_null(fault.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_no_page_is_zeroes),
		cmocka_unit_test(test_secrets_first),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_example_b),
		cmocka_unit_test(test_not_snp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
