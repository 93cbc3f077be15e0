/* SPDX-License-Identifier: MIT */
/* PVALIDATE and RMPADJUST as the kernel uses them, on the model of the RMP. */
/* test-sources: kernel/snp/pages.c kernel/snp/ghcb.c kernel/snp/ghcb_psc.c */
/* test-sources: kernel/snp/ghcb_msr.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c kernel/base/panic.c kernel/base/platform.c */
/* test-sources: kernel/base/log.c kernel/base/lock.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c */
#include "kernel/snp/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/cpu/features.h"
#include "kernel/cpu/tlb.h"
#include "kernel/snp/link.h"

#define GPA   0x201000ull
#define LARGE 0x400000ull

static struct percpu cpu;
static uint64_t answer;

uint32_t features_invlpgb(void)
{
	return 8;
}

static void host(void)
{
	fake_msr_write(MSR_GHCB, answer);
}

static int setup(void **state)
{
	(void)state;
	fake_reset(4 * PAGE_2M);
	memset(&cpu, 0, sizeof(cpu));
	fake.gs = &cpu;
	fake.vmgexit = host;
	fake_assign(0x200000, PAGE_2M);
	rmp_assign(&fake.rmp, rmp_same(LARGE), RMP_PG_SIZE_2M);
	pages_init(2);
	return 0;
}

static void *at(uint64_t gpa)
{
	return fake.ram + gpa;
}

static void validation(void **state)
{
	(void)state;
	assert_int_equal(pages_validate(at(GPA), PAGE_SIZE_4K, true), PAGE_OK);
	assert_true(fake_is_validated(GPA));
	assert_int_equal(pages_validate(at(GPA), PAGE_SIZE_4K, true),
			 PAGE_NO_CHANGE);
	assert_int_equal(pages_validate(at(GPA), PAGE_SIZE_4K, false), PAGE_OK);
	assert_int_equal(pages_validate(at(GPA), PAGE_SIZE_4K, false),
			 PAGE_NO_CHANGE);
	assert_int_equal(pages_validate(at(0x200000), PAGE_SIZE_2M, true),
			 PAGE_FAIL_SIZE);
	assert_int_equal(pages_validate(at(LARGE), PAGE_SIZE_2M, true),
			 PAGE_OK);
}

static void grants(void **state)
{
	(void)state;
	assert_int_equal(pages_validate(at(GPA), PAGE_SIZE_4K, true), PAGE_OK);
	assert_int_equal(pages_grant(at(GPA), PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(fake_perms(GPA, 2), VMPL_ALL);
	assert_int_equal(fake_perms(GPA, 1), 0);
	assert_int_equal(fake_perms(GPA, 3), 0);
	assert_int_equal(pages_revoke(at(GPA), PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(fake_perms(GPA, 2), 0);
	assert_int_equal(pages_validate(at(LARGE), PAGE_SIZE_2M, true),
			 PAGE_OK);
	assert_int_equal(pages_grant(at(LARGE), PAGE_SIZE_2M), PAGE_OK);
	assert_int_equal(fake_perms(LARGE + PAGE_2M - PAGE_4K, 2), VMPL_ALL);
}

static void save_areas(void **state)
{
	(void)state;
	assert_int_equal(pages_validate(at(GPA), PAGE_SIZE_4K, true), PAGE_OK);
	assert_int_equal(pages_vmsa(at(GPA), true), PAGE_OK);
	assert_true(rmp_look(&fake.rmp, GPA)->bits & RMP_VMSA);
	assert_int_equal(fake_perms(GPA, 2), VMPL_READ);
	assert_int_equal(pages_vmsa(at(GPA), false), PAGE_OK);
	assert_false(rmp_look(&fake.rmp, GPA)->bits & RMP_VMSA);
	assert_int_equal(fake_perms(GPA, 2), 0);
	assert_int_equal(pages_vmsa_hidden(at(GPA)), PAGE_OK);
	assert_true(rmp_look(&fake.rmp, GPA)->bits & RMP_VMSA);
	for (uint32_t vmpl = 1; vmpl < 4; vmpl++)
		assert_int_equal(fake_perms(GPA, vmpl), 0);
	fake.rmp.entry[GPA / PAGE_4K].bits |= RMP_IN_USE;
	assert_int_equal(pages_vmsa(at(GPA), false), PAGE_FAIL_INUSE);
}

/* Without levels below us there is nobody to grant to. */
static void no_guest_level(void **state)
{
	(void)state;
	pages_init(0);
	assert_int_equal(pages_grant(at(GPA), PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(pages_revoke(at(GPA), PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(fake.rmpadjusts, 0);
}

/* Before there is a GHCB page: one request per page, each answer checked. */
static void state_by_msr(void **state)
{
	struct pa_range pages = { { 0x600000 }, 2 * PAGE_4K };

	(void)state;
	answer = 0x15;
	assert_int_equal(pages_state(pages, PAGE_PRIVATE), OK);
	answer = 0x100000015;
	assert_int_equal(pages_state(pages, PAGE_SHARED), ERR_HOST);
}

static void tlb_add_raw(struct tlb_gather *what, uint64_t va, uint64_t pages)
{
	what->range[what->count].va = va;
	what->range[what->count++].pages = pages;
}

static void flush(void **state)
{
	(void)state;
	pages_tlb_flush();
	assert_int_equal(fake.tlb_flushes, 1);
}

/* Ranges in as few instructions as CPUID allows, one wait for all. */
static void flush_of_ranges(void **state)
{
	struct tlb_gather what = { 0 };

	(void)state;
	tlb_add_raw(&what, 0xffffff8200000000, 10);
	tlb_add_raw(&what, 0xffffff8200100000, 1);
	assert_int_equal(pages_tlb_broadcast(&what), OK);
	assert_int_equal(fake.invlpgbs, 3);
	assert_true(fake.invlpgb[0].rax == 0xffffff820000000d);
	assert_int_equal(fake.invlpgb[0].ecx, 7);
	assert_true(fake.invlpgb[1].rax == 0xffffff820000800d);
	assert_int_equal(fake.invlpgb[1].ecx, 1);
	assert_true(fake.invlpgb[2].rax == 0xffffff820010000d);
	assert_int_equal(fake.invlpgb[2].ecx, 0);
	assert_int_equal(fake.tlb_flushes, 1);
	what.all = true;
	assert_int_equal(pages_tlb_broadcast(&what), OK);
	assert_int_equal(fake.invlpgbs, 4);
	assert_int_equal(fake.invlpgb[3].rax, 0xc);
	assert_int_equal(fake.tlb_flushes, 2);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(validation),	    T(grants),	     T(save_areas),
		T(no_guest_level),  T(state_by_msr), T(flush),
		T(flush_of_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
