/* SPDX-License-Identifier: MIT */
/*
 * The GHCB MSR protocol: one question and one answer through MSR 0xC0010130,
 * before and beside the GHCB page. AMD 56421, 2.3.1. Every answer is the
 * host's word: anything but the expected form is ERR_HOST.
 */
#pragma once

#include "abi/snp/ghcb_msr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "hw/snp.h"
#include "lib/addr.h"

enum ghcb_page_state {
	GHCB_PAGE_PRIVATE = 1,
	GHCB_PAGE_SHARED = 2,
};

/* The value of the MSR changes: a caller inside a trap saves and restores. */
static inline uint64_t ghcb_msr_call(uint64_t request)
{
	hw_wrmsr(MSR_GHCB, request);
	hw_vmgexit();
	return hw_rdmsr(MSR_GHCB);
}

/*
 * Runs the guest's VMSA of level @vmpl on this virtual CPU until the host
 * resumes us, for whatever reason. OK says only that the host claims to have
 * run it. This is the hot path of every request.
 */
must_check static inline enum err ghcb_msr_run_vmpl(uint32_t vmpl)
{
	uint64_t answer =
		ghcb_msr_call((uint64_t)vmpl << GHCB_MSR_RUN_VMPL_SHIFT |
			      GHCB_MSR_RUN_VMPL_REQ);

	return answer == GHCB_MSR_RUN_VMPL_RESP ? OK : ERR_HOST;
}

/* Ends the VM when protocol version 2 or one of the @needed HV_FEATURE_* is
 * missing; gives the whole feature bitmap otherwise. */
uint64_t ghcb_msr_negotiate(uint64_t needed);

/* Makes the shared page at @gpa this CPU's GHCB. */
must_check enum err ghcb_msr_register(struct pa gpa);

/* Asks the host to change one 4 KiB page; the caller validates or rescinds. */
must_check enum err ghcb_msr_page_state(struct pa page,
					enum ghcb_page_state state);

/* One register (0 EAX .. 3 EDX) of a CPUID leaf as the host sees it. */
must_check enum err ghcb_msr_cpuid(uint32_t leaf, uint32_t reg, uint32_t *out);

/* Ends the VM. Asks again for ever, should the host resume us. */
_Noreturn void ghcb_msr_terminate(uint32_t set, uint32_t reason);
