/* SPDX-License-Identifier: MIT */
/* The loop: attention, VMRUN, exit. */
#include "emu/vcpu.h"

#include "abi/x86/cr.h"
#include "emu/attack/attack.h"
#include "emu/exit.h"
#include "emu/ghcb_msr.h"
#include "emu/inject.h"
#include "emu/mm.h"
#include "emu/run.h"
#include "emu/shootdown.h"
#include "emu/smp.h"
#include "emu/timer.h"
#include "emu/vmcb.h"
#include "emu/vmpl.h"
#include "hw/svm.h"

/* VMCB 05Ch: 1 flushes everything. */
#define TLB_FLUSH_ALL 1u

struct vcpu *vcpu_create(uint32_t index)
{
	uint64_t pages = (sizeof(struct vcpu) + PAGE_4K - 1) / PAGE_4K;
	struct vcpu *c = mm_pages(pages);

	c->index = index;
	c->vmcb = mm_page();
	c->vmcb_pa = mm_pa(c->vmcb);
	for (unsigned i = 0; i < MACHINE_VMPLS; i++) {
		c->level[i].ghcb_msr = GHCB_MSR_AT_RESET;
		c->level[i].ghcb_gpa = ~0ull;
		c->level[i].doorbell_gpa = ~0ull;
	}
	lapic_reset(&c->lapic);
	vmcb_init(c);
	machine.vcpu[index] = c;
	return c;
}

/* TCG flushes at each VMRUN; hardware only when told to. */
static void prepare_flush(struct vcpu *c)
{
	uint64_t now = shootdown_count();

	c->vmcb->tlb_control = c->flushed == now ? 0 : TLB_FLUSH_ALL;
	c->flushed = now;
}

static void meter(struct vcpu *c)
{
	uint64_t code = c->vmcb->exit_code;
	bool again = code == SVM_EXIT_NPF || code == SVM_EXIT_NMI ||
		     code == SVM_EXIT_VINTR;
	uint64_t ticks = c->tsc_exit - c->tsc_enter;

	c->instructions[c->vmpl] +=
		ticks - (again ? RUN_OVERHEAD_AGAIN : RUN_OVERHEAD);
}

static void run_once(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;

	(void)attack_on(ATTACK_ENTER, c, v->save.ss.attr >> 5 & 3u, NULL);
	prepare_flush(c);
	vmcb_hold_interrupts(c);
	if (c->load)
		hw_vmload(c->vmcb_pa);
	c->load = false;
	c->saved = false;
	atomic_store(&c->in_guest, 1);
	smp_unlock();
	run_guest(c);
	atomic_store(&c->in_guest, 0);
	smp_lock();
	c->exits++;
	meter(c);
	v->event_inj = 0;
	v->save.rflags = (v->save.rflags & RFLAGS_DEFINED) | RFLAGS_ONE;
	if (v->exit_int_info & EVENT_VALID)
		inject_redo(c);
	timer_exit(c);
}

static void dispatch(struct vcpu *c)
{
	uint64_t code = c->vmcb->exit_code;

	if (!attack_on(ATTACK_EXIT, c, code, NULL))
		exit_dispatch(c);
	(void)attack_on(ATTACK_AFTER, c, code, NULL);
}

void vcpu_run(struct vcpu *c)
{
	smp_lock();
	for (;;) {
		if (!c->attention)
			timer_look(c);
		if (c->attention) {
			if (c->state == VCPU_HALTED)
				c->state = VCPU_RUNNING;
			vmpl_attention(c);
		} else if (c->state != VCPU_RUNNING) {
			smp_idle(c);
		} else {
			run_once(c);
			dispatch(c);
		}
	}
}
