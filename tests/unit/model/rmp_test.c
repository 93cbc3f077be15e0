/* SPDX-License-Identifier: MIT */
/* The table, host instructions, VMSA pages: spec/snp.md 2 and 6. */
/* test-sources: model/rmp.c model/rmp_guest.c */
#include <string.h>

#include "abi/x86/cr.h"
#include "tests/unit/model/rmp_world.h"

static const uint8_t no_perms[3];

/* Section 2: the life of a page. */
static void life(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_result r;

	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_CBIT), RMP_NOT_ASSIGNED);
	assert_int_equal(rmp_assign(rmp, G(1), RMP_PG_SIZE_4K), RMPUPDATE_OK);
	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_CBIT), RMP_NOT_VALIDATED);
	r = pvalidate(rmp, G(1));
	assert_done(r, SNP_SUCCESS);
	assert_false(r.carry);
	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_CBIT | RMP_WRITE), RMP_OK);
	r = rmp_pvalidate(rmp, 0, G(1), RMP_PG_SIZE_4K, false);
	assert_done(r, SNP_SUCCESS);
	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_CBIT), RMP_NOT_VALIDATED);
	assert_int_equal(rmp_unassign(rmp, S(1), RMP_PG_SIZE_4K), RMPUPDATE_OK);
	assert_int_equal(rmp_look(rmp, S(1))->bits, 0);
}

/* Section 2: RMPUPDATE leaves Validated 0, VMPL0 all, VMPL1-3 none. */
static void update_resets(void **state)
{
	struct rmp *rmp = *state;
	const struct rmp_entry *e = rmp_look(rmp, S(1));

	rmp_assign(rmp, G(1), RMP_PG_SIZE_4K);
	pvalidate(rmp, G(1));
	rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(1, 0xf) | RMPADJUST_VMSA);
	assert_true(e->bits & RMP_VMSA);
	/* section 15.4: the host reassigns a validated page */
	assert_int_equal(rmp_assign(rmp, G(1), RMP_PG_SIZE_4K), RMPUPDATE_OK);
	assert_int_equal(e->bits & (RMP_VALIDATED | RMP_VMSA), 0);
	assert_int_equal(rmp_perms(e, 0), RMP_PERM_MASK);
	for (uint32_t vmpl = 1; vmpl < 4; vmpl++)
		assert_int_equal(rmp_perms(e, vmpl), VMPL_NONE);
	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_CBIT), RMP_NOT_VALIDATED);
}

/* Section 2: RMPUPDATE's results. */
static void update_codes(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_at odd = { PAGE_2M + PAGE_4K, PAGE_2M };

	assert_int_equal(rmp_assign(rmp, G(PAGES), 0), RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_assign(rmp, rmp_same(S(1) + 1), 0),
			 RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_assign(rmp, G(1), 1), RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_assign(rmp, odd, 1), RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_assign(rmp, BIG(1), 2), RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_assign(rmp, (struct rmp_at){ ~0ull << 12, 0 }, 0),
			 RMPUPDATE_FAIL_INPUT);
	rmp_firmware_page(rmp, S(2));
	assert_int_equal(rmp_assign(rmp, G(2), 0), RMPUPDATE_FAIL_PERMISSION);
	assert_int_equal(rmp_unassign(rmp, S(2), 0), RMPUPDATE_FAIL_PERMISSION);
	assert_int_equal(rmp_firmware_page(rmp, S(2)),
			 RMPUPDATE_FAIL_PERMISSION);
	/* sizes must not be mixed over one 2 MiB region */
	assert_int_equal(rmp_assign(rmp, BIG(1), 1), RMPUPDATE_OK);
	assert_int_equal(rmp_assign(rmp, G(515), 0), RMPUPDATE_FAIL_OVERLAP);
	assert_int_equal(rmp_unassign(rmp, S(515), 0), RMPUPDATE_FAIL_OVERLAP);
	rmp_assign(rmp, G(1027), 0);
	assert_int_equal(rmp_assign(rmp, BIG(2), 1), RMPUPDATE_FAIL_OVERLAP);
	assert_int_equal(rmp_unassign(rmp, PAGE_2M, 1), RMPUPDATE_OK);
	assert_int_equal(rmp_unassign(rmp, S(PAGES), 0), RMPUPDATE_FAIL_INPUT);
}

/* Section 2: PSMASH splits; Validated and permissions are kept. */
static void psmash(void **state)
{
	struct rmp *rmp = *state;
	uint32_t before;

	rmp_assign(rmp, BIG(1), 1);
	rmp_pvalidate(rmp, 0, BIG(1), 1, true);
	rmp_rmpadjust(rmp, 0, BIG(1), 1, GRANT(2, 0x7));
	before = rmp_look(rmp, PAGE_2M)->bits;
	assert_int_equal(rmp_psmash(rmp, PAGE_2M + PAGE_4K),
			 RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_psmash(rmp, PAGE_2M), RMPUPDATE_OK);
	for (uint64_t i = 512; i < 1024; i++) {
		assert_int_equal(rmp_look(rmp, S(i))->bits, before & ~RMP_2M);
		assert_int_equal(rmp_look(rmp, S(i))->gfn, i);
	}
	assert_int_equal(rmp_psmash(rmp, PAGE_2M), PSMASH_FAIL_BADSTATE);
	assert_int_equal(rmp_psmash(rmp, 0), PSMASH_FAIL_BADSTATE);
	assert_int_equal(rmp_psmash(rmp, S(PAGES)), RMPUPDATE_FAIL_INPUT);
	rmp_firmware_page(rmp, 0);
	assert_int_equal(rmp_psmash(rmp, 0), RMPUPDATE_FAIL_PERMISSION);
	/* and back, if all agree */
	assert_int_equal(rmp_unsmash(rmp, PAGE_2M), RMPUPDATE_OK);
	assert_int_equal(rmp_look(rmp, PAGE_2M)->bits, before);
	rmp_psmash(rmp, PAGE_2M);
	rmp_pvalidate(rmp, 0, G(700), 0, false);
	assert_int_equal(rmp_unsmash(rmp, PAGE_2M), PSMASH_FAIL_BADSTATE);
}

/* Section 6: what VMRUN asks of a VMSA page, and "in use". */
static void vmsa(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_at moved = { S(4), S(3) };

	assert_int_equal(rmp_vmsa_check(rmp, G(PAGES)), RMP_VMSA_NOT_COVERED);
	assert_int_equal(rmp_vmsa_check(rmp, G(3)), RMP_VMSA_NOT_OURS);
	rmp_firmware_page(rmp, S(2));
	assert_int_equal(rmp_vmsa_check(rmp, G(2)), RMP_VMSA_NOT_OURS);
	rmp_assign(rmp, G(3), 0);
	pvalidate(rmp, G(3));
	assert_int_equal(rmp_vmsa_enter(rmp, G(3)), RMP_VMSA_NOT_VMSA);
	rmp_rmpadjust(rmp, 0, G(3), 0, 0x10101);
	assert_int_equal(rmp_vmsa_check(rmp, moved), RMP_VMSA_WRONG_GPA);
	assert_int_equal(rmp_vmsa_enter(rmp, G(3)), RMP_VMSA_OK);
	/* one VMSA cannot run twice */
	assert_int_equal(rmp_vmsa_enter(rmp, G(3)), RMP_VMSA_RUNNING);
	assert_done(rmp_rmpadjust(rmp, 0, G(3), 0, GRANT(1, 0)),
		    SNP_FAIL_INUSE);
	assert_int_equal(rmp_assign(rmp, G(3), 0), RMPUPDATE_FAIL_INUSE);
	assert_int_equal(rmp_unassign(rmp, S(3), 0), RMPUPDATE_FAIL_INUSE);
	assert_int_equal(rmp_psc_shared(rmp, S(3), 0), RMPUPDATE_FAIL_INUSE);
	rmp_vmsa_leave(rmp, S(3));
	rmp_vmsa_leave(rmp, S(PAGES));
	assert_done(rmp_rmpadjust(rmp, 0, G(3), 0, GRANT(1, 0)), SNP_SUCCESS);
	assert_int_equal(rmp_vmsa_check(rmp, G(3)), RMP_VMSA_NOT_VMSA);
}

/* Section 2: a VMSA that runs inside a 2 MiB entry keeps it whole. */
static void vmsa_in_use_blocks_psmash(void **state)
{
	struct rmp *rmp = *state;

	rmp_assign(rmp, BIG(1), 1);
	rmp_pvalidate(rmp, 0, BIG(1), 1, true);
	rmp_rmpadjust(rmp, 0, BIG(1), 1, 0x10101);
	assert_int_equal(rmp_vmsa_enter(rmp, G(513)), RMP_VMSA_OK);
	assert_int_equal(rmp_psmash(rmp, PAGE_2M), RMPUPDATE_FAIL_INUSE);
	assert_int_equal(rmp_psc_shared(rmp, S(520), 0), RMPUPDATE_FAIL_INUSE);
	rmp->host_smashes = true;
	assert_npf(rmp_pvalidate(rmp, 0, G(520), 0, false), RMP_WRONG_SIZE,
		   NPF_SIZEM);
}

/* Section 2: launch pages leave the firmware validated; 11: permissions. */
static void launch(void **state)
{
	static const uint8_t perms[3] = { 1, 3, 0xf };
	static const uint8_t bad[3] = { 0x20, 0, 0 };
	struct rmp *rmp = *state;
	const struct rmp_entry *e = rmp_look(rmp, S(7));

	assert_int_equal(rmp_launch_page(rmp, G(7), false, perms), 0);
	assert_int_equal(rmp_check(rmp, 0, G(7), RMP_CBIT | RMP_WRITE), RMP_OK);
	assert_int_equal(rmp_perms(e, 1), 1);
	assert_int_equal(rmp_perms(e, 2), 3);
	assert_int_equal(rmp_perms(e, 3), 0xf);
	assert_int_equal(e->bits & (RMP_VMSA | RMP_2M), 0);
	assert_true(pvalidate(rmp, G(7)).carry);
	assert_int_equal(rmp_launch_page(rmp, G(7), false, perms),
			 RMPUPDATE_FAIL_PERMISSION);
	assert_int_equal(rmp_launch_page(rmp, G(8), true, no_perms), 0);
	assert_int_equal(rmp_vmsa_check(rmp, G(8)), RMP_VMSA_OK);
	assert_int_equal(rmp_launch_page(rmp, G(9), false, bad),
			 RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_launch_page(rmp, G(PAGES), false, perms),
			 RMPUPDATE_FAIL_INPUT);
}

/* Page state change as a sane host does it. */
static void psc(void **state)
{
	struct rmp *rmp = *state;

	/* 2 MiB asked for and free: one big entry */
	assert_int_equal(rmp_psc_private(rmp, BIG(1), 1), 0);
	assert_true(rmp_look(rmp, PAGE_2M)->bits & RMP_2M);
	assert_done(rmp_pvalidate(rmp, 0, BIG(1), 1, true), SNP_SUCCESS);
	/* asked for again: validated pages stay so */
	assert_int_equal(rmp_psc_private(rmp, BIG(1), 1), 0);
	assert_int_equal(rmp_check(rmp, 0, G(600), RMP_CBIT), RMP_OK);
	/* one page to shared smashes; back again is not validated */
	assert_int_equal(rmp_psc_shared(rmp, S(600), 0), 0);
	assert_int_equal(rmp_check(rmp, 0, G(600), RMP_CBIT), RMP_NOT_ASSIGNED);
	assert_int_equal(rmp_check(rmp, 0, G(601), RMP_CBIT), RMP_OK);
	assert_int_equal(rmp_psc_private(rmp, BIG(1), 1), 0);
	assert_int_equal(rmp_check(rmp, 0, G(600), RMP_CBIT),
			 RMP_NOT_VALIDATED);
	assert_false(rmp_look(rmp, S(600))->bits & RMP_2M);
	/* 4 KiB requests make 4 KiB entries */
	assert_int_equal(rmp_psc_private(rmp, G(1024), 0), 0);
	assert_false(rmp_look(rmp, S(1024))->bits & RMP_2M);
	assert_int_equal(rmp_psc_shared(rmp, PAGE_2M, 1), 0);
	assert_int_equal(rmp_run(rmp, PAGE_2M, 600), 512);
	/* a big entry goes at once */
	rmp_psc_private(rmp, BIG(3), 1);
	assert_int_equal(rmp_psc_shared(rmp, 3 * PAGE_2M, 1), 0);
	assert_true(rmp_uniform_2m(rmp, 3 * PAGE_2M));
	assert_int_equal(rmp_psc_private(rmp, G(PAGES), 0),
			 RMPUPDATE_FAIL_INPUT);
	assert_int_equal(rmp_psc_shared(rmp, S(PAGES), 0),
			 RMPUPDATE_FAIL_INPUT);
}

/* A host that moves a page inside a big entry to another address. */
static void psc_remap(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_at swap = { S(520), S(521) };

	rmp_psc_private(rmp, BIG(1), 1);
	rmp_pvalidate(rmp, 0, BIG(1), 1, true);
	assert_int_equal(rmp_psc_private(rmp, swap, 0), 0);
	assert_int_equal(rmp_check(rmp, 0, swap, RMP_CBIT), RMP_NOT_VALIDATED);
	assert_int_equal(rmp_check(rmp, 0, G(521), RMP_CBIT), RMP_WRONG_GPA);
	assert_int_equal(rmp_check(rmp, 0, G(522), RMP_CBIT), RMP_OK);
}

static void runs(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_at far = { S(100), S(11) };

	assert_int_equal(rmp_run(rmp, 0, ~0ull), PAGES);
	assert_int_equal(rmp_run(rmp, S(PAGES), 1), 0);
	rmp_assign(rmp, G(10), 0);
	rmp_assign(rmp, far, 0); /* same state, another GPA: another run */
	assert_int_equal(rmp_run(rmp, 0, ~0ull), 10);
	assert_int_equal(rmp_run(rmp, S(10), ~0ull), 1);
	assert_false(rmp_uniform_2m(rmp, S(10)));
	assert_true(rmp_uniform_2m(rmp, S(512)));
	assert_true(rmp_is_private(rmp, S(10)));
	assert_false(rmp_is_private(rmp, S(12)));
	assert_false(rmp_is_private(rmp, S(PAGES)));
	/* The firmware's have no GPA. */
	assert_int_equal(rmp_firmware_page(rmp, S(20)), 0);
	assert_int_equal(rmp_firmware_page(rmp, S(21)), 0);
	assert_int_equal(rmp_run(rmp, S(20), ~0ull), 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(life),   T(update_resets), T(update_codes),
		T(psmash), T(vmsa),	     T(vmsa_in_use_blocks_psmash),
		T(launch), T(psc),	     T(psc_remap),
		T(runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
