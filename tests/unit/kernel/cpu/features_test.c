/* SPDX-License-Identifier: MIT */
/* The CPUID page: look-up, hostile counts, control registers from it. */
/* test-sources: kernel/cpu/features.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/cpu/features.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "tests/fake/hw/fake.h"

static struct snp_cpuid_page page;

static int setup(void **state)
{
	(void)state;
	fake_reset(PAGE_2M);
	memset(&page, 0, sizeof(page));
	page.count = 4;
	page.fn[0] = (struct snp_cpuid_fn){
		.eax_in = 1, .ecx_in = 5, .eax = 1, .ecx = CPUID_1_ECX_PCID
	};
	page.fn[1] = (struct snp_cpuid_fn){ .eax_in = 7,
					    .ebx = CPUID_7_EBX_SMEP |
						   CPUID_7_EBX_SMAP,
					    .ecx = CPUID_7_ECX_UMIP };
	page.fn[2] =
		(struct snp_cpuid_fn){ .eax_in = 7, .ecx_in = 1, .eax = 71 };
	page.fn[3] = (struct snp_cpuid_fn){ .eax_in = 0x80000008,
					    .ebx = CPUID_88_EBX_INVLPGB,
					    .edx = 0x10007 };
	return 0;
}

static void subleaves_count_where_they_exist(void **state)
{
	(void)state;
	features_init(&page);
	assert_int_equal(features_cpuid(1, 0)->eax, 1);
	assert_int_equal(features_cpuid(7, 1)->eax, 71);
	assert_null(features_cpuid(7, 2));
	assert_null(features_cpuid(0x40000000, 0));
	assert_int_equal(features_invlpgb(), 8);
}

static void counts_beyond_the_page_are_cut(void **state)
{
	(void)state;
	page.count = ~0u;
	features_init(&page);
	assert_null(features_cpuid(0x12345678, 0));
	page.count = 0;
	features_init(&page);
	assert_null(features_cpuid(1, 0));
	assert_int_equal(features_invlpgb(), 0);
}

static void protections_are_turned_on(void **state)
{
	(void)state;
	features_init(&page);
	fake.cr0 = CR0_PE | CR0_PG | CR0_EM | CR0_TS;
	fake_msr_write(MSR_EFER, EFER_SVME | EFER_LME);
	features_load();
	assert_int_equal(fake.cr0, CR0_PE | CR0_PG | CR0_WP | CR0_MP | CR0_NE);
	assert_int_equal(fake.cr4, CR4_PAE | CR4_MCE | CR4_OSFXSR |
					   CR4_OSXMMEXCPT | CR4_SMEP |
					   CR4_SMAP | CR4_UMIP | CR4_PCIDE);
	assert_true(features_pcid());
	/* A CPU may start where CR3 has other low bits. */
	assert_int_equal(fake.cr4, features_cr4() | CR4_PCIDE);
	/* SVME must survive, or the CPU cannot be run again. */
	assert_int_equal(fake_msr_read(MSR_EFER),
			 EFER_SVME | EFER_LME | EFER_NXE);
	page.fn[0].ecx = 0;
	page.fn[1].ebx = 0;
	page.fn[1].ecx = 0;
	features_init(&page);
	assert_int_equal(features_cr4(),
			 CR4_PAE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT);
	assert_false(features_pcid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(subleaves_count_where_they_exist, setup),
		cmocka_unit_test_setup(counts_beyond_the_page_are_cut, setup),
		cmocka_unit_test_setup(protections_are_turned_on, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
