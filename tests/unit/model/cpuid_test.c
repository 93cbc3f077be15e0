/* SPDX-License-Identifier: MIT */
/* The CPUID page: firmware's check, guest's look-up. spec/snp.md 9. */
/* test-sources: model/cpuid.c lib/str.c */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "model/cpuid.h"

/* A machine that answers a pattern in every leaf. */
static struct cpuid_values machine_read(void *ctx, uint32_t leaf, uint32_t sub)
{
	(void)ctx;
	if (leaf == 0x8000001f)
		return (struct cpuid_values){ 0x1a, 0x4173, 509, 1 };
	if (leaf == 0xd && sub == 2)
		return (struct cpuid_values){ 256, 576, 0, 0 };
	return (struct cpuid_values){ 0x10, 0x0f0f, 0x00ff, 0xff00 };
}

static const struct cpuid_machine machine = { machine_read, NULL };

static struct snp_cpuid_page page;

static int setup(void **state)
{
	(void)state;
	memset(&page, 0, sizeof(page));
	return 0;
}

static struct snp_cpuid_fn *add(uint32_t leaf, uint32_t sub, uint32_t eax,
				uint32_t ebx, uint32_t ecx, uint32_t edx)
{
	struct snp_cpuid_fn *fn = &page.fn[page.count++];

	*fn = (struct snp_cpuid_fn){ .eax_in = leaf,
				     .ecx_in = sub,
				     .eax = eax,
				     .ebx = ebx,
				     .ecx = ecx,
				     .edx = edx };
	return fn;
}

static enum cpuid_verdict filter(uint32_t *where)
{
	return cpuid_page_filter(&page, &machine, where);
}

static void count_limit(void **state)
{
	uint32_t where;

	(void)state;
	assert_int_equal(filter(&where), CPUID_FITS);
	page.count = SNP_CPUID_MAX;
	for (uint32_t i = 0; i < SNP_CPUID_MAX; i++)
		page.fn[i].eax_in = 0x40000100 + i;
	assert_int_equal(filter(&where), CPUID_FITS);
	page.count = SNP_CPUID_MAX + 1;
	assert_int_equal(filter(&where), CPUID_BAD_COUNT);
	page.count = 0xffffffff;
	assert_int_equal(filter(&where), CPUID_BAD_COUNT);
}

/* On mismatch the page is rewritten with acceptable values. */
static void rewritten(void **state)
{
	struct snp_cpuid_fn *fn;
	uint32_t where;

	(void)state;
	add(0x80000001, 0, 0x10, 0x1234, 0x00f0, 0x0f00);
	fn = add(7, 0, 0x11, 0xffff, 0x01ff, 0xff00);
	assert_int_equal(filter(&where), CPUID_BAD_VALUE);
	assert_int_equal(where, 1);
	assert_int_equal(fn->eax, 0x10);   /* a number: not above */
	assert_int_equal(fn->ebx, 0x0f0f); /* features: none added */
	assert_int_equal(fn->ecx, 0x00ff);
	assert_int_equal(fn->edx, 0xff00);
	assert_int_equal(page.fn[0].ebx, 0x1234); /* not the firmware's */
	assert_int_equal(filter(&where), CPUID_FITS);
}

/* The C-bit's position may not be invented. */
static void c_bit(void **state)
{
	struct snp_cpuid_fn *fn = add(0x8000001f, 0, 0x1a, 0x4172, 0, 0);
	uint32_t where;

	(void)state;
	assert_int_equal(filter(&where), CPUID_BAD_VALUE);
	assert_int_equal(fn->ebx, 0x4173);
	/* nor the size of saved state */
	fn = add(0xd, 2, 64, 576, 0, 0);
	assert_int_equal(filter(&where), CPUID_BAD_VALUE);
	assert_int_equal(fn->eax, 256);
}

/* Hypervisor, OSXSAVE, x2APIC and the APIC bit are not features. */
static void free_bits(void **state)
{
	uint32_t where;

	(void)state;
	add(1, 0, 0x10, 0xabcdef01,
	    CPUID_1_ECX_HYPERVISOR | CPUID_1_ECX_OSXSAVE, 1u << 9);
	assert_int_equal(filter(&where), CPUID_FITS);
}

static void duplicates(void **state)
{
	uint32_t where;

	(void)state;
	add(0x40000000, 0, 1, 1, 1, 1);
	add(0x40000001, 0, 2, 2, 2, 2);
	add(0x40000000, 0, 3, 3, 3, 3);
	add(0x40000002, 0, 4, 4, 4, 4);
	assert_int_equal(filter(&where), CPUID_BAD_ORDER);
	assert_int_equal(where, 2);
	assert_int_equal(page.count, 3);
	assert_int_equal(page.fn[2].eax, 4);
	assert_int_equal(page.fn[3].eax_in, 0);
	assert_int_equal(filter(&where), CPUID_FITS);
	/* another XCR0 is another question */
	add(0xd, 0, 0x10, 0, 0, 0)->xcr0_in = 1;
	add(0xd, 0, 0x10, 0, 0, 0)->xcr0_in = 3;
	assert_int_equal(filter(&where), CPUID_FITS);
}

static void reserved_fields(void **state)
{
	uint32_t where;

	(void)state;
	page.reserved2 = 1;
	assert_int_equal(filter(&where), CPUID_BAD_RESERVED);
	assert_int_equal(page.reserved2, 0);
	add(0x40000000, 0, 0, 0, 0, 0)->reserved = 5;
	assert_int_equal(filter(&where), CPUID_BAD_RESERVED);
	assert_int_equal(filter(&where), CPUID_FITS);
}

/* ECX selects only in indexed leaves; absent = zero. */
static void look_up(void **state)
{
	struct cpuid_values v = { 9, 9, 9, 9 };

	(void)state;
	add(1, 7, 1, 2, 3, 4);
	add(4, 0, 5, 0, 0, 0);
	add(4, 1, 6, 0, 0, 0);
	assert_int_equal(cpuid_page_find(&page, 1, 0, &v), OK);
	assert_int_equal(v.edx, 4);
	assert_int_equal(cpuid_page_find(&page, 4, 1, &v), OK);
	assert_int_equal(v.eax, 6);
	assert_int_equal(cpuid_page_find(&page, 4, 2, &v), ERR_ABSENT);
	assert_int_equal(v.eax | v.ebx | v.ecx | v.edx, 0);
	page.count = 65;
	assert_int_equal(cpuid_page_find(&page, 1, 0, &v), ERR_FORMAT);
	assert_true(cpuid_is_indexed(0x8000001d));
	assert_true(cpuid_is_indexed(0x80000026));
	assert_false(cpuid_is_indexed(0x80000008));
}

static void add_xstate(void)
{
	add(0xd, 0, 7, 0x999, 0, 0)->xcr0_in = 7; /* never taken */
	add(0xd, 0, 7, 0x240, 0, 0)->xcr0_in = 1;
	add(0xd, 1, 0xf, 0x240, 0, 0)->xcr0_in = 3;
	add(0xd, 2, 256, 576, 0, 0);
	add(0xd, 9, 8, 2688, 0, 0);
}

static void xsave_size(void **state)
{
	struct cpuid_values v;
	uint32_t bytes = 0;

	(void)state;
	add_xstate();
	assert_int_equal(cpuid_page_find(&page, 0xd, 0, &v), OK);
	assert_int_equal(v.ebx, 0x240);
	assert_int_equal(cpuid_xsave_size(&page, 3, false, &bytes), OK);
	assert_int_equal(bytes, 0x240);
	assert_int_equal(cpuid_xsave_size(&page, 7, false, &bytes), OK);
	assert_int_equal(bytes, 576 + 256);
	assert_int_equal(cpuid_xsave_size(&page, 0x207, false, &bytes), OK);
	assert_int_equal(bytes, 2696);
	assert_int_equal(cpuid_xsave_size(&page, 0x207, true, &bytes), OK);
	assert_int_equal(bytes, 0x240 + 256 + 8);
	assert_int_equal(cpuid_xsave_size(&page, 0x17, false, &bytes),
			 ERR_ABSENT);
	page.fn[3].eax = page.fn[3].ebx = 0xffffffff;
	assert_int_equal(cpuid_xsave_size(&page, 7, false, &bytes), ERR_RANGE);
}

/* What a guest puts in at run time. */
static void patch(void **state)
{
	struct cpuid_now now = { .cr4 = CR4_OSXSAVE | CR4_PKE,
				 .xcr0 = 7,
				 .apic_id = 0x12,
				 .host = { 0x55, 0x1166, 0x2277, 1u << 9 } };
	struct cpuid_values v = { 1, 0xff000000, 0, 0 };

	(void)state;
	assert_int_equal(cpuid_patch(&page, 1, 0, &now, &v), OK);
	assert_int_equal(v.ebx, 0x12000000);
	assert_int_equal(v.ecx, CPUID_1_ECX_OSXSAVE);
	assert_int_equal(v.edx, 1u << 9);
	v = (struct cpuid_values){ 0 };
	assert_int_equal(cpuid_patch(&page, 7, 0, &now, &v), OK);
	assert_int_equal(v.ecx, CPUID_7_ECX_OSPKE);
	now.cr4 = 0;
	assert_int_equal(cpuid_patch(&page, 7, 0, &now, &v), OK);
	assert_int_equal(v.ecx, 0);
	assert_int_equal(cpuid_patch(&page, 0xb, 1, &now, &v), OK);
	assert_int_equal(v.edx, 0x12);
	v = (struct cpuid_values){ 0, 0xffff00, 0xffff00, 0 };
	assert_int_equal(cpuid_patch(&page, 0x8000001e, 0, &now, &v), OK);
	assert_int_equal(v.eax, 0x55);
	assert_int_equal(v.ebx, 0xffff66);
	assert_int_equal(v.ecx, 0xffff77);
	assert_int_equal(cpuid_patch(&page, 0x80000008, 0, &now, &v), OK);
}

static void patch_xstate(void **state)
{
	struct cpuid_now now = { .xcr0 = 7, .xss = 0 };
	struct cpuid_values v;

	(void)state;
	add_xstate();
	assert_int_equal(cpuid_page_find(&page, 0xd, 0, &v), OK);
	assert_int_equal(cpuid_patch(&page, 0xd, 0, &now, &v), OK);
	assert_int_equal(v.ebx, 832);
	assert_int_equal(cpuid_page_find(&page, 0xd, 1, &v), OK);
	assert_int_equal(cpuid_patch(&page, 0xd, 1, &now, &v), OK);
	assert_int_equal(v.ebx, 832);
	v.eax = 1; /* XSAVEOPT alone has no compacted form */
	assert_int_equal(cpuid_patch(&page, 0xd, 1, &now, &v), OK);
	assert_int_equal(v.ebx, 0);
	assert_int_equal(cpuid_patch(&page, 0xd, 2, &now, &v), OK);
	now.xcr0 = 0x27;
	assert_int_equal(cpuid_patch(&page, 0xd, 0, &now, &v), ERR_ABSENT);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(count_limit), T(rewritten),	    T(c_bit),	T(free_bits),
		T(duplicates),	T(reserved_fields), T(look_up), T(xsave_size),
		T(patch),	T(patch_xstate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
