/* SPDX-License-Identifier: MIT */
/* Candidates are cheap and each is verified, so that their order is free. */
#include "emu/gva.h"

#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "emu/cr.h"
#include "emu/guestmem.h"
#include "emu/vmcb.h"
#include "lib/insn/insn.h"
#include "lib/str.h"

#define STACK_REACH 64u

struct target {
	struct vcpu *c;
	uint64_t gpa;
	uint64_t *va;
};

static bool leads_there(const struct target *t, uint64_t va)
{
	uint64_t gpa;
	uint32_t error;

	if (guestmem_walk(t->c, va, 0, &gpa, &error) != GUESTMEM_OK)
		return false;
	if (gpa >> PAGE_SHIFT_4K != t->gpa >> PAGE_SHIFT_4K)
		return false;
	*t->va = addr_down(va, PAGE_4K) | (t->gpa & (PAGE_4K - 1));
	return true;
}

/* Both ends: the page may be reached by one of them only. */
static bool touches(const struct target *t, uint64_t va, uint64_t size)
{
	if (leads_there(t, va))
		return true;
	return size > 1 && leads_there(t, va + size - 1);
}

static void regs_of(struct vcpu *c, struct insn_regs *r)
{
	const struct vmcb_save *s = &c->vmcb->save;
	const struct vmsa_seg *seg[6] = { &s->es, &s->cs, &s->ss,
					  &s->ds, &s->fs, &s->gs };

	vmcb_pull(c);
	memcpy(r->gpr, c->gpr, sizeof(r->gpr));
	r->rip = s->rip;
	for (unsigned i = 0; i < 6; i++)
		r->seg_base[i] = seg[i]->base;
	r->stack_size = s->ss.attr & SEG_DB ? 4 : 2;
}

static bool by_operands(const struct target *t)
{
	struct insn_regs regs;
	struct insn insn;

	if (!cr_decode(t->c, &insn))
		return false;
	regs_of(t->c, &regs);
	for (unsigned i = 0; i < insn.mem_count; i++)
		if (touches(t, insn_linear(&insn, i, &regs),
			    insn.mem[i].size ? insn.mem[i].size : PAGE_4K / 2))
			return true;
	return false;
}

/* Event delivery, far control transfers and descriptor loads. */
static bool by_tables(const struct target *t)
{
	const struct vmcb_save *s = &t->c->vmcb->save;
	const struct vmsa_seg *table[4] = { &s->gdtr, &s->idtr, &s->ldtr,
					    &s->tr };

	vmcb_pull(t->c);
	for (unsigned i = 0; i < 4; i++)
		if (touches(t, table[i]->base, table[i]->limit + 1ull))
			return true;
	return touches(t, s->ss.base + t->c->gpr[RSP] - STACK_REACH,
		       2 * STACK_REACH);
}

/* Operands the decoder does not know: registers as they are. */
static bool by_registers(const struct target *t)
{
	for (unsigned i = 0; i < 16; i++)
		if (leads_there(t, t->c->gpr[i]))
			return true;
	return false;
}

bool gva_find(struct vcpu *c, uint64_t gpa, bool fetch, uint64_t *va)
{
	struct target t = { c, gpa, va };
	const struct vmcb_save *s = &c->vmcb->save;
	uint64_t rip = s->rip + (s->cs.attr & SEG_L ? 0 : s->cs.base);

	if (fetch && touches(&t, rip, INSN_MAX))
		return true;
	return by_operands(&t) || by_tables(&t) || by_registers(&t);
}
