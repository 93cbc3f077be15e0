/* SPDX-License-Identifier: MIT */
/* Levels and vCPUs that run when they should not, or not when they should. */
#include "abi/snp/ghcb_msr.h"
#include "abi/snp/rmp.h"
#include "emu/ap.h"
#include "emu/attack/scenario.h"
#include "emu/ghcb.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/smp.h"
#include "emu/stop.h"
#include "emu/vmpl.h"
#include "hw/cpu.h"
#include "lib/insn/insn.h"

#define RUN_DONE ((uint64_t)GHCB_MSR_RUN_VMPL_RESP)
/* Further than the SVSM waits for a CPU to start. */
#define FAR	 0x4000000000ull
#define LONG	 (1ull << 24)

static bool at_rest(const struct vcpu *c)
{
	return c->live && c->state == VCPU_RUNNING && !c->attention &&
	       inject_is_free(c) && !(c->vmcb->int_ctl & V_IRQ);
}

/* VMPL0 runs although nobody called it, at any instruction of the guest. */
static enum attack_deed resume_vmpl0(const struct attack_event *e)
{
	if (!at_rest(e->c) || !vmpl_preempt(e->c, 0))
		return ATTACK_NOT;
	return ATTACK_DONE;
}

/* The guest has called, and runs on as if it had been served. */
static enum attack_deed not_served(const struct attack_event *e)
{
	*(uint64_t *)e->what = RUN_DONE;
	return ATTACK_INSTEAD;
}

/* In the middle of a call the host wants to run the caller: its save area is
 * claimed, VMRUN must fail. */
static enum attack_deed run_caller(const struct attack_event *e)
{
	if (!at_rest(e->c))
		return ATTACK_NOT;
	if (vmpl_preempt(e->c, 2))
		log_line("attack: the caller runs in the middle of its call");
	return ATTACK_DONE;
}

/* A halted VMPL0 goes on at once. */
static enum attack_deed no_halt(const struct attack_event *e)
{
	(void)e;
	return ATTACK_INSTEAD;
}

/* vCPU 1's turn: the same save area on a second processor. */
static enum attack_deed two_cpus(const struct attack_event *e)
{
	struct vcpu *other = machine.vcpu[e->c->index ? 0 : 1];
	struct vcpu_level old = other->level[2];
	const char *why;

	if (!e->c->live || e->c->vmpl != 2)
		return ATTACK_NOT;
	other->level[2].present = true;
	other->level[2].vmsa = e->c->level[2].vmsa;
	other->level[2].vmsa_gpa = e->c->level[2].vmsa_gpa;
	why = vmpl_refusal(other, 2);
	if (!why)
		stop_machine(STOP_EMULATOR, "one save area on two processors");
	other->level[2] = old;
	return ATTACK_DONE;
}

/* ---- vCPUs of the SVSM ---- */

static struct ghcb_call kept;

static bool starts_cpu(const struct ghcb_call *call)
{
	return (call->info1 & 0xffff) == AP_CREATE &&
	       !(call->info1 >> AP_VMPL_SHIFT & 0xf);
}

/* Said to be started, and not; time goes by at once. */
static enum attack_deed cpu_said(const struct attack_event *e)
{
	struct ghcb_call *call = e->what;

	if (!starts_cpu(call))
		return ATTACK_NOT;
	kept = *call;
	call->out1 = call->out2 = 0;
	e->c->vmcb->tsc_offset += FAR;
	return ATTACK_INSTEAD;
}

/* When nobody waits for it any more, it starts. */
static enum attack_deed cpu_late(const struct attack_event *e)
{
	return ap_creation(e->c, &kept) ? ATTACK_NOT : ATTACK_DONE;
}

/* The host keeps the other CPUs waiting meanwhile. */
static void let_run(const struct vcpu *t)
{
	for (uint64_t i = 0; i < LONG && t->state != VCPU_HALTED; i++) {
		smp_unlock();
		hw_pause();
		smp_lock();
	}
}

/* "No", when it has come to where it waits for the guest. */
static enum attack_deed cpu_refused(const struct attack_event *e)
{
	struct ghcb_call *call = e->what;

	if (!starts_cpu(call) || ap_creation(e->c, call))
		return ATTACK_NOT;
	let_run(machine.vcpu[1]);
	ghcb_malformed(call, GHCB_ERR_INVALID_INPUT);
	return ATTACK_INSTEAD;
}

static uint64_t sealed_page;

static enum attack_deed seal_seen(const struct attack_event *e)
{
	if (!(e->c->gpr[RDX] & RMPADJUST_VMSA))
		return ATTACK_NOT;
	sealed_page = attack_page(e->c, e->c->gpr[RAX]);
	return ATTACK_DONE;
}

static void start(uint64_t page)
{
	struct vcpu *t = machine.vcpu[1];

	vmpl_install(t, 0, page, NULL);
	t->next_vmpl = 0;
	smp_attention(t, ATTENTION_START);
}

/* The save area is ready, the SVSM has not asked yet: its CPU runs. */
static enum attack_deed cpu_early(const struct attack_event *e)
{
	struct vcpu *t = machine.vcpu[1];
	struct rmp_at at = guestmem_at(sealed_page);

	(void)e;
	if (t->live || rmp_vmsa_check(&machine.rmp, at) != RMP_VMSA_OK)
		return ATTACK_NOT;
	start(sealed_page);
	let_run(t);
	return ATTACK_DONE;
}

static enum attack_deed cpu_seen(const struct attack_event *e)
{
	const struct ghcb_call *call = e->what;

	if (!starts_cpu(call))
		return ATTACK_NOT;
	kept = *call;
	return ATTACK_DONE;
}

/* Started as asked, and once more whenever it runs: between two of its runs it
 * may be started again. */
static enum attack_deed cpu_twice(const struct attack_event *e)
{
	struct rmp_at at = guestmem_at(kept.info2);

	if (!machine.vcpu[1]->live ||
	    rmp_vmsa_check(&machine.rmp, at) == RMP_VMSA_OK)
		return ATTACK_NOT;
	if (!ap_creation(e->c, &kept))
		stop_machine(STOP_EMULATOR,
			     "a save area that runs was started");
	return ATTACK_DONE;
}

/* The save area of CPU 1 under the number of CPU 0's guest: a level that is
 * not its own. */
static enum attack_deed other_level(const struct attack_event *e)
{
	struct vcpu *c = e->c;
	struct vcpu_level old = c->level[2];

	if (c->vmpl || !machine.vcpu[1]->level[0].present)
		return ATTACK_NOT;
	c->level[2].vmsa = machine.vcpu[1]->level[0].vmsa;
	c->level[2].vmsa_gpa = machine.vcpu[1]->level[0].vmsa_gpa;
	if (!vmpl_refusal(c, 2))
		stop_machine(STOP_EMULATOR, "VMPL0's state ran as the guest's");
	c->level[2] = old;
	return ATTACK_DONE;
}

/* ---- vCPUs of the guest ---- */

static bool destroys(const struct attack_event *e)
{
	return (((struct ghcb_call *)e->what)->info1 & 0xffff) == AP_DESTROY;
}

/* "It has stopped", and it runs on. */
static enum attack_deed destroy_unheard(const struct attack_event *e)
{
	struct ghcb_call *call = e->what;

	if (!destroys(e))
		return ATTACK_NOT;
	call->out1 = call->out2 = 0;
	return ATTACK_INSTEAD;
}

static enum attack_deed destroy_late(const struct attack_event *e)
{
	struct vcpu *t = machine.vcpu[1];

	(void)e;
	t->level[2].present = false;
	if (t->live && t->vmpl == 2)
		smp_attention(t, ATTENTION_STOP);
	return ATTACK_DONE;
}

static enum attack_deed destroy_seen(const struct attack_event *e)
{
	return destroys(e) ? ATTACK_DONE : ATTACK_NOT;
}

/* A vCPU that the guest deleted: its save area must not run again. Until the
 * SVSM has unsealed it, it may, and DELETE_VCPU fails. */
static enum attack_deed deleted_again(const struct attack_event *e)
{
	struct vcpu *t = machine.vcpu[1];
	struct rmp_at at = guestmem_at(t->level[2].vmsa_gpa);

	(void)e;
	if (t->level[2].present || t->live)
		return ATTACK_NOT;
	if (rmp_vmsa_check(&machine.rmp, at) == RMP_VMSA_OK)
		return ATTACK_NOT;
	t->level[2].present = true;
	if (!vmpl_refusal(t, 2))
		stop_machine(STOP_EMULATOR, "a deleted save area runs");
	t->level[2].present = false;
	return ATTACK_DONE;
}

/* The vCPU that the guest starts never runs. */
static enum attack_deed create_said(const struct attack_event *e)
{
	struct ghcb_call *call = e->what;

	if ((call->info1 & 0xffff) != AP_CREATE)
		return ATTACK_NOT;
	call->out1 = call->out2 = 0;
	return ATTACK_INSTEAD;
}

#define ON(at_, levels_, mark_, kind_, times_, deed_)               \
	{                                                           \
		.at = (at_), .levels = (levels_), .mark = (mark_),  \
		.kind = (kind_), .times = (times_), .deed = (deed_) \
	}
#define CREATION(level_, mark_, times_, deed_) \
	ON(ATTACK_EVENT, level_, mark_, GHCB_NAE_AP_CREATION, times_, deed_)

static const struct attack_scenario list[] = {
	{ "resume-vmpl0",
	  { ON(ATTACK_AFTER, ATTACK_VMPL2, 1, ATTACK_ANY, 0, resume_vmpl0) } },
	{ "resume-vmpl2",
	  { ON(ATTACK_MSR, ATTACK_VMPL2, 1, GHCB_MSR_RUN_VMPL_REQ, 300,
	       not_served) } },
	{ "resume-both",
	  { ON(ATTACK_AFTER, ATTACK_VMPL2, 1, ATTACK_ANY, 0, resume_vmpl0),
	    ON(ATTACK_MSR, ATTACK_VMPL2, 1, GHCB_MSR_RUN_VMPL_REQ, 300,
	       not_served) } },
	{ "run-caller",
	  { ON(ATTACK_AFTER, ATTACK_VMPL0, 1, SVM_EXIT_EXCP(TRAP_UD), 0,
	       run_caller) } },
	{ "halt-ends",
	  { ON(ATTACK_HALT, ATTACK_VMPL0, 0, ATTACK_ANY, 3000, no_halt) } },
	{ "two-processors",
	  { ON(ATTACK_AFTER, ATTACK_VMPL2, 1, ATTACK_ANY, 300, two_cpus) } },
	{ "other-level",
	  { ON(ATTACK_AFTER, ATTACK_VMPL0, 1, ATTACK_ANY, 300, other_level) } },
	{ "cpu-said", { CREATION(ATTACK_VMPL0, 0, 1, cpu_said) } },
	{ "cpu-late",
	  { CREATION(ATTACK_VMPL0, 0, 1, cpu_said),
	    ON(ATTACK_MSR, ATTACK_VMPL0, 1, GHCB_MSR_RUN_VMPL_REQ, 1,
	       cpu_late) } },
	{ "cpu-refused", { CREATION(ATTACK_VMPL0, 0, 1, cpu_refused) } },
	{ "cpu-early",
	  { ON(ATTACK_INSN, ATTACK_VMPL0, 0, INSN_RMPADJUST, 1, seal_seen),
	    ON(ATTACK_AFTER, ATTACK_VMPL0, 0, ATTACK_ANY, 1, cpu_early) } },
	{ "cpu-twice",
	  { ON(ATTACK_ANSWERED, ATTACK_VMPL0, 0, GHCB_NAE_AP_CREATION, 1,
	       cpu_seen),
	    ON(ATTACK_MSR, ATTACK_VMPL0, 1, GHCB_MSR_RUN_VMPL_REQ, 20,
	       cpu_twice) } },
	{ "destroy-late",
	  { CREATION(ATTACK_VMPL2, 1, 1, destroy_unheard),
	    { .at = ATTACK_MSR,
	      .levels = ATTACK_VMPL2,
	      .mark = 1,
	      .kind = GHCB_MSR_RUN_VMPL_REQ,
	      .first = 3,
	      .times = 1,
	      .deed = destroy_late } } },
	{ "deleted-again",
	  { ON(ATTACK_ANSWERED, ATTACK_VMPL2, 1, GHCB_NAE_AP_CREATION, 1,
	       destroy_seen),
	    ON(ATTACK_AFTER, ATTACK_BOTH, 1, ATTACK_ANY, 100, deleted_again) } },
	{ "create-said", { CREATION(ATTACK_VMPL2, 1, 1, create_said) } },
};

const struct attack_family attack_levels = { list,
					     sizeof(list) / sizeof(list[0]) };
