/* SPDX-License-Identifier: MIT */
/* proof: success of a page operation is success of its instruction, no result
 *   of RMPADJUST is taken for "no change", and rights go to nobody but the
 *   guest's level: all, none, or a save area that cannot be written
 * sources: kernel/snp/pages.c
 * bound: none: any result of any instruction, any level of the guest
 * flags: -Iproofs/fake/asked --unwind 2
 * mutation: kernel/snp/pages.c@pages_validate: rc == SNP_SUCCESS && same => same
 * mutation: kernel/snp/pages.c@result_of: rc <= RESULT_MAX => rc <= 0x10
 * mutation: kernel/snp/pages.c@pages_revoke: VMPL_NONE => VMPL_ALL
 * mutation: kernel/snp/pages.c@pages_vmsa: VMPL_READ => VMPL_ALL
 */
#include "proofs/fake/asked/hw/snp.h"
/* First: others include the plain one. */
#include "kernel/snp/pages.h"

#include "abi/snp/rmp.h"
#include "kernel/snp/ghcb.h"
#include "kernel/snp/ghcb_msr.h"
#include "proofs/fake/proof.h"

void *proof_gs;
static uint32_t rc;
static bool same, asked_validate;
static uint64_t asked_rights, asked_va;
static uint32_t asked_size;

uint32_t hw_pvalidate(uint64_t va, uint32_t size, bool validate, bool *carry)
{
	asked_va = va;
	asked_size = size;
	asked_validate = validate;
	*carry = same;
	return rc;
}

uint32_t hw_rmpadjust(uint64_t va, uint32_t size, uint64_t attributes)
{
	asked_va = va;
	asked_size = size;
	asked_rights = attributes;
	return rc;
}

void hw_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
	(void)rax;
	(void)ecx;
	(void)edx;
}

void hw_tlbsync(void)
{
}

enum err ghcb_page_state(struct ghcb_link link, struct pa_range pages,
			 bool whole, enum ghcb_page_state state)
{
	(void)link;
	(void)pages;
	(void)whole;
	(void)state;
	return ERR_HOST;
}

enum err ghcb_msr_page_state(struct pa page, enum ghcb_page_state state)
{
	(void)page;
	(void)state;
	return ERR_HOST;
}

/* RDX of RMPADJUST: level, permissions, save area. */
static void rights_are(uint64_t vmpl, uint64_t perms, bool vmsa)
{
	PROVE((asked_rights & 0xff) == vmpl);
	PROVE((asked_rights >> RMPADJUST_PERM_SHIFT & 0xff) == perms);
	PROVE(!(asked_rights & RMPADJUST_VMSA) == !vmsa);
}

static void rights(uint64_t vmpl, void *va, enum page_size size)
{
	bool on = nondet_bool();
	enum page_result r;

	switch (nondet_u8() % 3) {
	case 0:
		r = pages_grant(va, size);
		rights_are(vmpl, VMPL_ALL, false);
		break;
	case 1:
		r = pages_revoke(va, size);
		rights_are(vmpl, VMPL_NONE, false);
		break;
	default:
		size = PAGE_SIZE_4K;
		r = pages_vmsa(va, on);
		rights_are(vmpl, on ? VMPL_READ : VMPL_NONE, on);
		break;
	}
	PROVE(r != PAGE_NO_CHANGE && (r == PAGE_OK) == (rc == SNP_SUCCESS));
	PROVE(asked_va == (uint64_t)va && asked_size == size);
}

int main(void)
{
	enum page_size size = nondet_bool();
	uint64_t vmpl = 1 + any_upto(2);
	void *va = &rc; /* any address */
	bool on = nondet_bool();
	enum page_result r;

	rc = nondet_u32();
	same = nondet_bool();
	pages_init((unsigned int)vmpl);
	if (nondet_bool()) {
		rights(vmpl, va, size);
		return 0;
	}
	r = pages_validate(va, size, on);
	PROVE((r == PAGE_OK) == (rc == SNP_SUCCESS && !same));
	PROVE((r == PAGE_NO_CHANGE) == (rc == SNP_SUCCESS && same));
	PROVE(asked_validate == on && asked_size == size);
	return 0;
}
