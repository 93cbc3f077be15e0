/* SPDX-License-Identifier: MIT */
/* Guest accesses and instructions: spec/snp.md 3 and 4. */
/* test-sources: model/rmp.c model/rmp_guest.c */
#include <string.h>

#include "abi/x86/cr.h"
#include "tests/unit/model/rmp_world.h"

/* Section 3, check 1: owner, address and immutability come first. */
static void check_owner(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_at remapped = { S(5), S(6) };
	struct rmp_at outside = { S(1), S(PAGES) };

	assert_int_equal(rmp_check(rmp, 0, outside, RMP_CBIT), RMP_NOT_COVERED);
	rmp_firmware_page(rmp, S(3));
	assert_int_equal(rmp_check(rmp, 0, G(3), RMP_CBIT), RMP_NOT_OURS);
	rmp_assign(rmp, G(5), 0);
	rmp_assign(rmp, G(6), 0);
	pvalidate(rmp, G(5));
	pvalidate(rmp, G(6));
	assert_int_equal(rmp_check(rmp, 0, remapped, RMP_CBIT), RMP_WRONG_GPA);
	/* the swap: reassigned at GPA 5, so it is not validated there */
	rmp_assign(rmp, remapped, 0);
	assert_int_equal(rmp_check(rmp, 0, remapped, RMP_CBIT),
			 RMP_NOT_VALIDATED);
	assert_int_equal(rmp_check(rmp, 0, G(5), RMP_CBIT), RMP_OK);
}

/* Section 3, check 1: nested page size against RMP page size. */
static void check_size(void **state)
{
	struct rmp *rmp = *state;
	uint32_t small = RMP_CBIT | RMP_NPT_SIZE;

	rmp_assign(rmp, BIG(1), 1);
	rmp_assign(rmp, G(1), 0);
	assert_int_equal(rmp_check(rmp, 0, G(513), small), RMP_WRONG_SIZE);
	assert_int_equal(rmp_check(rmp, 0, G(513), small | RMP_NPT_2M),
			 RMP_NOT_VALIDATED);
	assert_int_equal(rmp_check(rmp, 0, G(1), small | RMP_NPT_2M),
			 RMP_WRONG_SIZE);
	assert_int_equal(rmp_check(rmp, 0, G(1), small), RMP_NOT_VALIDATED);
	assert_int_equal(rmp_npf_info(RMP_WRONG_SIZE, small) & NPF_SIZEM,
			 NPF_SIZEM);
}

/* Section 3, checks 2 and 3, in that order. */
static void check_permissions(void **state)
{
	static const struct {
		uint8_t perms;
		uint32_t access;
		enum rmp_verdict v;
	} c[] = {
		{ VMPL_READ, RMP_CBIT, RMP_OK },
		{ VMPL_READ, RMP_CBIT | RMP_WRITE, RMP_NOT_PERMITTED },
		{ VMPL_READ | VMPL_WRITE, RMP_CBIT | RMP_WRITE, RMP_OK },
		/* write without read is no legal combination */
		{ VMPL_WRITE, RMP_CBIT | RMP_WRITE, RMP_NOT_PERMITTED },
		{ VMPL_WRITE | VMPL_EXEC_USER, RMP_FETCH | RMP_USER,
		  RMP_NOT_PERMITTED },
		{ VMPL_EXEC_USER, RMP_FETCH | RMP_USER, RMP_OK },
		{ VMPL_EXEC_USER, RMP_FETCH, RMP_NOT_PERMITTED },
		{ VMPL_EXEC_SUPER, RMP_FETCH, RMP_OK },
		{ VMPL_EXEC_SUPER, RMP_FETCH | RMP_USER, RMP_NOT_PERMITTED },
		{ VMPL_EXEC_SUPER, RMP_CBIT, RMP_NOT_PERMITTED },
		/* walks are private, too; setting A or D is a write */
		{ VMPL_READ, RMP_WALK, RMP_OK },
		{ VMPL_READ, RMP_WALK | RMP_WRITE, RMP_NOT_PERMITTED },
		{ VMPL_EXEC_SUPER, RMP_WALK | RMP_FETCH, RMP_NOT_PERMITTED },
		{ VMPL_READ, RMP_CBIT | RMP_SHADOW, RMP_NOT_PERMITTED },
		{ VMPL_READ | VMPL_SHADOW_STACK, RMP_CBIT | RMP_SHADOW,
		  RMP_OK },
		{ VMPL_NONE, RMP_CBIT, RMP_NOT_PERMITTED },
	};
	struct rmp *rmp = *state;

	rmp_assign(rmp, G(1), 0);
	/* not validated wins over not permitted */
	assert_int_equal(rmp_check(rmp, 2, G(1), RMP_CBIT), RMP_NOT_VALIDATED);
	pvalidate(rmp, G(1));
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		assert_done(rmp_rmpadjust(rmp, 0, G(1), 0,
					  GRANT(2, c[i].perms)),
			    SNP_SUCCESS);
		assert_int_equal(rmp_check(rmp, 2, G(1), c[i].access), c[i].v);
	}
}

/* Section 3: shared accesses. */
static void check_shared(void **state)
{
	struct rmp *rmp = *state;

	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_WRITE), RMP_OK);
	assert_true(rmp_host_may_write(rmp, S(1)));
	rmp_assign(rmp, G(1), 0);
	assert_int_equal(rmp_check(rmp, 0, G(1), RMP_WRITE), RMP_NOT_SHARED);
	assert_int_equal(rmp_check(rmp, 0, G(1), 0), RMP_OK);
	assert_false(rmp_host_may_write(rmp, S(1)));
	/* a device's page: no RMP entry, no check */
	assert_int_equal(rmp_check(rmp, 0, G(PAGES), RMP_WRITE), RMP_OK);
	assert_true(rmp_host_may_write(rmp, S(PAGES)));
}

/* Section 3: EXITINFO1 of the nested fault. */
static void npf_info(void **state)
{
	uint64_t i;

	(void)state;
	assert_int_equal(rmp_npf_info(RMP_OK, RMP_CBIT), 0);
	assert_int_equal(rmp_npf_info(RMP_NOT_VALIDATED, RMP_CBIT), 0);
	i = rmp_npf_info(RMP_NOT_ASSIGNED, RMP_CBIT | RMP_WRITE);
	assert_int_equal(i,
			 NPF_P | NPF_W | NPF_U | NPF_RMP | NPF_GPA | NPF_ENC);
	i = rmp_npf_info(RMP_NOT_PERMITTED, RMP_FETCH);
	assert_int_equal(i, NPF_P | NPF_U | NPF_ID | NPF_RMP | NPF_GPA |
				    NPF_ENC | NPF_VMPL);
	i = rmp_npf_info(RMP_NOT_PERMITTED, RMP_WALK | RMP_FETCH);
	assert_int_equal(i, NPF_P | NPF_U | NPF_RMP | NPF_WALK | NPF_ENC |
				    NPF_VMPL);
	i = rmp_npf_info(RMP_NOT_SHARED, RMP_WRITE);
	assert_int_equal(i, NPF_P | NPF_W | NPF_U | NPF_RMP | NPF_GPA);
	for (int v = RMP_OK; v <= RMP_NOT_SHARED; v++)
		assert_true(strlen(rmp_verdict_words((enum rmp_verdict)v)) > 4);
	assert_string_equal(rmp_verdict_words((enum rmp_verdict)99), "unknown");
}

/* Section 4, PVALIDATE: carry and results. */
static void pvalidate_codes(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_result r;

	rmp_assign(rmp, G(1), 0);
	for (uint32_t vmpl = 1; vmpl < 4; vmpl++) {
		r = rmp_pvalidate(rmp, vmpl, G(1), 0, true);
		assert_int_equal(r.kind, RMP_GP);
	}
	assert_done(rmp_pvalidate(rmp, 0, G(1), 2, true), SNP_FAIL_INPUT);
	assert_done(rmp_pvalidate(rmp, 0, G(1), 1ull << 32, true),
		    SNP_FAIL_INPUT);
	r = rmp_pvalidate(rmp, 0, G(1), RMP_PG_SIZE_2M, true);
	assert_int_equal(r.kind, RMP_GP);
	r = rmp_pvalidate(rmp, 0, G(1), 0, false);
	assert_done(r, SNP_SUCCESS);
	assert_true(r.carry); /* was invalid already */
	assert_false(pvalidate(rmp, G(1)).carry);
	r = pvalidate(rmp, G(1));
	assert_true(r.carry); /* what software must take for an attack */
	/* bits 11:0 of the address do not count */
	assert_true(pvalidate(rmp, rmp_same(S(1) + 0xabc)).carry);
}

/* Section 4, PVALIDATE: not assigned, or at another address: an exit. */
static void pvalidate_exits(void **state)
{
	struct rmp *rmp = *state;

	assert_npf(pvalidate(rmp, G(9)), RMP_NOT_ASSIGNED, NPF_ENC | NPF_GPA);
	assert_npf(pvalidate(rmp, G(PAGES)), RMP_NOT_COVERED, NPF_ENC);
	rmp_assign(rmp, G(9), 0);
	assert_npf(pvalidate(rmp, (struct rmp_at){ S(8), S(9) }), RMP_WRONG_GPA,
		   NPF_ENC);
	rmp_firmware_page(rmp, S(10));
	assert_npf(pvalidate(rmp, G(10)), RMP_NOT_OURS, NPF_ENC);
}

/* Section 4: permissions are as RMPUPDATE left them. */
static void pvalidate_keeps_permissions(void **state)
{
	struct rmp *rmp = *state;

	rmp_assign(rmp, G(1), 0);
	pvalidate(rmp, G(1));
	rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(2, VMPL_ALL));
	rmp_pvalidate(rmp, 0, G(1), 0, false);
	pvalidate(rmp, G(1));
	assert_int_equal(rmp_perms(rmp_look(rmp, S(1)), 2), VMPL_ALL);
	assert_int_equal(rmp_check(rmp, 1, G(1), RMP_CBIT), RMP_NOT_PERMITTED);
}

/* Section 4: page sizes of request and entry. */
static void pvalidate_sizes(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_result r;

	for (uint32_t i = 512; i < 1024; i++)
		rmp_assign(rmp, G(i), 0);
	assert_done(rmp_pvalidate(rmp, 0, BIG(1), 1, true),
		    SNP_FAIL_SIZEMISMATCH);
	rmp_assign(rmp, BIG(2), 1);
	r = rmp_pvalidate(rmp, 0, BIG(2), 1, true);
	assert_done(r, SNP_SUCCESS);
	assert_false(r.carry);
	assert_true(rmp_pvalidate(rmp, 0, BIG(2), 1, true).carry);
	for (uint32_t i = 1024; i < 1536; i++)
		assert_int_equal(rmp_check(rmp, 0, G(i), RMP_CBIT), RMP_OK);
	/* 4 KiB request inside: an exit, the host's turn */
	r = rmp_pvalidate(rmp, 0, G(1030), 0, false);
	assert_npf(r, RMP_WRONG_SIZE, NPF_SIZEM | NPF_ENC);
	rmp->host_smashes = true;
	r = rmp_pvalidate(rmp, 0, G(1030), 0, false);
	assert_done(r, SNP_SUCCESS);
	assert_false(r.carry);
	assert_true(r.smashed);
	assert_int_equal(rmp_check(rmp, 0, G(1030), RMP_CBIT),
			 RMP_NOT_VALIDATED);
	assert_int_equal(rmp_check(rmp, 0, G(1031), RMP_CBIT), RMP_OK);
	assert_done(rmp_pvalidate(rmp, 0, BIG(2), 1, true),
		    SNP_FAIL_SIZEMISMATCH);
}

/* Section 4, RMPADJUST: who may grant what to whom. */
static void rmpadjust_permission(void **state)
{
	struct rmp *rmp = *state;

	rmp_assign(rmp, G(1), 0);
	pvalidate(rmp, G(1));
	for (uint32_t vmpl = 0; vmpl < 4; vmpl++)
		for (uint32_t target = 0; target <= vmpl; target++)
			assert_done(rmp_rmpadjust(rmp, vmpl, G(1), 0,
						  GRANT(target, 0)),
				    SNP_FAIL_PERMISSION);
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(1, 0x5)), SNP_SUCCESS);
	/* VMPL1 has read and execute-user: it can grant no more */
	assert_done(rmp_rmpadjust(rmp, 1, G(1), 0, GRANT(2, 0x5)), SNP_SUCCESS);
	assert_done(rmp_rmpadjust(rmp, 1, G(1), 0, GRANT(2, 0x7)),
		    SNP_FAIL_PERMISSION);
	assert_int_equal(rmp_perms(rmp_look(rmp, S(1)), 2), 0x5);
	/* it may take away, though */
	assert_done(rmp_rmpadjust(rmp, 1, G(1), 0, GRANT(2, 0)), SNP_SUCCESS);
	/* sheet's example: RDX = 0x00f02 gives VMPL2 all */
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, 0x00f02), SNP_SUCCESS);
	assert_int_equal(rmp_perms(rmp_look(rmp, S(1)), 2), VMPL_ALL);
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, 0x3), SNP_SUCCESS);
	assert_int_equal(rmp_perms(rmp_look(rmp, S(1)), 3), VMPL_NONE);
}

/* Section 4, RMPADJUST: inputs, exits and faults. */
static void rmpadjust_codes(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_result r;

	rmp_assign(rmp, G(1), 0);
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(4, 0)),
		    SNP_FAIL_INPUT);
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 2, GRANT(1, 0)),
		    SNP_FAIL_INPUT);
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(1, 0x20)),
		    SNP_FAIL_INPUT);
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(1, 0) | 1u << 17),
		    SNP_FAIL_INPUT);
	r = rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(1, 1));
	assert_int_equal(r.kind, RMP_VC); /* not validated: #VC 0x404 */
	assert_npf(rmp_rmpadjust(rmp, 0, G(2), 0, GRANT(1, 1)),
		   RMP_NOT_ASSIGNED, NPF_ENC);
	r = rmp_rmpadjust(rmp, 0, G(1), 1, GRANT(1, 1));
	assert_int_equal(r.kind, RMP_GP);
	pvalidate(rmp, G(1));
	assert_done(rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(1, 1)), SNP_SUCCESS);
}

/* Section 4: sizes as for PVALIDATE. */
static void rmpadjust_sizes(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_result r;

	rmp_assign(rmp, BIG(1), 1);
	rmp_pvalidate(rmp, 0, BIG(1), 1, true);
	assert_npf(rmp_rmpadjust(rmp, 0, G(600), 0, GRANT(1, 1)),
		   RMP_WRONG_SIZE, NPF_SIZEM);
	assert_done(rmp_rmpadjust(rmp, 0, BIG(1), 1, GRANT(1, 3)), SNP_SUCCESS);
	assert_int_equal(rmp_perms(rmp_look(rmp, S(1023)), 1), 3);
	rmp->host_smashes = true;
	r = rmp_rmpadjust(rmp, 0, G(600), 0, GRANT(1, 1));
	assert_done(r, SNP_SUCCESS);
	assert_true(r.smashed);
	assert_int_equal(rmp_perms(rmp_look(rmp, S(600)), 1), 1);
	assert_int_equal(rmp_perms(rmp_look(rmp, S(601)), 1), 3);
	assert_done(rmp_rmpadjust(rmp, 0, BIG(1), 1, GRANT(1, 3)),
		    SNP_FAIL_SIZEMISMATCH);
}

/* Section 4: the VMSA attribute is VMPL0's alone. */
static void rmpadjust_vmsa(void **state)
{
	struct rmp *rmp = *state;
	const struct rmp_entry *e = rmp_look(rmp, S(3));

	rmp_assign(rmp, G(3), 0);
	pvalidate(rmp, G(3));
	/* the sheet's 0x10101 */
	assert_done(rmp_rmpadjust(rmp, 0, G(3), 0, 0x10101), SNP_SUCCESS);
	assert_true(e->bits & RMP_VMSA);
	/* at VMPL1 bit 16 says nothing, whichever way */
	assert_done(rmp_rmpadjust(rmp, 1, G(3), 0, GRANT(2, 0)), SNP_SUCCESS);
	assert_true(e->bits & RMP_VMSA);
	/* every RMPADJUST of VMPL0 rewrites it */
	assert_done(rmp_rmpadjust(rmp, 0, G(3), 0, GRANT(3, 0)), SNP_SUCCESS);
	assert_false(e->bits & RMP_VMSA);
	assert_done(rmp_rmpadjust(rmp, 1, G(3), 0,
				  GRANT(2, 0) | RMPADJUST_VMSA),
		    SNP_SUCCESS);
	assert_false(e->bits & RMP_VMSA);
	assert_done(rmp_rmpadjust(rmp, 0, G(3), 0, GRANT(0, 1)),
		    SNP_FAIL_PERMISSION);
}

/* Section 4, RMPQUERY. */
static void rmpquery(void **state)
{
	struct rmp *rmp = *state;
	struct rmp_result r;

	assert_npf(rmp_rmpquery(rmp, 0, G(1), 0), RMP_NOT_ASSIGNED, NPF_ENC);
	rmp_assign(rmp, G(1), 0);
	assert_int_equal(rmp_rmpquery(rmp, 0, G(1), 0).kind, RMP_VC);
	pvalidate(rmp, G(1));
	rmp_rmpadjust(rmp, 0, G(1), 0, GRANT(2, 0x5) | RMPADJUST_VMSA);
	r = rmp_rmpquery(rmp, 1, G(1), 2);
	assert_done(r, SNP_SUCCESS);
	assert_int_equal(r.attributes, 0x10502);
	assert_int_equal(r.page_size, RMP_PG_SIZE_4K);
	assert_done(rmp_rmpquery(rmp, 2, G(1), 2), SNP_SUCCESS);
	assert_done(rmp_rmpquery(rmp, 2, G(1), 1), SNP_FAIL_PERMISSION);
	assert_done(rmp_rmpquery(rmp, 0, G(1), 4), SNP_FAIL_INPUT);
	rmp_assign(rmp, BIG(1), 1);
	rmp_pvalidate(rmp, 0, BIG(1), 1, true);
	assert_int_equal(rmp_rmpquery(rmp, 0, G(555), 1).page_size,
			 RMP_PG_SIZE_2M);
}

/* Section 4: OF, ZF, AF, PF, SF reflect EAX; CF is the carry. */
static void flags(void **state)
{
	struct rmp_result r = { .kind = RMP_DONE, .carry = true };
	uint64_t keep = RFLAGS_IF | RFLAGS_ONE | RFLAGS_DF;

	(void)state;
	assert_int_equal(rmp_flags(keep | RFLAGS_OF | RFLAGS_SF, &r),
			 keep | RFLAGS_ZF | RFLAGS_PF | RFLAGS_CF);
	r = (struct rmp_result){ .eax = SNP_FAIL_INPUT };
	assert_int_equal(rmp_flags(keep | RFLAGS_ARITH, &r), keep);
	r.eax = SNP_FAIL_SIZEMISMATCH;
	assert_int_equal(rmp_flags(keep, &r), keep | RFLAGS_PF);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(check_owner),
		T(check_size),
		T(check_permissions),
		T(check_shared),
		T(npf_info),
		T(pvalidate_codes),
		T(pvalidate_exits),
		T(pvalidate_keeps_permissions),
		T(pvalidate_sizes),
		T(rmpadjust_permission),
		T(rmpadjust_codes),
		T(rmpadjust_sizes),
		T(rmpadjust_vmsa),
		T(rmpquery),
		T(flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
