/* SPDX-License-Identifier: MIT */
/* VMSA rules and reset states: spec/snp.md 6 and 7, digest example of 11. */
/* test-sources: model/vmsa.c lib/sha384.c lib/str.c */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "lib/sha384.h"
#include "model/vmsa.h"

static const struct vmsa_rules rules = {
	.vmpls = 4,
	.features = 0x1ffff,
};

/* A 64-bit VMSA that can run. */
static struct vmsa good(void)
{
	struct vmsa v;

	vmsa_reset_boot(&v, 1, SEV_FEATURE_SNP, 0, true);
	v.cr0 = CR0_PE | CR0_PG | CR0_ET;
	v.cr4 = CR4_PAE;
	v.efer = EFER_SVME | EFER_LME | EFER_LMA;
	v.cs.attr = SEG_CODE64;
	return v;
}

/* Section 6: SVME, BUSY, features. */
static void entry_rules(void **state)
{
	struct vmsa v = good();
	struct vmsa_rules strict = rules;

	(void)state;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
	v.vintr_ctrl = VINTR_CTRL_BUSY;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_BUSY);
	v = good();
	vmsa_set_svme(&v, false);
	assert_int_equal(vmsa_check(&v, &rules), VMSA_NO_SVME);
	vmsa_set_svme(&v, true);
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
	v.sev_features = SEV_FEATURE_RESTRICTED_INJ;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_NO_SNP);
	v.sev_features |= SEV_FEATURE_SNP | SEV_FEATURE_ALTERNATE_INJ;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_FEATURES_CONFLICT);
	v.sev_features = SEV_FEATURE_SNP | 1ull << 40;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_FEATURES_RESERVED);
	strict.allowed_only = true;
	strict.allowed = SEV_FEATURE_SNP;
	v.sev_features = SEV_FEATURE_SNP | SEV_FEATURE_DEBUG_SWAP;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
	assert_int_equal(vmsa_check(&v, &strict), VMSA_FEATURES_NOT_ALLOWED);
}

/* Section 1: the vTOM register's form. */
static void vtom(void **state)
{
	struct vmsa v = good();

	(void)state;
	v.virtual_tom = 0x1000; /* off: not looked at */
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
	v.sev_features |= SEV_FEATURE_VTOM;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_BAD_VTOM);
	v.virtual_tom = 1ull << 52;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_BAD_VTOM);
	v.virtual_tom = 1ull << 46;
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
}

#define BREAKS(change, verdict)                                    \
	do {                                                       \
		struct vmsa v = good();                            \
		change;                                            \
		assert_int_equal(vmsa_check(&v, &rules), verdict); \
	} while (0)

/* Section 7, field checks. */
static void field_rules(void **state)
{
	(void)state;
	BREAKS(v.vmpl = 4, VMSA_BAD_VMPL);
	BREAKS(v.cr0 &= ~CR0_PE, VMSA_BAD_CR0);
	BREAKS(v.cr0 |= CR0_NW, VMSA_BAD_CR0);
	BREAKS(v.cr0 |= CR0_NW | CR0_CD, VMSA_OK);
	BREAKS(v.cr0 |= 1ull << 32, VMSA_BAD_CR0);
	BREAKS(v.efer &= ~EFER_LMA, VMSA_BAD_EFER);
	BREAKS(v.efer &= ~EFER_LME, VMSA_BAD_EFER);
	BREAKS(v.cr0 &= ~CR0_PG, VMSA_BAD_EFER);
	BREAKS(v.cr4 &= ~CR4_PAE, VMSA_BAD_CR4);
	BREAKS(v.dr6 |= 1ull << 32, VMSA_BAD_DR);
	BREAKS(v.dr7 |= 1ull << 63, VMSA_BAD_DR);
	BREAKS(v.rflags = 0, VMSA_BAD_RFLAGS);
	BREAKS(v.cs.attr |= SEG_DB, VMSA_BAD_CS);
	BREAKS(v.rip = 1ull << 47, VMSA_BAD_RIP);
	BREAKS(v.rip = 0xffff800000000000, VMSA_OK);
	BREAKS(v.cpl = 3, VMSA_BAD_CPL);
	BREAKS(v.cpl = 3; v.ss.attr |= 3 << 5, VMSA_OK);
	/* be tolerant: EDK2's TR and LDTR */
	BREAKS(v.tr.attr = 0; v.ldtr.attr = 0x83, VMSA_OK);
}

static void words(void **state)
{
	(void)state;
	for (int v = VMSA_OK; v <= VMSA_BAD_CPL; v++)
		assert_true(strlen(vmsa_verdict_words((enum vmsa_verdict)v)) >
			    5);
	assert_string_equal(vmsa_verdict_words((enum vmsa_verdict)77),
			    "unknown");
}

/* Section 4: never on a 2 MiB boundary. */
static void placement(void **state)
{
	(void)state;
	assert_false(vmsa_gpa_fits(0));
	assert_false(vmsa_gpa_fits(0x200000));
	assert_false(vmsa_gpa_fits(0x201800));
	assert_false(vmsa_gpa_fits((1ull << 52) + 0x1000));
	assert_true(vmsa_gpa_fits(0x201000));
	assert_true(vmsa_gpa_fits(VMSA_BOOT_GPA));
}

/* Section 5: GUEST_EXIT fields, 0x403 after VMGEXIT. */
static void exit_fields(void **state)
{
	struct vmsa v = good();
	const struct vmsa_exit e = { 0x403, 1, 2, 3, 4 };

	(void)state;
	vmsa_exit_record(&v, &e);
	assert_int_equal(v.guest_exitcode, 0x403);
	assert_int_equal(v.guest_exitinfo1, 1);
	assert_int_equal(v.guest_exitinfo2, 2);
	assert_int_equal(v.guest_exitintinfo, 3);
	assert_int_equal(v.guest_nrip, 4);
}

/* Section 11, step 7 of the worked chain: every byte of the page. */
static void boot_digest(void **state)
{
	static const uint8_t want[SHA384_SIZE] = {
		0x14, 0xa5, 0xfd, 0x33, 0x72, 0x32, 0x1f, 0x8c, 0x38, 0x22,
		0xd2, 0x3d, 0xfa, 0x09, 0xd3, 0x35, 0xf6, 0xca, 0x17, 0x4c,
		0x11, 0x54, 0x75, 0x86, 0x13, 0xd2, 0xc1, 0xb3, 0x41, 0xd4,
		0xb5, 0x90, 0x99, 0x9e, 0xc6, 0x8e, 0x8d, 0x86, 0x64, 0x22,
		0x55, 0x7b, 0x29, 0xdd, 0x8d, 0x19, 0xa3, 0xf8,
	};
	struct vmsa v = { 0 };
	uint8_t digest[SHA384_SIZE];

	(void)state;
	vmsa_reset_boot(&v, 0, SEV_FEATURE_SNP, 0x00800f12, false);
	sha384_sum(&v, sizeof(v), digest);
	assert_memory_equal(digest, want, sizeof(want));
	vmsa_reset_boot(&v, 0, SEV_FEATURE_SNP, 0x00800f12, true);
	assert_int_equal(v.mxcsr, 0x1f80);
	assert_int_equal(v.x87_fcw, 0x37f);
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
}

/* Section 7, AP started by INIT and SIPI. */
static void sipi(void **state)
{
	struct vmsa v;

	(void)state;
	memset(&v, 0xff, sizeof(v));
	vmsa_reset_sipi(&v, 2, SEV_FEATURE_SNP, 0x9a);
	assert_int_equal(v.cs.selector, 0x9a00);
	assert_int_equal(v.cs.base, 0x9a000);
	assert_int_equal(v.cs.limit, 0xffff);
	assert_int_equal(v.cs.attr, 0x9b);
	assert_int_equal(v.ds.attr, 0x93);
	assert_int_equal(v.ldtr.attr, 0x82);
	assert_int_equal(v.tr.attr, 0x8b);
	assert_int_equal(v.gdtr.limit, 0xffff);
	assert_int_equal(v.rip, 0);
	assert_int_equal(v.cr0, 0x60000010);
	assert_int_equal(v.cr4, 0x40);
	assert_int_equal(v.efer, 0x1000);
	assert_int_equal(v.dr6, 0xffff0ff0);
	assert_int_equal(v.dr7, 0x400);
	assert_int_equal(v.rflags, 2);
	assert_int_equal(v.g_pat, 0x0007040600070406);
	assert_int_equal(v.xcr0, 1);
	assert_int_equal(v.mxcsr, 0x1f80);
	assert_int_equal(v.x87_ftw, 0x5555);
	assert_int_equal(v.x87_fcw, 0x40);
	assert_int_equal(v.vmpl, 2);
	assert_int_equal(v.tlb_id | v.pcpu_id, 0);
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
}

/* Section 7, SVSM-made VMSA for firmware. */
static void firmware(void **state)
{
	struct vmsa v;

	(void)state;
	vmsa_reset_firmware(&v, 2, SEV_FEATURE_SNP, 0xfffffff0);
	assert_int_equal(v.cs.base, 0xffff0000);
	assert_int_equal(v.rip, 0xfff0);
	assert_int_equal(v.cr0, 0x60000010);
	assert_int_equal(vmsa_check(&v, &rules), VMSA_OK);
}

/* Section 7: SEV_STATUS examples. */
static void sev_status(void **state)
{
	(void)state;
	assert_int_equal(SEV_STATUS_OF(SEV_FEATURE_SNP), 0x7);
	assert_int_equal(
		SEV_STATUS_OF(SEV_FEATURE_SNP | SEV_FEATURE_SECURE_TSC), 0x807);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entry_rules), cmocka_unit_test(vtom),
		cmocka_unit_test(field_rules), cmocka_unit_test(words),
		cmocka_unit_test(placement),   cmocka_unit_test(exit_fields),
		cmocka_unit_test(boot_digest), cmocka_unit_test(sipi),
		cmocka_unit_test(firmware),    cmocka_unit_test(sev_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
