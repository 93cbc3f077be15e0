/* SPDX-License-Identifier: MIT */
/* Interrupts, NMIs and exceptions of the host's making, in both rings of VMPL0. */
#include "abi/boot/launch.h"
#include "abi/snp/ghcb.h"
#include "emu/attack/scenario.h"
#include "emu/deliver.h"
#include "emu/inject.h"
#include "emu/lapic.h"
#include "emu/log.h"
#include "emu/npt.h"
#include "emu/shootdown.h"
#include "emu/smp.h"

#define FIRST_IRQ 32u
#define VECTORS	  256u

/* What is injected: a vector, an error code or none, in which ring. */
#define EVENT(vector_) ((uint64_t)(vector_))
#define ERROR(code_)   (1ull << 8 | (uint64_t)(code_) << 32)
#define VECTOR_OF(arg) ((unsigned int)((arg)&0xff))
#define HAS_ERROR(arg) (((arg) >> 8 & 1) != 0)
#define ERROR_OF(arg)  ((uint32_t)((arg) >> 32))
#define IN_RING_3      (1ull << 9)
#define RING_OF(arg)   ((arg) >> 9 & 1 ? 3u : 0u)

static uint32_t ring(const struct vcpu *c)
{
	return c->vmcb->save.ss.attr >> 5 & 3u;
}

static bool may(const struct vcpu *c)
{
	return c->live && c->vmpl == 0 && c->state == VCPU_RUNNING &&
	       inject_is_free(c);
}

/*
 * By EVENTINJ the host chooses vector, type, error code and whether there is
 * one: the processor does not compare it with the vector (AMD 24593, 15.20).
 * QEMU does, so it is delivered by hand.
 */
static enum attack_deed event(const struct attack_event *e)
{
	struct vcpu *c = e->c;
	const char *why;

	if (!may(c) || ring(c) != RING_OF(e->arg))
		return ATTACK_NOT;
	why = deliver(c, VECTOR_OF(e->arg), HAS_ERROR(e->arg),
		      ERROR_OF(e->arg));
	if (why)
		log_line("attack: not delivered: %s", why);
	return why ? ATTACK_NOT : ATTACK_DONE;
}

/* Every vector, one after the other. */
static enum attack_deed every_irq(const struct attack_event *e)
{
	struct attack_event one = *e;

	one.arg |= FIRST_IRQ + e->count % (VECTORS - FIRST_IRQ);
	return event(&one);
}

static bool on_nmi_stack(const struct vcpu *c)
{
	uint64_t page = CPU_AREAS_VA + (uint64_t)c->index * CPU_AREA_SIZE +
			CPU_PAGE_IST_NMI * PAGE_4K;

	return addr_down(c->gpr[RSP] - 1, PAGE_4K) == page;
}

/* With each run, but not in the handler: the processor blocks it there. */
static enum attack_deed nmi(const struct attack_event *e)
{
	if (!may(e->c) || on_nmi_stack(e->c))
		return ATTACK_NOT;
	inject_nmi(e->c);
	return ATTACK_DONE;
}

/* An NMI, whose handler comes out at its last instruction. */
static enum attack_deed nmi_and_iret(const struct attack_event *e)
{
	if (nmi(e) == ATTACK_NOT)
		return ATTACK_NOT;
	e->c->vmcb->intercepts |= INTERCEPT(SVM_EXIT_IRET);
	return ATTACK_DONE;
}

/* There: EVENTINJ takes no notice of the blocking. */
static enum attack_deed nmi_nested(const struct attack_event *e)
{
	if (!on_nmi_stack(e->c) || !inject_is_free(e->c))
		return ATTACK_NOT;
	e->c->vmcb->intercepts &= ~INTERCEPT(SVM_EXIT_IRET);
	inject_nmi(e->c);
	return ATTACK_INSTEAD;
}

/* Pages that ring 3 will want come by faults: so there are exits in it. */
static enum attack_deed unmap(const struct attack_event *e)
{
	npt_update(SVSM_BASE + PAGE_2M, 8 * PAGE_2M / PAGE_4K);
	shootdown(e->c);
	return ATTACK_DONE;
}

/* All vectors to all vCPUs' own APICs, whatever they are doing. */
static enum attack_deed ipis(const struct attack_event *e)
{
	(void)e;
	for (uint32_t i = 0; i < machine.cpus; i++) {
		struct vcpu *t = machine.vcpu[i];

		for (unsigned int v = FIRST_IRQ; v < VECTORS; v++)
			lapic_request(&t->lapic, (uint8_t)v);
		if (t->live && t->vmpl == 0)
			smp_attention(t, ATTENTION_OTHER);
	}
	return ATTACK_DONE;
}

#define AFTER(mark_, first_, times_, deed_, arg_)                            \
	{                                                                    \
		.at = ATTACK_AFTER, .levels = ATTACK_VMPL0, .mark = (mark_), \
		.kind = ATTACK_ANY, .first = (first_), .times = (times_),    \
		.deed = (deed_), .arg = (arg_)                               \
	}
#define RING0(arg_) AFTER(1, 5, 1, event, arg_)
#define RING3(arg_) AFTER(1, 0, 1, event, (arg_) | IN_RING_3)
/* A service's slice begins. */
#define UNMAP                                                          \
	{                                                              \
		.at = ATTACK_EVENT, .levels = ATTACK_VMPL0, .mark = 1, \
		.kind = GHCB_NAE_MSR, .deed = unmap                    \
	}
#define RUNS(deed_)                                                    \
	{                                                              \
		.at = ATTACK_ENTER, .levels = ATTACK_VMPL0, .mark = 1, \
		.kind = ATTACK_ANY, .deed = (deed_)                    \
	}

static const struct attack_scenario list[] = {
	{ "boot-nmi",
	  { { .at = ATTACK_ENTER,
	      .levels = ATTACK_VMPL0,
	      .kind = ATTACK_ANY,
	      .first = 10,
	      .times = 1,
	      .deed = nmi } } },
	{ "ring0-de", { RING0(EVENT(TRAP_DE)) } },
	{ "ring0-db", { RING0(EVENT(TRAP_DB)) } },
	{ "ring0-bp", { RING0(EVENT(TRAP_BP)) } },
	{ "ring0-ud", { RING0(EVENT(TRAP_UD)) } },
	{ "ring0-nm", { RING0(EVENT(TRAP_NM)) } },
	{ "ring0-df", { RING0(EVENT(TRAP_DF) | ERROR(0)) } },
	{ "ring0-gp", { RING0(EVENT(TRAP_GP) | ERROR(0)) } },
	{ "ring0-pf", { RING0(EVENT(TRAP_PF) | ERROR(2)) } },
	{ "ring0-mc", { RING0(EVENT(TRAP_MC)) } },
	{ "ring0-hv", { RING0(EVENT(TRAP_HV)) } },
	{ "ring0-vc-cpuid", { RING0(EVENT(TRAP_VC) | ERROR(0x72)) } },
	{ "ring0-vc-page", { RING0(EVENT(TRAP_VC) | ERROR(0x404)) } },
	{ "ring0-vc-io", { RING0(EVENT(TRAP_VC) | ERROR(0x7b)) } },
	{ "ring0-irq", { RING0(EVENT(0x40)) } },
	{ "ring0-int80", { RING0(EVENT(0x80)) } },
	{ "ring0-gp-short", { RING0(EVENT(TRAP_GP)) } },
	{ "ring0-pf-short", { RING0(EVENT(TRAP_PF)) } },
	{ "ring0-vc-short", { RING0(EVENT(TRAP_VC)) } },
	{ "ring0-ud-long", { RING0(EVENT(TRAP_UD) | ERROR(0x1003)) } },
	{ "ring0-nmi-long", { RING0(EVENT(TRAP_NMI) | ERROR(0x1003)) } },
	{ "ring0-irq-long", { RING0(EVENT(0x40) | ERROR(0x1003)) } },
	{ "ring3-de", { UNMAP, RING3(EVENT(TRAP_DE)) } },
	{ "ring3-gp", { UNMAP, RING3(EVENT(TRAP_GP) | ERROR(0)) } },
	{ "ring3-pf", { UNMAP, RING3(EVENT(TRAP_PF) | ERROR(4)) } },
	{ "ring3-vc", { UNMAP, RING3(EVENT(TRAP_VC) | ERROR(0x72)) } },
	{ "ring3-nmi", { UNMAP, RING3(EVENT(TRAP_NMI)) } },
	{ "ring3-int80", { UNMAP, RING3(EVENT(0x80)) } },
	{ "ring3-irqs", { UNMAP, AFTER(1, 0, 500, every_irq, IN_RING_3) } },
	{ "ring3-irq-long", { UNMAP, RING3(EVENT(0x40) | ERROR(0x401000)) } },
	{ "ring3-gp-short", { UNMAP, RING3(EVENT(TRAP_GP)) } },
	{ "nmi-flood", { RUNS(nmi) } },
	{ "nmi-nested",
	  { AFTER(1, 5, 1, nmi_and_iret, 0),
	    { .at = ATTACK_EXIT,
	      .levels = ATTACK_VMPL0,
	      .mark = 1,
	      .kind = SVM_EXIT_IRET,
	      .times = 1,
	      .deed = nmi_nested } } },
	{ "ipi-storm",
	  { { .at = ATTACK_AFTER,
	      .levels = ATTACK_BOTH,
	      .mark = 1,
	      .kind = ATTACK_ANY,
	      .times = 500,
	      .deed = ipis } } },
};

const struct attack_family attack_events = { list,
					     sizeof(list) / sizeof(list[0]) };
