/* SPDX-License-Identifier: MIT */
/* Exits of an SNP guest: most are #VC, some the host's, few are the end. */
#include "emu/exit.h"

#include "abi/x86/msr.h"
#include "emu/attack/attack.h"
#include "emu/cr.h"
#include "emu/flushes.h"
#include "emu/ghcb.h"
#include "emu/inject.h"
#include "emu/insn.h"
#include "emu/log.h"
#include "emu/msr.h"
#include "emu/npf.h"
#include "emu/pcid.h"
#include "emu/smp.h"
#include "emu/softint.h"
#include "emu/stop.h"
#include "emu/timer.h"
#include "emu/vmpl.h"
#include "emu/xsave.h"

/* QEMU stores 32 bits of -1. */
#define EXIT_INVALID 0xffffffffull

/* An NMI is a kick of ours, our timer's, or the guest's own. */
static void exit_nmi(struct vcpu *c)
{
	bool timer;

	smp_take_nmi();
	timer = timer_nmi(c);
	if (c->kicked) {
		c->kicked = false;
		return;
	}
	if (timer)
		return;
	if (c->vmpl == 0 && machine.has_levels)
		c->nmi_below = true;
	else
		inject_nmi(c);
}

/* Only at VMPL0 above other levels (vmcb_enter_level). */
static void exit_hlt(struct vcpu *c)
{
	c->vmcb->save.rip += 1;
	c->vmcb->int_state = 0;
	if (attack_on(ATTACK_HALT, c, 0, NULL))
		return;
	c->state = VCPU_HALTED;
	vmpl_halted(c);
}

static void exit_msr(struct vcpu *c)
{
	bool ghcb = c->vmcb->exit_info1 == 1 &&
		    (uint32_t)c->gpr[RCX] == MSR_GHCB;

	msr_exit(c);
	if (ghcb)
		insn_after_ghcb_msr(c);
}

static void exit_rare(struct vcpu *c, uint64_t code)
{
	switch (code) {
	case SVM_EXIT_VMRUN:
	case SVM_EXIT_VMLOAD:
	case SVM_EXIT_VMSAVE:
	case SVM_EXIT_STGI:
	case SVM_EXIT_CLGI:
	case SVM_EXIT_SKINIT:
	case SVM_EXIT_INVLPGA:
		inject_ud(c);
		break;
	case SVM_EXIT_SHUTDOWN:
		stop_guest(c, STOP_SHUTDOWN, "shutdown: triple fault");
	case EXIT_INVALID:
	case ~0ull:
		stop_guest(c, STOP_EMULATOR, "VMRUN refused the guest's state");
	default:
		stop_guest(c, STOP_EMULATOR, "unexpected exit 0x%lx",
			   (unsigned long)code);
	}
}

void exit_dispatch(struct vcpu *c)
{
	uint64_t code = c->vmcb->exit_code;

	switch (code) {
	case SVM_EXIT_VMMCALL:
		insn_exit_vmmcall(c);
		break;
	case SVM_EXIT_NPF:
		npf_exit(c);
		break;
	case SVM_EXIT_CPUID:
	case SVM_EXIT_IOIO:
	case SVM_EXIT_WBINVD:
	case SVM_EXIT_INVD:
	case SVM_EXIT_RDPMC:
	case SVM_EXIT_MONITOR:
	case SVM_EXIT_MWAIT:
		inject_vc(c, code);
		break;
	case SVM_EXIT_MSR:
		exit_msr(c);
		break;
	case SVM_EXIT_EXCP(TRAP_UD):
		insn_exit_ud(c);
		break;
	case SVM_EXIT_EXCP(TRAP_GP):
		xsave_exit_gp(c);
		break;
	case SVM_EXIT_SWINT:
		softint_exit(c);
		break;
	case SVM_EXIT_NMI:
		exit_nmi(c);
		break;
	case SVM_EXIT_HLT:
		exit_hlt(c);
		break;
	case SVM_EXIT_VINTR: /* timer_look goes on from here */
		break;
	case SVM_EXIT_WRITE_CR0:
		cr_exit_cr0_write(c);
		break;
	case SVM_EXIT_WRITE_CR3:
		pcid_exit_cr3_write(c);
		break;
	case SVM_EXIT_WRITE_CR4:
		pcid_exit_cr4_write(c);
		break;
	case SVM_EXIT_READ_CR4:
		pcid_exit_cr4_read(c);
		break;
	case SVM_EXIT_INVLPG:
		flushes_exit_invlpg(c);
		break;
	default:
		exit_rare(c, code);
		break;
	}
}
