/* SPDX-License-Identifier: MIT */
/* Decode, check as the processor would, ask the model, refresh the tables. */
#include "emu/insn.h"

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "emu/attack/attack.h"
#include "emu/flushes.h"
#include "emu/ghcb.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/npt.h"
#include "emu/shootdown.h"
#include "emu/stop.h"
#include "emu/xsave.h"
#include "lib/insn/insn.h"

#define PAGES_2M 512u

struct operand {
	uint64_t va, gpa;
	uint64_t pages;
	const char *name;
};

static unsigned cpl_of(const struct vcpu *c)
{
	return c->vmcb->save.ss.attr >> 5 & 3u;
}

/* RAX to a private page of RAM. False: an exception is on its way. */
static bool operand(struct vcpu *c, struct operand *o, bool large)
{
	uint32_t error;

	o->pages = large ? PAGES_2M : 1;
	o->va = c->gpr[RAX];
	if (large && !addr_aligned(o->va, PAGE_2M)) {
		inject_gp(c);
		return false;
	}
	o->va = addr_down(o->va, PAGE_4K);
	switch (guestmem_walk(c, o->va, 0, &o->gpa, &error)) {
	case GUESTMEM_OK:
		return true;
	case GUESTMEM_NOT_MAPPED:
		inject_pf(c, o->va, error);
		return false;
	default:
		stop_guest(c, STOP_VIOLATION,
			   "%s at RIP %lx: page tables outside of RAM", o->name,
			   (unsigned long)c->vmcb->save.rip);
	}
}

/* False: no result; the guest got an exception or ended. */
static bool outcome(struct vcpu *c, const struct operand *o,
		    const struct rmp_result *r)
{
	switch (r->kind) {
	case RMP_DONE:
		return true;
	case RMP_GP:
		inject_gp(c);
		return false;
	case RMP_VC:
		inject_vc_not_validated(c, o->va);
		return false;
	default:
		stop_guest(c, STOP_VIOLATION,
			   "violation: %s of GPA %lx by VMPL%u at RIP %lx: %s",
			   o->name, (unsigned long)(o->gpa & ~CBIT), c->vmpl,
			   (unsigned long)c->vmcb->save.rip,
			   rmp_verdict_words(r->verdict));
	}
}

static void finish(struct vcpu *c, const struct insn *insn,
		   const struct rmp_result *r)
{
	struct vmcb_save *s = &c->vmcb->save;

	c->gpr[RAX] = r->eax;
	s->rflags = rmp_flags(s->rflags, r);
	s->rip += insn->length;
}

static struct rmp_result fail_input(void)
{
	return (struct rmp_result){ .kind = RMP_DONE, .eax = SNP_FAIL_INPUT };
}

static void pvalidate(struct vcpu *c, const struct insn *insn)
{
	struct operand o = { .name = "PVALIDATE" };
	uint64_t size = (uint32_t)c->gpr[RCX];
	bool validate = c->gpr[RDX] & 1;
	struct rmp_result r = fail_input();

	if (!operand(c, &o, size & 1))
		return;
	if (o.gpa & CBIT)
		r = rmp_pvalidate(&machine.rmp, c->vmpl,
				  guestmem_at(o.gpa & ~CBIT), size, validate);
	if (!outcome(c, &o, &r))
		return;
	finish(c, insn, &r);
	if (r.eax != SNP_SUCCESS || r.carry)
		return;
	npt_update(o.gpa & ~CBIT, o.pages);
	if (!validate)
		shootdown_narrowed(c);
}

/* Everything RMPADJUST may change, in one word. */
static uint32_t rights_of(uint64_t gpa)
{
	const struct rmp_entry *e = rmp_look(&machine.rmp, guestmem_frame(gpa));

	return e ? e->bits : 0;
}

static void rmpadjust(struct vcpu *c, const struct insn *insn)
{
	struct operand o = { .name = "RMPADJUST" };
	uint64_t size = c->gpr[RCX], gpa;
	struct rmp_result r = fail_input();
	uint32_t before = 0, after = 0;

	if (!operand(c, &o, size & 1))
		return;
	gpa = o.gpa & ~CBIT;
	for (uint64_t i = 0; i < o.pages; i++)
		before |= rights_of(gpa + i * PAGE_4K);
	if (o.gpa & CBIT)
		r = rmp_rmpadjust(&machine.rmp, c->vmpl, guestmem_at(gpa), size,
				  c->gpr[RDX]);
	if (!outcome(c, &o, &r))
		return;
	finish(c, insn, &r);
	if (r.eax != SNP_SUCCESS)
		return;
	after = rights_of(gpa);
	npt_update(gpa, o.pages);
	if ((before & ~after) || ((before ^ after) & RMP_VMSA))
		shootdown_narrowed(c);
}

static void rmpquery(struct vcpu *c, const struct insn *insn)
{
	struct operand o = { .name = "RMPQUERY" };
	struct rmp_result r = fail_input();

	if (!operand(c, &o, false))
		return;
	if (o.gpa & CBIT)
		r = rmp_rmpquery(&machine.rmp, c->vmpl,
				 guestmem_at(o.gpa & ~CBIT), c->gpr[RDX]);
	if (!outcome(c, &o, &r))
		return;
	if (r.eax == SNP_SUCCESS) {
		c->gpr[RDX] = r.attributes;
		c->gpr[RCX] = r.page_size;
	}
	finish(c, insn, &r);
}

/* Carried out by TLBSYNC: until then, other processors may be late. */
static void invlpgb(struct vcpu *c, const struct insn *insn)
{
	enum vcpu_flush named = c->gpr[RAX] & INVLPGB_VA ? VCPU_FLUSH_RANGE
							 : VCPU_FLUSH_ALL;

	flushes_note(c, GHCB_MSR_FLUSHES_INVLPGB);
	if (c->flush_pending < named)
		c->flush_pending = named;
	c->vmcb->save.rip += insn->length;
}

/* Translations die at the next VMRUN: driving all out is what both mean. */
static void tlbsync(struct vcpu *c, const struct insn *insn)
{
	c->vmcb->save.rip += insn->length;
	flushes_note(c, GHCB_MSR_FLUSHES_TLBSYNC);
	shootdown_named(c, c->flush_pending);
	c->flush_pending = VCPU_FLUSH_NONE;
}

static bool is_ours(enum insn_class class)
{
	return class == INSN_PVALIDATE || class == INSN_RMPADJUST ||
	       class == INSN_RMPQUERY || class == INSN_INVLPGB ||
	       class == INSN_TLBSYNC;
}

static void carry_out(struct vcpu *c, const struct insn *insn)
{
	(void)attack_on(ATTACK_INSN, c, insn->class, NULL);
	switch (insn->class) {
	case INSN_PVALIDATE:
		pvalidate(c, insn);
		break;
	case INSN_RMPADJUST:
		rmpadjust(c, insn);
		break;
	case INSN_RMPQUERY:
		rmpquery(c, insn);
		break;
	case INSN_INVLPGB:
		invlpgb(c, insn);
		break;
	default:
		tlbsync(c, insn);
		break;
	}
}

void insn_exit_ud(struct vcpu *c)
{
	const struct vmcb_save *s = &c->vmcb->save;
	uint8_t code[INSN_MAX];
	struct insn insn;
	size_t n;

	if (!(s->cs.attr & SEG_L)) {
		inject_ud(c);
		return;
	}
	n = guestmem_fetch(c, code, sizeof(code));
	if (insn_decode(code, n, INSN_64, &insn) != INSN_OK) {
		inject_ud(c);
		return;
	}
	if (!is_ours(insn.class)) {
		if (!xsave_exit_ud(c, &insn))
			inject_ud(c);
		return;
	}
	if (cpl_of(c) != 0) {
		inject_gp(c);
		return;
	}
	carry_out(c, &insn);
}

/* VMGEXIT has exactly this form wherever compilers make it. */
static bool at_vmgexit(struct vcpu *c)
{
	uint8_t code[VMGEXIT_LENGTH];

	return guestmem_fetch(c, code, sizeof(code)) == sizeof(code) &&
	       (code[0] == 0xf3 || code[0] == 0xf2) && code[1] == 0x0f &&
	       code[2] == 0x01 && code[3] == 0xd9;
}

void insn_exit_vmmcall(struct vcpu *c)
{
	if (!at_vmgexit(c)) {
		inject_vc(c, SVM_EXIT_VMMCALL);
		return;
	}
	c->vmcb->save.rip += VMGEXIT_LENGTH;
	ghcb_exit(c);
}

void insn_after_ghcb_msr(struct vcpu *c)
{
	if (c->attention || !inject_is_free(c) ||
	    (c->vmcb->save.rflags & RFLAGS_TF) || !at_vmgexit(c))
		return;
	c->instructions[c->vmpl]++;
	c->vmcb->save.rip += VMGEXIT_LENGTH;
	ghcb_exit(c);
}
