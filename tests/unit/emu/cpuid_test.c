/* SPDX-License-Identifier: MIT */
/* The CPUID policy on a host that claims every feature there is. */
/* test-sources: emu/cpuid.c model/rmp.c model/rmp_guest.c */
/* test-sources: tests/fake/hw/fake.c */
#include "emu/cpuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"

#define YMM_OFFSET 0x240u
#define YMM_SIZE   0x100u

static void host(uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	for (unsigned int i = 0; i < 4; i++)
		regs[i] = ~0u;
	if (leaf == CPUID_LEAF_XSTATE && subleaf == 2) {
		regs[0] = YMM_SIZE;
		regs[1] = YMM_OFFSET;
	}
}

static void policy(bool cx16, bool xsave, bool x2apic)
{
	fake.cpuid = host;
	cpuid_policy_set(&(struct cpuid_policy){ cx16, xsave, x2apic, false });
}

static const struct snp_cpuid_fn *find(const struct snp_cpuid_page *page,
				       uint32_t leaf, uint32_t subleaf)
{
	for (uint32_t i = 0; i < page->count; i++)
		if (page->fn[i].eax_in == leaf && page->fn[i].ecx_in == subleaf)
			return &page->fn[i];
	return NULL;
}

static void test_default_policy(void **state)
{
	struct snp_cpuid_page page;
	const struct snp_cpuid_fn *f;

	(void)state;
	policy(false, false, false);
	cpuid_page_fill(&page);
	assert_in_range(page.count, 20, SNP_CPUID_MAX);
	assert_int_equal(find(&page, 0, 0)->eax, 0xb);
	f = find(&page, 1, 0);
	assert_int_equal(f->ecx & (CPUID_1_ECX_CX16 | CPUID_1_ECX_XSAVE |
				   CPUID_1_ECX_OSXSAVE | CPUID_1_ECX_AVX |
				   CPUID_1_ECX_X2APIC | CPUID_1_ECX_PCID |
				   CPUID_1_ECX_TSC_DEADLINE | 1u << 12),
			 0);
	assert_int_equal(f->ecx & CPUID_1_ECX_HYPERVISOR,
			 CPUID_1_ECX_HYPERVISOR);
	f = find(&page, 7, 0);
	assert_int_equal(f->ebx & (1u << 5 | 1u << 16), 0); /* AVX2, AVX512 */
	assert_int_equal(f->ecx & (CPUID_7_ECX_PKU | 1u << 16), 0);
	assert_int_not_equal(f->ebx & CPUID_7_EBX_SMAP, 0);
	assert_null(find(&page, CPUID_LEAF_XSTATE, 0));
	assert_null(find(&page, CPUID_LEAF_HYPERVISOR, 0));
	assert_null(find(&page, CPUID_LEAF_SVM, 0));
	assert_int_equal(find(&page, CPUID_LEAF_EXT_FEATURES, 0)->ecx &
				 CPUID_81_ECX_SVM,
			 0);
}

static void test_sev_leaves(void **state)
{
	struct snp_cpuid_page page;
	const struct snp_cpuid_fn *f;

	(void)state;
	policy(true, false, false);
	cpuid_page_fill(&page);
	f = find(&page, CPUID_LEAF_SEV, 0);
	assert_int_equal(f->eax, 1u << 1 | 1u << 3 | 1u << 4 | 1u << 5 |
					 1u << 6 | 1u << 10 | 1u << 12 |
					 1u << 14);
	assert_int_equal(f->ebx, 47 | 1u << 6 | 4u << 12);
	f = find(&page, CPUID_LEAF_ADDRESS_SIZES, 0);
	assert_int_equal(f->eax & 0xff, 47);
	assert_int_equal(f->eax >> 8 & 0xff, 48);
	assert_int_not_equal(f->ebx & CPUID_88_EBX_INVLPGB, 0);
	assert_int_equal(f->edx & 0xffff, 7);
	assert_in_range(find(&page, CPUID_LEAF_EXT_MAX, 0)->eax, CPUID_LEAF_SEV,
			0x800000ff);
	assert_int_not_equal(find(&page, 1, 0)->ecx & CPUID_1_ECX_CX16, 0);
}

static void test_xsave(void **state)
{
	struct snp_cpuid_page page;
	const struct snp_cpuid_fn *f;
	struct cpuid_regs r;

	(void)state;
	policy(true, true, true);
	cpuid_page_fill(&page);
	assert_int_equal(find(&page, 0, 0)->eax, 0xd);
	assert_int_not_equal(find(&page, 1, 0)->ecx & CPUID_1_ECX_XSAVE, 0);
	assert_int_not_equal(find(&page, 1, 0)->ecx & CPUID_1_ECX_X2APIC, 0);
	assert_int_equal(find(&page, 1, 0)->ecx & CPUID_1_ECX_OSXSAVE, 0);
	f = find(&page, CPUID_LEAF_XSTATE, 0);
	assert_int_equal(f->xcr0_in, 1);
	assert_int_equal(f->xss_in, 0);
	assert_int_equal(f->eax, 7);
	assert_int_equal(f->ebx, 0x240);
	assert_int_equal(f->ecx, YMM_OFFSET + YMM_SIZE);
	f = find(&page, CPUID_LEAF_XSTATE, 1);
	assert_int_equal(f->eax, 3); /* XSAVEOPT, XSAVEC */
	assert_int_equal(f->ebx, 0x240);
	f = find(&page, CPUID_LEAF_XSTATE, 2);
	assert_int_equal(f->xcr0_in, 0);
	assert_int_equal(f->eax, YMM_SIZE);
	/* The guest's own XCR0 decides through the GHCB. */
	r = cpuid_guest(CPUID_LEAF_XSTATE, 0, 7);
	assert_int_equal(r.ebx, YMM_OFFSET + YMM_SIZE);
}

static void test_out_of_range_is_zero(void **state)
{
	static const uint32_t leaves[] = { 0xc,	       0xd,	   0x1f,
					   0x20,       0x40000000, 0x40000001,
					   0x8000000a, 0x80000022, 0x8fffffff,
					   0xffffffff };

	(void)state;
	policy(true, false, false);
	for (unsigned int i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		struct cpuid_regs r = cpuid_guest(leaves[i], 0, 1);

		assert_int_equal(r.eax | r.ebx | r.ecx | r.edx, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_policy),
		cmocka_unit_test(test_sev_leaves),
		cmocka_unit_test(test_xsave),
		cmocka_unit_test(test_out_of_range_is_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
