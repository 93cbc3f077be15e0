/* SPDX-License-Identifier: MIT */
/* EVENTINJ for what QEMU can inject, and event delivery in C for #VC. */
#include "emu/inject.h"

#include "abi/x86/cr.h"
#include "emu/deliver.h"
#include "emu/log.h"
#include "emu/stop.h"

/* Something else comes first: INT n, whose RIP is behind it, runs again. */
static void soft_undo(struct vcpu *c)
{
	uint64_t event = c->vmcb->event_inj;

	if ((event & EVENT_VALID) && (event & EVENT_TYPE) == EVENT_TYPE_SOFT)
		c->vmcb->save.rip -= c->soft_length;
}

static void event_set(struct vcpu *c, uint64_t event)
{
	soft_undo(c);
	c->vmcb->event_inj = event | EVENT_VALID;
}

void inject_ud(struct vcpu *c)
{
	event_set(c, TRAP_UD | EVENT_TYPE_EXCEPTION);
}

void inject_gp(struct vcpu *c)
{
	event_set(c, TRAP_GP | EVENT_TYPE_EXCEPTION | EVENT_HAS_ERROR);
}

void inject_pf(struct vcpu *c, uint64_t va, uint32_t error)
{
	c->vmcb->save.cr2 = va;
	event_set(c, TRAP_PF | EVENT_TYPE_EXCEPTION | EVENT_HAS_ERROR |
			     (uint64_t)error << EVENT_ERROR_SHIFT);
}

/* RIP is behind the instruction from now on, as in the return address; an exit
 * in the middle of delivery begins it again from there (inject_redo). */
void inject_soft(struct vcpu *c, uint8_t vector, uint32_t length)
{
	c->vmcb->save.rip += length;
	c->soft_length = length;
	c->vmcb->int_state = 0;
	event_set(c, vector | EVENT_TYPE_SOFT);
}

void inject_nmi(struct vcpu *c)
{
	event_set(c, TRAP_NMI | EVENT_TYPE_NMI);
}

/*
 * Not by EVENTINJ: QEMU delivers an interrupt from there at once, but keeps its
 * vector as an exception still to come; if something stops the translated code
 * before another exception does, it delivers it again, even with IF clear.
 */
void inject_interrupt(struct vcpu *c, uint8_t vector)
{
	c->vmcb->int_ctl |= V_IRQ | V_IGN_TPR;
	c->vmcb->int_vector = vector;
}

/* The APIC has handed it over already, at any priority. One that came above
 * another one which still waits is the rare case that EVENTINJ is left for. */
static void interrupt_again(struct vcpu *c, uint8_t vector)
{
	const struct vmcb *v = c->vmcb;

	if ((v->int_ctl & V_IRQ) && v->int_vector != vector)
		event_set(c, vector | EVENT_TYPE_INTR);
	else
		inject_interrupt(c, vector);
}

void inject_hv(struct vcpu *c)
{
	event_set(c, TRAP_HV | EVENT_TYPE_EXCEPTION);
}

bool inject_is_free(const struct vcpu *c)
{
	return !(c->vmcb->event_inj & EVENT_VALID);
}

void inject_redo(struct vcpu *c)
{
	uint64_t event = c->vmcb->exit_int_info;
	uint64_t vector = event & EVENT_VECTOR;

	/* INT n is ours: RIP is behind it (inject_soft). */
	if ((event & EVENT_TYPE) == EVENT_TYPE_SOFT) {
		event_set(c, event);
		return;
	}
	/* QEMU calls everything that is no INT n an exception. */
	if (vector >= 32) {
		interrupt_again(c, (uint8_t)vector);
		return;
	}
	if (vector == TRAP_NMI)
		event = (event & ~EVENT_TYPE) | EVENT_TYPE_NMI;
	event_set(c, event);
}

static bool is_contributory(uint64_t vector)
{
	return vector == 0 || (vector >= 10 && vector <= 14) ||
	       vector == TRAP_VC;
}

/*
 * An event was being delivered when #VC arose. True: the two together are a
 * double fault. Otherwise faults come again by themselves, and interrupts are
 * kept until the handler lets them in.
 */
static bool meets_another(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;
	uint64_t event = v->event_inj, vector = event & EVENT_VECTOR;

	if (!(event & EVENT_VALID))
		return false;
	soft_undo(c);
	v->event_inj = 0;
	if ((event & EVENT_TYPE) == EVENT_TYPE_EXCEPTION)
		return is_contributory(vector);
	if ((event & EVENT_TYPE) == EVENT_TYPE_INTR) {
		if (v->int_ctl & V_IRQ)
			log_line("interrupt %u is lost", (uint32_t)vector);
		else
			inject_interrupt(c, (uint8_t)vector);
	}
	return false;
}

static void deliver_or_shut_down(struct vcpu *c, uint64_t code)
{
	const char *why = "it came during another exception";
	const char *why_df;

	if (!meets_another(c)) {
		why = deliver(c, TRAP_VC, true, (uint32_t)code);
		if (!why)
			return;
	}
	log_line("#VC 0x%lx at RIP %lx becomes a double fault: %s",
		 (unsigned long)code, (unsigned long)c->vmcb->save.rip, why);
	why_df = deliver(c, TRAP_DF, true, 0);
	if (why_df)
		stop_guest(c, STOP_SHUTDOWN,
			   "shutdown: #VC 0x%lx (%s), then the double fault "
			   "(%s)",
			   (unsigned long)code, why, why_df);
}

void inject_vc(struct vcpu *c, uint64_t code)
{
	deliver_or_shut_down(c, code);
}

void inject_vc_not_validated(struct vcpu *c, uint64_t va)
{
	/* Hardware would deliver it there for ever. */
	if (va == c->vmcb->save.rip && va == c->vc_entry)
		stop_guest(c, STOP_SHUTDOWN,
			   "shutdown: the first page of the #VC handler is not "
			   "validated");
	c->vmcb->save.cr2 = va;
	deliver_or_shut_down(c, SVM_EXIT_PAGE_NOT_VALIDATED);
	c->vc_entry = c->vmcb->save.rip;
}
