/* SPDX-License-Identifier: MIT */
/* What the exits carry out is little: VMRUN flushes anyway. */
#include "emu/flushes.h"

#include "emu/cr.h"
#include "emu/stop.h"
#include "lib/insn/insn.h"

void flushes_enter_level(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;

	v->intercepts &= ~INTERCEPT(SVM_EXIT_INVLPG);
	v->intercept_cr &= ~INTERCEPT_CR_WRITE(3);
	if (!machine.options.count_flushes || c->vmpl)
		return;
	v->intercepts |= INTERCEPT(SVM_EXIT_INVLPG);
	v->intercept_cr |= INTERCEPT_CR_WRITE(3);
}

void flushes_note(struct vcpu *c, unsigned kind)
{
	if (c->vmpl == 0)
		c->flushes[kind]++;
}

void flushes_exit_invlpg(struct vcpu *c)
{
	struct insn insn;

	if (!cr_decode(c, &insn) || insn.class != INSN_INVLPG)
		stop_guest(c, STOP_EMULATOR, "cannot decode a flush");
	flushes_note(c, GHCB_MSR_FLUSHES_INVLPG);
	c->vmcb->save.rip += insn.length;
}

uint64_t flushes_answer(const struct vcpu *c, uint64_t msr)
{
	uint64_t kind = msr >> GHCB_MSR_FLUSHES_SHIFT & 0xff;

	if (!machine.options.count_flushes || kind >= GHCB_MSR_FLUSHES_KINDS)
		return msr;
	return c->flushes[kind] << 12 | GHCB_MSR_FLUSHES_RESP;
}
