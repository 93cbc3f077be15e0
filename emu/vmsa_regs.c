/* SPDX-License-Identifier: MIT */
/* The VMCB's save area has the field order of the VMSA. */
#include "emu/vmsa_regs.h"

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "emu/fpu.h"
#include "emu/pcid.h"
#include "emu/vmcb.h"
#include "hw/cpu.h"
#include "hw/fpu.h"
#include "lib/str.h"
#include "model/vmsa.h"

#define CPUID_81_EDX_RDTSCP (1u << 27)
#define SEGMENTS	    (10 * sizeof(struct vmsa_seg))
#define LOW_HALF	    0xffffffffull
/* A guest that asks for these would go wrong; the others are ignored. */
#define NOT_EMULATED                                                          \
	(SEV_FEATURE_VTOM | SEV_FEATURE_REFLECT_VC | SEV_FEATURE_SECURE_TSC | \
	 SEV_FEATURE_ALTERNATE_INJ)

static bool has_tsc_aux(void)
{
	static int known = -1;

	if (known < 0)
		known = !!(hw_cpuid(CPUID_LEAF_EXT_FEATURES, 0).edx &
			   CPUID_81_EDX_RDTSCP);
	return known;
}

static void gprs_save(const struct vcpu *c, struct vmsa *v)
{
	v->rax = c->gpr[RAX];
	v->rcx = c->gpr[RCX];
	v->rdx = c->gpr[RDX];
	v->rbx = c->gpr[RBX];
	v->rsp = c->gpr[RSP];
	v->rbp = c->gpr[RBP];
	v->rsi = c->gpr[RSI];
	v->rdi = c->gpr[RDI];
	memcpy(&v->r8, &c->gpr[R8], 8 * sizeof(uint64_t));
}

static void gprs_load(struct vcpu *c, const struct vmsa *v)
{
	c->gpr[RAX] = v->rax;
	c->gpr[RCX] = v->rcx;
	c->gpr[RDX] = v->rdx;
	c->gpr[RBX] = v->rbx;
	c->gpr[RSP] = v->rsp;
	c->gpr[RBP] = v->rbp;
	c->gpr[RSI] = v->rsi;
	c->gpr[RDI] = v->rdi;
	memcpy(&c->gpr[R8], &v->r8, 8 * sizeof(uint64_t));
}

static void debug_save(struct vcpu_level *l)
{
	l->dr[0] = hw_dr0_read();
	l->dr[1] = hw_dr1_read();
	l->dr[2] = hw_dr2_read();
	l->dr[3] = hw_dr3_read();
	if (l->sev_features & SEV_FEATURE_DEBUG_SWAP)
		memcpy(l->vmsa->dr, l->dr, sizeof(l->dr));
}

static void debug_load(struct vcpu_level *l)
{
	if (l->sev_features & SEV_FEATURE_DEBUG_SWAP)
		memcpy(l->dr, l->vmsa->dr, sizeof(l->dr));
	hw_dr0_write(l->dr[0]);
	hw_dr1_write(l->dr[1]);
	hw_dr2_write(l->dr[2]);
	hw_dr3_write(l->dr[3]);
}

void vmsa_regs_save(struct vcpu *c, struct vcpu_level *l, uint64_t exit_code)
{
	const struct vmcb_save *s;
	struct vmsa *v = l->vmsa;

	vmcb_pull(c);
	s = &c->vmcb->save;
	memcpy(&v->es, &s->es, SEGMENTS);
	v->cpl = s->cpl;
	v->efer = s->efer;
	memcpy(&v->cr4, &s->cr4, 7 * sizeof(uint64_t));
	if (l->pcide)
		v->cr4 |= CR4_PCIDE;
	v->rflags &= RFLAGS_DEFINED;
	memcpy(&v->star, &s->star, 9 * sizeof(uint64_t));
	memcpy(&v->g_pat, &s->g_pat, 6 * sizeof(uint64_t));
	gprs_save(c, v);
	if (has_tsc_aux())
		v->tsc_aux = (uint32_t)hw_rdmsr(MSR_TSC_AUX);
	debug_save(l);
	fpu_save(l);
	l->int_ctl = c->vmcb->int_ctl & LEVEL_INT_CTL;
	l->int_vector = c->vmcb->int_vector;
	vmsa_exit_record(v, &(struct vmsa_exit){ .code = exit_code,
						 .nrip = s->rip });
}

void vmsa_regs_load(struct vcpu *c, struct vcpu_level *l)
{
	const struct vmsa *v = l->vmsa;
	struct vmcb_save *s;

	/* The fields that VMLOAD takes along must not be stale when changed. */
	vmcb_pull(c);
	s = &c->vmcb->save;
	memcpy(&s->es, &v->es, SEGMENTS);
	s->cpl = v->cpl;
	s->efer = v->efer | EFER_SVME;
	memcpy(&s->cr4, &v->cr4, 7 * sizeof(uint64_t));
	s->cr4 = pcid_cr4_load(l, s->cr4, s->efer);
	s->rflags = (s->rflags & RFLAGS_DEFINED) | RFLAGS_ONE;
	s->dr6 = (s->dr6 & LOW_HALF) | DR6_RESET;
	s->dr7 = (s->dr7 & LOW_HALF) | DR7_RESET;
	memcpy(&s->star, &v->star, 9 * sizeof(uint64_t));
	memcpy(&s->g_pat, &v->g_pat, 6 * sizeof(uint64_t));
	gprs_load(c, v);
	vmcb_push(c);
	if (has_tsc_aux())
		hw_wrmsr(MSR_TSC_AUX, v->tsc_aux);
	debug_load(l);
	fpu_load(l);
	c->vmcb->int_ctl = l->int_ctl;
	c->vmcb->int_state = 0;
	c->vmcb->event_inj = 0;
}

const char *vmsa_refused(const struct vmsa *v, uint32_t vmpl)
{
	static const struct vmsa_rules rules = {
		.vmpls = MACHINE_VMPLS,
		.features = SEV_FEATURES_DEFINED,
		.allowed_only = true,
		.allowed = SEV_FEATURES_DEFINED & ~NOT_EMULATED,
	};
	enum vmsa_verdict verdict = vmsa_check(v, &rules);

	if (verdict == VMSA_FEATURES_NOT_ALLOWED)
		return "SEV_FEATURES asks for what is not emulated";
	if (verdict != VMSA_OK)
		return vmsa_verdict_words(verdict);
	return v->vmpl == vmpl ? NULL : "it belongs to another VMPL";
}
