/* SPDX-License-Identifier: MIT */
/* Paging off means all RAM is private: another root of nested tables. */
#include "emu/cr.h"

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "emu/flushes.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/npt.h"
#include "emu/pcid.h"
#include "emu/stop.h"
#include "emu/vmcb.h"
#include "lib/insn/insn.h"

#define EFER_KNOWN                                                          \
	((uint64_t)(EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE | EFER_SVME | \
		    (1u << 13) | (1u << 14)))

void cr_mode_changed(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;

	c->unpaged = !(v->save.cr0 & CR0_PG);
	v->intercept_cr = c->unpaged ? INTERCEPT_CR_WRITE(0) : 0;
	flushes_enter_level(c);
	pcid_enter_level(c);
	v->n_cr3 = npt_root(c->vmpl, c->unpaged);
	/* Each view has its own tag, should the machine keep tagged entries. */
	v->asid = 1 + c->vmpl + (c->unpaged ? MACHINE_VMPLS : 0);
}

enum insn_mode cr_code_mode(const struct vcpu *c)
{
	const struct vmcb_save *s = &c->vmcb->save;

	if (s->efer & EFER_LMA && s->cs.attr & SEG_L)
		return INSN_64;
	return s->cs.attr & SEG_DB ? INSN_32 : INSN_16;
}

bool cr_decode(struct vcpu *c, struct insn *out)
{
	uint8_t code[INSN_MAX];
	size_t n = guestmem_fetch(c, code, sizeof(code));

	return insn_decode(code, n, cr_code_mode(c), out) == INSN_OK;
}

/* #GP rules of MOV CR0, APM vol 2, 3.1.1. */
static bool cr0_legal(const struct vmcb_save *s, uint64_t value)
{
	if (value >> 32)
		return false;
	if ((value & CR0_PG) && !(value & CR0_PE))
		return false;
	if ((value & CR0_NW) && !(value & CR0_CD))
		return false;
	return !(value & CR0_PG) || !(s->efer & EFER_LME) ||
	       ((s->cr4 & CR4_PAE) && !(s->cs.attr & SEG_L));
}

static void cr0_set(struct vcpu *c, uint64_t value)
{
	struct vmcb_save *s = &c->vmcb->save;

	s->cr0 = value | CR0_ET;
	if ((value & CR0_PG) && (s->efer & EFER_LME))
		s->efer |= EFER_LMA;
	cr_mode_changed(c);
}

void cr_exit_cr0_write(struct vcpu *c)
{
	struct vmcb_save *s = &c->vmcb->save;
	struct insn insn;
	uint64_t value;

	if (!cr_decode(c, &insn))
		stop_guest(c, STOP_EMULATOR, "cannot decode a write to CR0");
	switch (insn.class) {
	case INSN_MOV_TO_CR:
		value = (uint32_t)c->gpr[insn.rm];
		break;
	case INSN_CLTS:
		value = s->cr0 & ~(uint64_t)CR0_TS;
		break;
	case INSN_LMSW:
		if (insn.mem_count)
			stop_guest(c, STOP_EMULATOR, "LMSW from memory");
		/* LMSW can set PE but never clear it. */
		value = (s->cr0 & ~0xeull) | (c->gpr[insn.rm] & 0xf);
		break;
	default:
		stop_guest(c, STOP_EMULATOR, "unknown write to CR0");
	}
	if (!cr0_legal(s, value)) {
		inject_gp(c);
		return;
	}
	s->rip += insn.length;
	cr0_set(c, value);
}

uint64_t cr_efer_read(const struct vcpu *c)
{
	return c->vmcb->save.efer;
}

bool cr_efer_write(struct vcpu *c, uint64_t value)
{
	struct vmcb_save *s = &c->vmcb->save;

	if (value & ~EFER_KNOWN)
		return false;
	if ((s->cr0 & CR0_PG) && ((value ^ s->efer) & EFER_LME))
		return false;
	s->efer = (value & ~(uint64_t)EFER_LMA) | (s->efer & EFER_LMA) |
		  EFER_SVME;
	return true;
}
