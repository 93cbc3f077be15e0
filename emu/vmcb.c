/* SPDX-License-Identifier: MIT */
/* One I/O map and one MSR map for all: every port exits, most MSRs do. */
#include "emu/vmcb.h"

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "emu/cpuid.h"
#include "emu/cr.h"
#include "emu/mm.h"
#include "emu/npt.h"
#include "hw/svm.h"
#include "lib/str.h"

#define IOPM_PAGES  3u
#define MSRPM_PAGES 2u
#define HIGH_HALF   0xffffffff00000000ull

static uint64_t iopm_pa, msrpm_pa;

/* Those a guest of SNP reads and writes without the host. */
static const uint32_t direct_msrs[] = {
	MSR_TSC,	 MSR_SPEC_CTRL,	   MSR_PRED_CMD,
	MSR_SYSENTER_CS, MSR_SYSENTER_ESP, MSR_SYSENTER_EIP,
	MSR_PAT,	 MSR_XSS,	   MSR_STAR,
	MSR_LSTAR,	 MSR_CSTAR,	   MSR_SFMASK,
	MSR_FS_BASE,	 MSR_GS_BASE,	   MSR_KERNEL_GS_BASE,
	MSR_TSC_AUX,
};

/* Two bits each: read, write. Ranges: 0.., C0000000.., C0010000... */
static void msr_direct(uint8_t *map, uint32_t msr)
{
	uint32_t area = msr < 0x2000 ? 0 : msr < 0xc0010000 ? 0x800 : 0x1000;
	uint32_t bit = (msr & 0x1fff) * 2;

	map[area + bit / 8] &= (uint8_t) ~(3u << (bit & 7));
}

void vmcb_maps_init(void)
{
	uint8_t *iopm = mm_pages(IOPM_PAGES);
	uint8_t *msrpm = mm_pages(MSRPM_PAGES);

	memset(iopm, 0xff, IOPM_PAGES * PAGE_4K);
	memset(msrpm, 0xff, MSRPM_PAGES * PAGE_4K);
	for (unsigned i = 0; i < sizeof(direct_msrs) / sizeof(uint32_t); i++)
		msr_direct(msrpm, direct_msrs[i]);
	iopm_pa = mm_pa(iopm);
	msrpm_pa = mm_pa(msrpm);
}

void vmcb_init(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;

	v->intercept_exceptions = 1u << 6; /* #UD */
	v->intercepts =
		INTERCEPT(SVM_EXIT_NMI) | INTERCEPT(SVM_EXIT_RDPMC) |
		INTERCEPT(SVM_EXIT_CPUID) | INTERCEPT(SVM_EXIT_INVD) |
		INTERCEPT(SVM_EXIT_SWINT) | INTERCEPT(SVM_EXIT_INVLPGA) |
		INTERCEPT(SVM_EXIT_IOIO) | INTERCEPT(SVM_EXIT_MSR) |
		INTERCEPT(SVM_EXIT_SHUTDOWN) | INTERCEPT(SVM_EXIT_VMRUN) |
		INTERCEPT(SVM_EXIT_VMMCALL) | INTERCEPT(SVM_EXIT_VMLOAD) |
		INTERCEPT(SVM_EXIT_VMSAVE) | INTERCEPT(SVM_EXIT_STGI) |
		INTERCEPT(SVM_EXIT_CLGI) | INTERCEPT(SVM_EXIT_SKINIT) |
		INTERCEPT(SVM_EXIT_WBINVD) | INTERCEPT(SVM_EXIT_MONITOR) |
		INTERCEPT(SVM_EXIT_MWAIT);
	v->iopm_base = iopm_pa;
	v->msrpm_base = msrpm_pa;
	v->np_enable = NESTED_PAGING;
	v->save.efer = EFER_SVME;
	v->save.rflags = RFLAGS_ONE;
	v->save.dr6 = DR6_RESET;
	v->save.dr7 = DR7_RESET;
	v->save.g_pat = PAT_RESET;
}

void vmcb_pull(struct vcpu *c)
{
	if (c->saved || c->load)
		return;
	hw_vmsave(c->vmcb_pa);
	c->saved = true;
}

void vmcb_push(struct vcpu *c)
{
	c->load = true;
}

void vmcb_hold_interrupts(struct vcpu *c)
{
	/* Interrupts meant for the levels below wait while VMPL0 runs: the
	 * host's own IF is 0, and V_INTR_MASKING makes that one count. */
	if (c->vmpl == 0 && machine.has_levels) {
		c->vmcb->int_ctl |= V_INTR_MASKING;
		c->vmcb->intercepts |= INTERCEPT(SVM_EXIT_HLT);
	}
}

void vmcb_enter_level(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;

	v->int_ctl = c->level[c->vmpl].int_ctl;
	v->int_vector = c->level[c->vmpl].int_vector;
	v->intercepts &= ~INTERCEPT(SVM_EXIT_HLT);
	vmcb_hold_interrupts(c);
	if (cpuid_shows_xsave())
		v->intercept_exceptions |= 1u << 13; /* #GP: xsave.c */
	v->int_state = 0;
	v->event_inj = 0;
	/* VMRUN refuses what a VMSA may well contain. */
	v->save.efer |= EFER_SVME;
	v->save.rflags = (v->save.rflags & RFLAGS_DEFINED) | RFLAGS_ONE;
	v->save.dr6 = (v->save.dr6 & ~HIGH_HALF) | DR6_RESET;
	v->save.dr7 = (v->save.dr7 & ~HIGH_HALF) | DR7_RESET;
	cr_mode_changed(c);
}
