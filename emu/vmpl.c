/* SPDX-License-Identifier: MIT */
/* Store one level, load another; AP creation and #HV wait for their moment. */
#include "emu/vmpl.h"

#include "emu/doorbell.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/stop.h"
#include "emu/timer.h"
#include "emu/vmcb.h"
#include "emu/vmsa_regs.h"
#include "abi/x86/cr.h"

#define NOWHERE UINT64_MAX
#define NO_EXIT UINT64_MAX

/* The launch VMSA lies outside RAM, where no RMP entry speaks for it. */
static bool in_ram(uint64_t gpa)
{
	return guestmem_is_ram(gpa, PAGE_4K);
}

void vmpl_install(struct vcpu *t, uint32_t vmpl, uint64_t gpa,
		  struct vmsa *vmsa)
{
	struct vcpu_level *l = &t->level[vmpl];

	l->present = true;
	l->vmsa_gpa = gpa;
	l->vmsa = vmsa ? vmsa : guestmem_ptr(gpa, PAGE_4K);
	/* The GHCB is the vCPU's, not its VMSA's: firmware that starts one
	 * again counts on it. */
	l->doorbell_gpa = NOWHERE;
	l->int_ctl = 0;
	l->x2apic = false;
	l->pcide = l->noflush = false;
	l->sev_features = l->vmsa->sev_features;
	for (unsigned int i = 0; i < 4; i++)
		l->dr[i] = 0;
	if (vmpl == 0)
		lapic_reset(&t->lapic);
}

const char *vmpl_refusal(const struct vcpu *c, uint32_t vmpl)
{
	const struct vcpu_level *l = &c->level[vmpl];

	if (!l->present)
		return "it has no VMSA";
	if (in_ram(l->vmsa_gpa) &&
	    rmp_vmsa_check(&machine.rmp, guestmem_at(l->vmsa_gpa)) !=
		    RMP_VMSA_OK)
		return "its VMSA page is no VMSA of the guest, or is running";
	return vmsa_refused(l->vmsa, vmpl);
}

/* @code: what GUEST_EXITCODE becomes; NO_EXIT: the state is not kept. */
static void leave(struct vcpu *c, uint64_t code)
{
	struct vcpu_level *l = vcpu_level(c);

	if (!c->live)
		return;
	timer_leave(c);
	if (code != NO_EXIT)
		vmsa_regs_save(c, l, code);
	if (in_ram(c->live_gpa))
		rmp_vmsa_leave(&machine.rmp, guestmem_frame(c->live_gpa));
	c->live = false;
}

/* The caller knows that the level is runnable. */
static void enter(struct vcpu *c, uint32_t vmpl)
{
	static bool told;
	struct vcpu_level *l = &c->level[vmpl];

	if (in_ram(l->vmsa_gpa))
		(void)rmp_vmsa_enter(&machine.rmp, guestmem_at(l->vmsa_gpa));
	c->live_gpa = l->vmsa_gpa;
	l->sev_features = l->vmsa->sev_features;
	vmsa_regs_load(c, l);
	c->vmpl = vmpl;
	c->live = true;
	c->state = VCPU_RUNNING;
	c->unpaged = !(c->vmcb->save.cr0 & CR0_PG);
	vmcb_enter_level(c);
	if (vmpl && c->nmi_below) {
		c->nmi_below = false;
		inject_nmi(c);
	}
	if (vmpl == 0 && c->hv_waiting)
		c->attention |= ATTENTION_HV;
	if (vmpl && !told) {
		told = true;
		log_line("VMPL0 ran %llu instructions before the first "
			 "instruction of VMPL%u",
			 (unsigned long long)c->instructions[0], vmpl);
	}
}

static bool go(struct vcpu *c, uint32_t vmpl, uint64_t code)
{
	const char *why;

	if (vmpl >= MACHINE_VMPLS || (c->live && vmpl == c->vmpl))
		return false;
	why = vmpl_refusal(c, vmpl);
	if (why) {
		log_trace("vCPU %u cannot run VMPL%u: %s", c->index, vmpl, why);
		return false;
	}
	leave(c, code);
	enter(c, vmpl);
	return true;
}

bool vmpl_switch(struct vcpu *c, uint32_t vmpl)
{
	return go(c, vmpl, SVM_EXIT_VMGEXIT);
}

bool vmpl_preempt(struct vcpu *c, uint32_t vmpl)
{
	return go(c, vmpl, SVM_EXIT_INTR);
}

void vmpl_hold(struct vcpu *c)
{
	leave(c, SVM_EXIT_VMGEXIT);
	c->state = VCPU_OFF;
}

static void start(struct vcpu *c)
{
	uint32_t vmpl = c->next_vmpl;
	const char *why = NULL;

	/* Its own VMSA was replaced: the old state goes nowhere. */
	leave(c, vmpl != c->vmpl ? SVM_EXIT_VMGEXIT : NO_EXIT);
	why = vmpl_refusal(c, vmpl);
	if (why)
		stop_machine(STOP_VIOLATION, "vCPU %u cannot start VMPL%u: %s",
			     c->index, vmpl, why);
	c->start_pending = false;
	enter(c, vmpl);
}

void vmpl_attention(struct vcpu *c)
{
	uint32_t bits = c->attention;

	/* Entering a level may ask for more; the run loop comes again then. */
	c->attention = 0;
	if (bits & ATTENTION_STOP) {
		leave(c, NO_EXIT);
		c->state = VCPU_OFF;
	}
	if (bits & ATTENTION_START)
		start(c);
	if (bits & ATTENTION_HV)
		doorbell_attention(c);
}

void vmpl_halted(struct vcpu *c)
{
	if (c->start_pending) {
		c->start_pending = false;
		c->attention |= ATTENTION_START;
	}
	if (c->hv_waiting || doorbell_wants(c))
		c->attention |= ATTENTION_HV;
}
