/* SPDX-License-Identifier: MIT */
/* The processor saves and restores in the standard form, from our buffer. */
#include "emu/xsave.h"

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/paging.h"
#include "emu/cpuid.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/vmcb.h"
#include "hw/cpu.h"
#include "hw/fpu.h"
#include "lib/str.h"

#define OPCODE_XSAVEC 0x0fc7u /* /4 */
#define OPCODE_XRSTOR 0x0faeu /* /5 */
#define XSAVE_ALIGN   64u
#define LEGACY_SIZE   416u /* behind it the guest's own bytes, not ours */
#define HEADER_AT     512u
#define HEADER_SIZE   64u
#define AVX_AT	      576u
#define AVX_SIZE      256u
#define AREA_SIZE     (AVX_AT + AVX_SIZE)
#define COMPACTED     (1ull << 63)
#define COMPONENTS    (XCR0_X87 | XCR0_SSE | XCR0_AVX)
#define MXCSR_AT      24u
#define MXCSR_INIT    0x1f80u
#define MXCSR_LEGAL   0xffffu

struct header {
	uint64_t xstate_bv, xcomp_bv, reserved[6];
};
ABI_SIZE(struct header, HEADER_SIZE);

struct operands {
	uint64_t va;
	uint64_t rfbm; /* what is asked for and enabled */
};

static bool in_user_mode(const struct vcpu *c)
{
	return (c->vmcb->save.ss.attr >> 5 & 3u) == 3;
}

/* False: an exception is on its way. */
static bool operands(struct vcpu *c, const struct insn *insn,
		     struct operands *o)
{
	const struct vmcb_save *s;
	struct insn_regs regs = { .stack_size = 8 };

	vmcb_pull(c); /* FS and GS */
	s = &c->vmcb->save;
	memcpy(regs.gpr, c->gpr, sizeof(regs.gpr));
	regs.rip = s->rip;
	regs.seg_base[INSN_FS] = s->fs.base;
	regs.seg_base[INSN_GS] = s->gs.base;
	o->va = insn_linear(insn, 0, &regs);
	o->rfbm = ((c->gpr[RAX] & 0xffffffff) | c->gpr[RDX] << 32) &
		  hw_xgetbv(0) & COMPONENTS;
	if (addr_aligned(o->va, XSAVE_ALIGN))
		return true;
	inject_gp(c);
	return false;
}

static void page_fault(struct vcpu *c, uint64_t va, bool write)
{
	inject_pf(c, va, (write ? PF_W : 0) | (in_user_mode(c) ? PF_U : 0));
}

/* With the rights of who runs: ring 3 must not reach the kernel's pages by way
 * of us. False: a page fault is on its way. */
static bool may(struct vcpu *c, uint64_t va, size_t size, bool write)
{
	uint32_t access = (write ? GUESTMEM_WRITE : 0) |
			  (in_user_mode(c) ? GUESTMEM_USER : 0);
	uint64_t end = va + size, gpa;
	uint32_t error;

	for (; va < end; va = addr_down(va, PAGE_4K) + PAGE_4K) {
		if (guestmem_walk(c, va, access, &gpa, &error) !=
		    GUESTMEM_NOT_MAPPED)
			continue;
		inject_pf(c, va, error);
		return false;
	}
	return true;
}

static bool store(struct vcpu *c, const struct operands *o, const uint8_t *area)
{
	uint64_t fault = o->va;
	size_t rest = HEADER_SIZE + (o->rfbm & XCR0_AVX ? AVX_SIZE : 0);

	if (!may(c, o->va, HEADER_AT + rest, true))
		return false;
	if (guestmem_write(c, o->va, area, LEGACY_SIZE, &fault) ==
		    GUESTMEM_OK &&
	    guestmem_write(c, o->va + HEADER_AT, area + HEADER_AT, rest,
			   &fault) == GUESTMEM_OK)
		return true;
	page_fault(c, fault, true);
	return false;
}

static bool is_group(const struct insn *insn, uint16_t opcode, uint8_t reg)
{
	return insn->opcode == opcode && (insn->reg & 7) == reg &&
	       insn->mem_count && !insn->rep && !insn->repne;
}

bool xsave_exit_ud(struct vcpu *c, const struct insn *insn)
{
	static uint8_t area[AREA_SIZE] __attribute__((aligned(64)));
	struct header *header = (void *)(area + HEADER_AT);
	struct operands o;

	if (!cpuid_shows_xsave() || !is_group(insn, OPCODE_XSAVEC, 4) ||
	    !(c->vmcb->save.cr4 & CR4_OSXSAVE))
		return false;
	if (!operands(c, insn, &o))
		return true;
	memset(area, 0, sizeof(area));
	hw_xsave(area, o.rfbm);
	header->xstate_bv &= o.rfbm;
	header->xcomp_bv = o.rfbm | COMPACTED;
	if (store(c, &o, area))
		c->vmcb->save.rip += insn->length;
	return true;
}

/* The rules of the compacted form, APM vol 2, 11.5. */
static bool header_legal(const struct header *h)
{
	static const uint64_t zero[6];
	/* Anything beyond would fault in our own XRSTOR. */
	uint64_t enabled = hw_xgetbv(0) & COMPONENTS;

	return (h->xcomp_bv & COMPACTED) &&
	       !(h->xcomp_bv & ~(COMPACTED | enabled)) &&
	       !(h->xstate_bv & ~h->xcomp_bv) &&
	       memcmp(h->reserved, zero, sizeof(zero)) == 0;
}

/* 0: done, 1: #GP it is, 2: a page fault is on its way. */
static int restore(struct vcpu *c, const struct operands *o)
{
	static uint8_t area[AREA_SIZE] __attribute__((aligned(64)));
	struct header *header = (void *)(area + HEADER_AT);
	uint32_t mxcsr = MXCSR_INIT;
	uint64_t fault = o->va;
	size_t size = AVX_AT;

	if (o->rfbm & XCR0_AVX)
		size = AREA_SIZE;
	if (!may(c, o->va, size, false))
		return 2;
	if (guestmem_read(c, o->va, area, size, &fault) != GUESTMEM_OK) {
		page_fault(c, fault, false);
		return 2;
	}
	if (!header_legal(header))
		return 1;
	header->xcomp_bv = 0;
	/* The standard form would take MXCSR from memory all the same. */
	if (!(header->xstate_bv & XCR0_SSE))
		memcpy(area + MXCSR_AT, &mxcsr, sizeof(mxcsr));
	memcpy(&mxcsr, area + MXCSR_AT, sizeof(mxcsr));
	if (mxcsr & ~MXCSR_LEGAL)
		return 1;
	hw_xrstor(area, o->rfbm);
	return 0;
}

static void gp_to_guest(struct vcpu *c)
{
	c->vmcb->event_inj = TRAP_GP | EVENT_TYPE_EXCEPTION | EVENT_HAS_ERROR |
			     EVENT_VALID |
			     c->vmcb->exit_info1 << EVENT_ERROR_SHIFT;
}

void xsave_exit_gp(struct vcpu *c)
{
	const struct vmcb_save *s = &c->vmcb->save;
	uint8_t code[INSN_MAX];
	struct operands o;
	struct insn insn;

	if (!(s->cs.attr & SEG_L) || !(s->cr4 & CR4_OSXSAVE) ||
	    insn_decode(code, guestmem_fetch(c, code, sizeof(code)), INSN_64,
			&insn) != INSN_OK ||
	    !is_group(&insn, OPCODE_XRSTOR, 5)) {
		gp_to_guest(c);
		return;
	}
	if (!operands(c, &insn, &o))
		return;
	switch (restore(c, &o)) {
	case 0:
		c->vmcb->save.rip += insn.length;
		break;
	case 1:
		gp_to_guest(c);
		break;
	default:
		break;
	}
}
