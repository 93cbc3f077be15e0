/* SPDX-License-Identifier: MIT */
/* The GHCB MSR protocol: requests encoded, answers taken apart and checked. */
#include "kernel/snp/ghcb_msr.h"

#include "abi/snp/ghcb.h"

#define SEV_INFO_MAX_SHIFT 48
#define SEV_INFO_MIN_SHIFT 32
#define FEATURES_SHIFT	   12

_Noreturn void ghcb_msr_terminate(uint32_t set, uint32_t reason)
{
	for (;;) {
		hw_wrmsr(MSR_GHCB,
			 GHCB_MSR_TERMINATE |
				 (uint64_t)(set & 0xf)
					 << GHCB_MSR_TERM_SET_SHIFT |
				 (uint64_t)(reason & 0xff)
					 << GHCB_MSR_TERM_REASON_SHIFT);
		hw_vmgexit();
		hw_hlt();
	}
}

uint64_t ghcb_msr_negotiate(uint64_t needed)
{
	uint64_t info = ghcb_msr_call(GHCB_MSR_SEV_INFO_REQ);
	uint64_t features;

	if ((info & GHCB_MSR_INFO) != GHCB_MSR_SEV_INFO ||
	    (uint16_t)(info >> SEV_INFO_MAX_SHIFT) < GHCB_PROTOCOL_MAX ||
	    (uint16_t)(info >> SEV_INFO_MIN_SHIFT) > GHCB_PROTOCOL_MAX)
		ghcb_msr_terminate(TERM_SET_GENERAL, TERM_PROTOCOL);
	features = ghcb_msr_call(GHCB_MSR_HV_FEATURES_REQ);
	if ((features & GHCB_MSR_INFO) != GHCB_MSR_HV_FEATURES_RESP)
		ghcb_msr_terminate(TERM_SET_GENERAL, TERM_SNP_FEATURES);
	features >>= FEATURES_SHIFT;
	if ((features & needed) != needed)
		ghcb_msr_terminate(TERM_SET_GENERAL, TERM_SNP_FEATURES);
	return features;
}

must_check enum err ghcb_msr_register(struct pa gpa)
{
	uint64_t gfn = gpa.v & GHCB_MSR_GPA;

	if (gfn != gpa.v)
		return ERR_ALIGN;
	if (ghcb_msr_call(gfn | GHCB_MSR_REG_GPA_REQ) !=
	    (gfn | GHCB_MSR_REG_GPA_RESP))
		return ERR_HOST;
	return OK;
}

must_check enum err ghcb_msr_page_state(struct pa page,
					enum ghcb_page_state state)
{
	uint64_t gfn = page.v & GHCB_MSR_GPA;

	if (gfn != page.v)
		return ERR_ALIGN;
	if (ghcb_msr_call((uint64_t)state << GHCB_MSR_PSC_OP_SHIFT | gfn |
			  GHCB_MSR_PSC_REQ) != GHCB_MSR_PSC_RESP)
		return ERR_HOST;
	return OK;
}

must_check enum err ghcb_msr_cpuid(uint32_t leaf, uint32_t reg, uint32_t *out)
{
	uint64_t which = (uint64_t)(reg & 3) << GHCB_MSR_CPUID_REG_SHIFT;
	uint64_t answer = ghcb_msr_call((uint64_t)leaf << 32 | which |
					GHCB_MSR_CPUID_REQ);

	if ((uint32_t)answer != (which | GHCB_MSR_CPUID_RESP))
		return ERR_HOST;
	*out = (uint32_t)(answer >> 32);
	return OK;
}
