/* SPDX-License-Identifier: MIT */
/* The machine's security processor: policy, keys, CPUID page, ID block. */
/* test-sources: emu/launch.c emu/cpuid.c model/psp.c model/cpuid.c */
/* test-sources: model/rmp.c model/rmp_guest.c lib/launch_digest.c */
/* test-sources: lib/sha384.c lib/str.c tests/fake/hw/fake.c */
#include "emu/launch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "abi/x86/cpuid.h"
#include "emu/cpuid.h"

#define SIGNATURE 0x00a20f12u
#define GPA	  0x5000u

static uint32_t threads;
static struct psp psp;
static const struct igvm_file file = { .checksum = 0x1234 };

static void host(uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	(void)subleaf;
	memset(regs, 0, 4 * sizeof(*regs));
	if (leaf == CPUID_LEAF_FEATURES) {
		regs[0] = SIGNATURE;
		regs[2] = regs[3] = ~0u;
	} else if (leaf == CPUID_LEAF_TOPOLOGY) {
		regs[1] = threads;
	}
}

static int setup(void **state)
{
	(void)state;
	fake.cpuid = host;
	threads = 1;
	cpuid_policy_set(&(struct cpuid_policy){ .cx16 = true });
	return (int)launch_start(&psp, &file, SNP_POLICY_DEFAULT, 1);
}

static uint32_t load(uint32_t type, void *page)
{
	struct psp_update update = { .at = { GPA, GPA } };

	update.type = type;
	update.bytes = page;
	return psp_launch_update(&psp, &update);
}

static void test_policy(void **state)
{
	(void)state;
	/* all fit a machine without hyper-threads */
	assert_int_equal(launch_start(&psp, &file, 0x20000, 1), PSP_SUCCESS);
	assert_int_equal(launch_start(&psp, &file, 0x30137, 1), PSP_SUCCESS);
	assert_int_equal(psp.policy, 0x30137);
	assert_int_equal(launch_start(&psp, &file, 0x30138, 1),
			 PSP_POLICY_FAILURE);
	assert_int_equal(launch_start(&psp, &file, 0x10000, 1),
			 PSP_POLICY_FAILURE);
	threads = 2;
	assert_int_equal(launch_start(&psp, &file, 0x20000, 1),
			 PSP_POLICY_FAILURE);
	assert_int_equal(launch_start(&psp, &file, 0x30000, 1), PSP_SUCCESS);
}

static void test_secrets_page(void **state)
{
	static const uint8_t none[VMPCK_SIZE];
	struct snp_secrets s, other;

	(void)state;
	assert_int_equal(load(SNP_PAGE_TYPE_SECRETS, &s), PSP_SUCCESS);
	assert_int_equal(s.version, 3);
	assert_int_equal(s.fms, SIGNATURE);
	for (unsigned int i = 0; i < 4; i++)
		assert_memory_not_equal(s.vmpck[i], none, VMPCK_SIZE);
	assert_memory_not_equal(s.vmpck[0], s.vmpck[1], VMPCK_SIZE);
	assert_int_equal(s.svsm_size, 0);
	/* the same run, the same keys; another seed, others */
	assert_int_equal(launch_start(&psp, &file, 0x30000, 1), PSP_SUCCESS);
	assert_int_equal(load(SNP_PAGE_TYPE_SECRETS, &other), PSP_SUCCESS);
	assert_memory_equal(&s, &other, sizeof(s));
	assert_int_equal(launch_start(&psp, &file, 0x30000, 2), PSP_SUCCESS);
	assert_int_equal(load(SNP_PAGE_TYPE_SECRETS, &other), PSP_SUCCESS);
	assert_memory_not_equal(s.vmpck, other.vmpck, sizeof(s.vmpck));
}

static void test_cpuid_page(void **state)
{
	struct snp_cpuid_page page;

	(void)state;
	for (unsigned int i = 0; i < 16; i++) {
		cpuid_policy_set(&(struct cpuid_policy){ .cx16 = i & 1,
							 .xsave = i & 2,
							 .x2apic = i & 4,
							 .pcid = i & 8 });
		cpuid_page_fill(&page);
		assert_int_equal(load(SNP_PAGE_TYPE_CPUID, &page), PSP_SUCCESS);
	}
	/* AVX-512, which the processor lacks */
	for (uint32_t i = 0; i < page.count; i++)
		if (page.fn[i].eax_in == CPUID_LEAF_STRUCTURED)
			page.fn[i].ebx |= 1u << 16;
	assert_int_equal(load(SNP_PAGE_TYPE_CPUID, &page), PSP_INVALID_PARAM);
	assert_int_equal(psp.digest.pages, 16);
}

static struct igvm_snp_id_block block_of(const struct psp *p)
{
	struct igvm_snp_id_block b = { .version = 1, .guest_svn = 5 };

	memcpy(b.ld, p->digest.ld, sizeof(b.ld));
	memset(b.family_id, 0xfa, sizeof(b.family_id));
	memset(b.image_id, 0x1a, sizeof(b.image_id));
	return b;
}

static void test_no_id_block(void **state)
{
	static const uint8_t none[4 * VMPCK_SIZE];

	(void)state;
	assert_int_equal(launch_finish(&psp, NULL), PSP_SUCCESS);
	assert_int_equal(psp.state, PSP_RUNNING);
	assert_false(psp.id_block_en);
	assert_memory_equal(psp.vmpck, none, sizeof(none));
}

static void test_id_block(void **state)
{
	struct igvm_snp_id_block b;
	uint8_t page[4096] = { 0x90 };

	(void)state;
	assert_int_equal(load(SNP_PAGE_TYPE_NORMAL, page), PSP_SUCCESS);
	b = block_of(&psp);
	b.ld[47] ^= 1;
	assert_int_equal(launch_finish(&psp, &b), PSP_BAD_MEASUREMENT);
	b = block_of(&psp);
	b.version = 2;
	assert_int_equal(launch_finish(&psp, &b), PSP_BAD_VERSION);
	assert_int_equal(psp.state, PSP_LAUNCH);
	b.version = 1;
	b.author_key_enabled = 1;
	assert_int_equal(launch_finish(&psp, &b), PSP_SUCCESS);
	assert_true(psp.id_block_en && psp.author_key_en);
	assert_int_equal(psp.guest_svn, 5);
	assert_memory_equal(psp.family_id, b.family_id, 16);
	assert_memory_equal(psp.image_id, b.image_id, 16);
}

static void test_words(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 0x30; i++)
		assert_non_null(launch_words(i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_policy, setup),
		cmocka_unit_test_setup(test_secrets_page, setup),
		cmocka_unit_test_setup(test_cpuid_page, setup),
		cmocka_unit_test_setup(test_no_id_block, setup),
		cmocka_unit_test_setup(test_id_block, setup),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
