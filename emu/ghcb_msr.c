/* SPDX-License-Identifier: MIT */
/* One function for each request that is more than a constant. */
#include "emu/ghcb_msr.h"

#include "emu/attack/attack.h"
#include "emu/cpuid.h"
#include "emu/flushes.h"
#include "emu/ghcb.h"
#include "emu/guestmem.h"
#include "emu/log.h"
#include "emu/look.h"
#include "emu/meter.h"
#include "emu/page_state.h"
#include "emu/stop.h"
#include "emu/vmpl.h"

#define ALL_ONES_GFN	(~GHCB_MSR_INFO)
#define PSC_FAILED	(0x80000000ull << GHCB_MSR_ERROR_SHIFT)
#define RUN_VMPL_FAILED (1ull << GHCB_MSR_ERROR_SHIFT)

static uint64_t cpuid(uint64_t msr)
{
	struct cpuid_regs r = cpuid_guest((uint32_t)(msr >> 32), 0, 1);
	uint32_t reg[] = { r.eax, r.ebx, r.ecx, r.edx };
	uint64_t which = msr >> GHCB_MSR_CPUID_REG_SHIFT & 3;

	return (uint64_t)reg[which] << 32 | which << GHCB_MSR_CPUID_REG_SHIFT |
	       GHCB_MSR_CPUID_RESP;
}

static uint64_t register_gpa(struct vcpu_level *l, uint64_t msr)
{
	uint64_t gpa = msr & GHCB_MSR_GPA;

	if (msr >> 52 || !guestmem_shared(gpa, PAGE_4K))
		return ALL_ONES_GFN | GHCB_MSR_REG_GPA_RESP;
	l->ghcb_gpa = gpa;
	return gpa | GHCB_MSR_REG_GPA_RESP;
}

static uint64_t page_state(struct vcpu *c, uint64_t msr)
{
	struct psc_op op;

	if (!psc_from_msr(msr, &op) || !page_state_one(c, &op))
		return PSC_FAILED | GHCB_MSR_PSC_RESP;
	return GHCB_MSR_PSC_RESP;
}

/* The answer is what the calling level reads when it runs again. */
static void run_vmpl(struct vcpu *c, uint64_t msr)
{
	uint64_t *answer = &vcpu_level(c)->ghcb_msr;
	uint32_t vmpl = msr >> GHCB_MSR_RUN_VMPL_SHIFT & 0xff;

	*answer = GHCB_MSR_RUN_VMPL_RESP;
	if (!vmpl_switch(c, vmpl))
		*answer |= RUN_VMPL_FAILED;
}

static const char *reason_words(unsigned set, unsigned reason)
{
	static const char *const general[] = { "general",
					       "GHCB protocol version",
					       "SNP features" };
	static const char *const linux_words[] = {
		"GHCB registration", "page state change", "PVALIDATE",
		"not at VMPL0",	     "CPUID table",	  "CPUID from the host",
		"secrets page",	     "no SVSM",		  "SVSM at VMPL0",
		"SVSM calling area", "Secure TSC",
	};

	/* The SVSM's own: enum panic_reason of kernel/base/panic.h. */
	static const char *const coir_words[] = { "a panic",
						  "its boot stage",
						  "a fault",
						  "a fault in a panic",
						  "no memory to start with",
						  "what the host gave" };

	if (set == 0 && reason < sizeof(general) / sizeof(general[0]))
		return general[reason];
	if (set == 1 && reason < sizeof(linux_words) / sizeof(linux_words[0]))
		return linux_words[reason];
	if (set == TERM_SET_COIR &&
	    reason < sizeof(coir_words) / sizeof(coir_words[0]))
		return coir_words[reason];
	return "its own reasons";
}

void ghcb_msr_terminated(struct vcpu *c, unsigned set, unsigned reason)
{
	stop_guest(c, STOP_TERMINATED,
		   "the guest asked to be ended: set %u reason %u (%s)", set,
		   reason, reason_words(set, reason));
}

static void carry_out(struct vcpu *c, uint64_t msr)
{
	struct vcpu_level *l = vcpu_level(c);

	switch (msr & GHCB_MSR_INFO) {
	case GHCB_MSR_SEV_INFO_REQ:
		l->ghcb_msr = GHCB_MSR_AT_RESET;
		break;
	case GHCB_MSR_CPUID_REQ:
		l->ghcb_msr = cpuid(msr);
		break;
	case GHCB_MSR_AP_RESET_HOLD_REQ:
		l->ghcb_msr = 1ull << 12 | GHCB_MSR_AP_RESET_HOLD_RESP;
		vmpl_hold(c);
		break;
	case GHCB_MSR_PREF_GPA_REQ:
		l->ghcb_msr = ALL_ONES_GFN | GHCB_MSR_PREF_GPA_RESP;
		break;
	case GHCB_MSR_REG_GPA_REQ:
		l->ghcb_msr = register_gpa(l, msr);
		break;
	case GHCB_MSR_PSC_REQ:
		l->ghcb_msr = page_state(c, msr);
		break;
	case GHCB_MSR_RUN_VMPL_REQ:
		run_vmpl(c, msr);
		break;
	case GHCB_MSR_HV_FEATURES_REQ:
		l->ghcb_msr = (uint64_t)GHCB_FEATURES << 12 |
			      GHCB_MSR_HV_FEATURES_RESP;
		break;
	case GHCB_MSR_TERMINATE:
		ghcb_msr_terminated(c, msr >> GHCB_MSR_TERM_SET_SHIFT & 0xf,
				    msr >> GHCB_MSR_TERM_REASON_SHIFT & 0xff);
	case GHCB_MSR_METER_REQ:
		l->ghcb_msr = meter_answer(c, msr);
		break;
	case GHCB_MSR_MARK_REQ:
		l->ghcb_msr = attack_mark(c, msr);
		break;
	case GHCB_MSR_FLUSHES_REQ:
		l->ghcb_msr = flushes_answer(c, msr);
		break;
	case GHCB_MSR_LOOK_REQ:
		l->ghcb_msr = look_answer(msr);
		break;
	default:
		/* As KVM does: an unknown request comes back as it was. */
		log_trace("unknown GHCB MSR request %llx",
			  (unsigned long long)msr);
		break;
	}
}

void ghcb_msr_request(struct vcpu *c)
{
	uint64_t *msr = &vcpu_level(c)->ghcb_msr, request = *msr;

	log_trace("vCPU %u VMPL%u: GHCB MSR %llx", c->index, c->vmpl,
		  (unsigned long long)request);
	if (!attack_on(ATTACK_MSR, c, request & GHCB_MSR_INFO, msr))
		carry_out(c, request);
	(void)attack_on(ATTACK_MSR_ANSWER, c, request & GHCB_MSR_INFO, msr);
}
