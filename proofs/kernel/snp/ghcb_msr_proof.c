/* SPDX-License-Identifier: MIT */
/* proof: whatever the host answers in the MSR, only the one right answer is
 *   success, and what was negotiated has all that was needed
 * sources: kernel/snp/ghcb_msr.c kernel/snp/ghcb_msr.h
 * bound: none: every request and answer of the MSR protocol
 * flags: --unwind 2
 * mutation: kernel/snp/ghcb_msr.c@ghcb_msr_register: (gfn | GHCB_MSR_REG_GPA_RESP) =>
 *   (gfn | GHCB_MSR_REG_GPA_RESP | (ghcb_msr_call(0) & ~GHCB_MSR_INFO))
 * mutation: kernel/snp/ghcb_msr.c@ghcb_msr_page_state: gfn != page.v => false
 * mutation: kernel/snp/ghcb_msr.c@ghcb_msr_cpuid: (uint32_t)answer != => (uint8_t)answer !=
 *   (uint8_t)
 * mutation: kernel/snp/ghcb_msr.c@ghcb_msr_negotiate: (features & needed) != needed =>
 *   (features & needed) == 0
 */
#include "kernel/snp/ghcb_msr.h"

#include "abi/snp/ghcb.h"
#include "proofs/fake/proof.h"

uint64_t proof_ghcb_msr;
static uint64_t asked;

/* The host: the answer to the last request may be anything. */
void proof_vmgexit(void)
{
	asked = proof_ghcb_msr;
	proof_ghcb_msr = nondet_u64();
}

static void page(void)
{
	struct pa gpa = { nondet_u64() };
	enum ghcb_page_state state = nondet_bool() ? GHCB_PAGE_PRIVATE
						   : GHCB_PAGE_SHARED;
	enum err e = ghcb_msr_page_state(gpa, state);

	PROVE(e == OK || e == ERR_HOST || e == ERR_ALIGN);
	PROVE((e == ERR_ALIGN) == ((gpa.v & ~GHCB_MSR_GPA) != 0));
	if (e != OK)
		return;
	/* The host's error code is in the upper half. */
	PROVE(proof_ghcb_msr == GHCB_MSR_PSC_RESP);
	PROVE((asked & GHCB_MSR_GPA) == gpa.v);
	PROVE(asked >> 52 == (uint64_t)state);
}

static void own_page(void)
{
	struct pa gpa = { nondet_u64() };
	enum err e = ghcb_msr_register(gpa);

	PROVE(e != OK || proof_ghcb_msr == (gpa.v | GHCB_MSR_REG_GPA_RESP));
	SEEN(e == OK && gpa.v != 0);
}

static void cpuid(void)
{
	uint32_t leaf = nondet_u32(), reg = nondet_u32() % 4;
	uint32_t old = nondet_u32(), out = old;
	enum err e = ghcb_msr_cpuid(leaf, reg, &out);

	PROVE(e == OK || out == old);
	PROVE(e != OK ||
	      (out == proof_ghcb_msr >> 32 &&
	       (uint32_t)proof_ghcb_msr == (reg << 30 | GHCB_MSR_CPUID_RESP)));
	SEEN(e == OK);
}

static void run(void)
{
	uint32_t vmpl = nondet_u32();
	enum err e = ghcb_msr_run_vmpl(vmpl);

	PROVE(e != OK || proof_ghcb_msr == GHCB_MSR_RUN_VMPL_RESP);
	PROVE(asked >> 32 == vmpl);
}

static void negotiate(void)
{
	uint64_t needed = nondet_u64();
	uint64_t have = ghcb_msr_negotiate(needed);

	PROVE((have & needed) == needed);
	PROVE((proof_ghcb_msr & GHCB_MSR_INFO) == GHCB_MSR_HV_FEATURES_RESP);
}

int main(void)
{
	switch (any_upto(4)) {
	case 0:
		page();
		break;
	case 1:
		own_page();
		break;
	case 2:
		cpuid();
		break;
	case 3:
		run();
		break;
	default:
		negotiate();
	}
	return 0;
}
