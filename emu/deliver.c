/* SPDX-License-Identifier: MIT */
/* Decode gate, segment and stack first; only then write and change anything. */
#include "emu/deliver.h"

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "emu/guestmem.h"
#include "emu/vmcb.h"

#define GATE_P		    0x80u
#define GATE_KIND	    0x1fu
#define GATE_KIND_INTERRUPT 0x0eu
#define GATE_KIND_TRAP	    0x0fu
#define SELECTOR_LDT	    4u
#define SELECTOR_INDEX	    0xfff8u
#define SEG_P		    (1u << 7)
#define SEG_CODE	    (3u << 3) /* S and the code bit of the type */
#define SEG_CONFORMING	    (1u << 2)
#define TSS_RSP		    4u
#define TSS_IST		    0x24u
#define TSS32_ESP	    4u
#define CLEARED		    (RFLAGS_TF | RFLAGS_NT | RFLAGS_RF | RFLAGS_VM)

struct delivery {
	struct vcpu *c;
	struct vmcb_save *s;
	unsigned old_cpl, cpl;
	unsigned ist;
	bool interrupt_gate;
	uint64_t rip;
	struct vmsa_seg cs, ss;
	uint64_t sp;
};

static bool read_va(struct delivery *d, uint64_t va, void *to, size_t size)
{
	return guestmem_read(d->c, va, to, size, NULL) == GUESTMEM_OK;
}

static unsigned dpl_of(const struct vmsa_seg *s)
{
	return s->attr >> 5 & 3u;
}

/* A descriptor of the GDT or LDT in the form the VMCB has. */
static const char *load_segment(struct delivery *d, uint16_t selector,
				struct vmsa_seg *out)
{
	const struct vmsa_seg *table = &d->s->gdtr;
	uint16_t at = selector & SELECTOR_INDEX;
	uint64_t raw;

	if (selector & SELECTOR_LDT)
		table = &d->s->ldtr;
	if (!(selector & ~3u))
		return "the selector is null";
	if (at + 7u > table->limit ||
	    !read_va(d, table->base + at, &raw, sizeof(raw)))
		return "the descriptor cannot be read";
	out->selector = selector;
	out->attr = (uint16_t)((raw >> 40 & 0xff) | (raw >> 44 & 0xf00));
	out->limit = (uint32_t)((raw & 0xffff) | (raw >> 32 & 0xf0000));
	if (raw >> 55 & 1)
		out->limit = out->limit << 12 | 0xfff;
	out->base = (raw >> 16 & 0xffffff) | (raw >> 32 & 0xff000000);
	return out->attr & SEG_P ? NULL : "the segment is not present";
}

/* The handler's code segment decides the new CPL. */
static const char *load_code(struct delivery *d, uint16_t selector)
{
	const char *why = load_segment(d, selector, &d->cs);

	if (why)
		return why;
	if ((d->cs.attr & SEG_CODE) != SEG_CODE)
		return "the handler's segment holds no code";
	d->cpl = d->cs.attr & SEG_CONFORMING ? d->old_cpl : dpl_of(&d->cs);
	if (d->cpl > d->old_cpl)
		return "the handler has less privilege";
	d->cs.selector = (uint16_t)((selector & ~3u) | d->cpl);
	return NULL;
}

static const char *check_gate(struct delivery *d, unsigned type)
{
	if (!(type & GATE_P))
		return "the gate is not present";
	if ((type & GATE_KIND) == GATE_KIND_INTERRUPT)
		d->interrupt_gate = true;
	else if ((type & GATE_KIND) != GATE_KIND_TRAP)
		return "the gate is neither interrupt nor trap gate";
	return NULL;
}

static const char *gate_64(struct delivery *d, unsigned vector)
{
	struct idt_gate g;
	const char *why;

	if (vector * sizeof(g) + sizeof(g) - 1 > d->s->idtr.limit)
		return "the IDT is too short";
	if (!read_va(d, d->s->idtr.base + vector * sizeof(g), &g, sizeof(g)))
		return "the IDT cannot be read";
	why = check_gate(d, g.type);
	if (why)
		return why;
	d->ist = g.ist & 7;
	d->rip = g.offset_low | (uint64_t)g.offset_mid << 16 |
		 (uint64_t)g.offset_high << 32;
	return load_code(d, g.selector);
}

static const char *stack_64(struct delivery *d)
{
	uint64_t at;

	d->sp = d->c->gpr[RSP];
	d->ss = d->s->ss;
	if (d->cpl < d->old_cpl)
		d->ss = (struct vmsa_seg){ (uint16_t)d->cpl,
					   (uint16_t)(SEG_DATA32 | d->cpl << 5),
					   ~0u, 0 };
	if (d->ist)
		at = TSS_IST + 8ull * (d->ist - 1);
	else if (d->cpl < d->old_cpl)
		at = TSS_RSP + 8ull * d->cpl;
	else
		at = 0;
	if (at && (at + 7 > d->s->tr.limit ||
		   !read_va(d, d->s->tr.base + at, &d->sp, sizeof(d->sp))))
		return "the TSS cannot be read";
	d->sp &= ~15ull;
	return NULL;
}

/* The new state, once the frame is written. */
static void take_over(struct delivery *d)
{
	struct vmcb_save *s = d->s;

	s->cs = d->cs;
	s->ss = d->ss;
	s->cpl = (uint8_t)d->cpl;
	s->rip = d->rip;
	d->c->gpr[RSP] = d->sp;
	s->rflags &= ~(uint64_t)CLEARED;
	if (d->interrupt_gate)
		s->rflags &= ~(uint64_t)RFLAGS_IF;
	d->c->vmcb->int_state = 0;
}

static const char *deliver_long(struct delivery *d, unsigned vector,
				bool has_error, uint32_t error)
{
	const struct vmcb_save *s = d->s;
	uint64_t frame[6] = { error,	 s->rip,	 s->cs.selector,
			      s->rflags, d->c->gpr[RSP], s->ss.selector };
	unsigned skip = has_error ? 0 : 1;
	const char *why = gate_64(d, vector);

	if (!why)
		why = stack_64(d);
	if (why)
		return why;
	d->sp -= sizeof(frame) - skip * sizeof(frame[0]);
	if (guestmem_write(d->c, d->sp, frame + skip,
			   sizeof(frame) - skip * sizeof(frame[0]),
			   NULL) != GUESTMEM_OK)
		return "the stack cannot be written";
	take_over(d);
	return NULL;
}

static const char *gate_32(struct delivery *d, unsigned vector)
{
	const char *why;
	uint64_t g;

	if (vector * sizeof(g) + sizeof(g) - 1 > d->s->idtr.limit)
		return "the IDT is too short";
	if (!read_va(d, d->s->idtr.base + vector * sizeof(g), &g, sizeof(g)))
		return "the IDT cannot be read";
	why = check_gate(d, (unsigned)(g >> 40 & 0xff));
	if (why)
		return why;
	d->rip = (g & 0xffff) | (g >> 32 & 0xffff0000);
	return load_code(d, (uint16_t)(g >> 16));
}

static const char *stack_32(struct delivery *d)
{
	struct {
		uint32_t esp;
		uint16_t ss;
	} top;

	d->sp = (uint32_t)d->c->gpr[RSP];
	d->ss = d->s->ss;
	if (d->cpl == d->old_cpl)
		return NULL;
	if (!read_va(d, d->s->tr.base + TSS32_ESP + 8ull * d->cpl, &top, 6))
		return "the TSS cannot be read";
	d->sp = top.esp;
	return load_segment(d, top.ss, &d->ss);
}

static const char *deliver_32(struct delivery *d, unsigned vector,
			      bool has_error, uint32_t error)
{
	const struct vmcb_save *s = d->s;
	uint32_t frame[6] = { error,
			      (uint32_t)s->rip,
			      s->cs.selector,
			      (uint32_t)s->rflags,
			      (uint32_t)d->c->gpr[RSP],
			      s->ss.selector };
	unsigned skip = has_error ? 0 : 1, words;
	const char *why = gate_32(d, vector);

	if (!why)
		why = stack_32(d);
	if (why)
		return why;
	words = (d->cpl < d->old_cpl ? 6u : 4u) - skip;
	d->sp = (uint32_t)(d->sp - 4 * words);
	if (guestmem_write(d->c, (uint32_t)(d->ss.base + d->sp), frame + skip,
			   4 * words, NULL) != GUESTMEM_OK)
		return "the stack cannot be written";
	take_over(d);
	return NULL;
}

/* Real mode has no error codes. */
static const char *deliver_16(struct delivery *d, unsigned vector)
{
	const struct vmcb_save *s = d->s;
	uint16_t frame[3] = { (uint16_t)s->rip, s->cs.selector,
			      (uint16_t)s->rflags };
	uint16_t entry[2];

	if (4 * vector + 3 > s->idtr.limit ||
	    !read_va(d, s->idtr.base + 4 * vector, entry, sizeof(entry)))
		return "the vector table cannot be read";
	d->cs = s->cs;
	d->cs.selector = entry[1];
	d->cs.base = (uint64_t)entry[1] << 4;
	d->ss = s->ss;
	d->rip = entry[0];
	d->sp = (uint16_t)(d->c->gpr[RSP] - sizeof(frame));
	if (guestmem_write(d->c, s->ss.base + d->sp, frame, sizeof(frame),
			   NULL) != GUESTMEM_OK)
		return "the stack cannot be written";
	d->interrupt_gate = true;
	take_over(d);
	return NULL;
}

const char *deliver(struct vcpu *c, unsigned vector, bool has_error,
		    uint32_t error)
{
	struct vmcb_save *s = &c->vmcb->save;
	struct delivery d = { .c = c, .s = s };

	vmcb_pull(c);
	d.old_cpl = d.cpl = dpl_of(&s->ss);
	if (!(s->cr0 & CR0_PE)) {
		d.old_cpl = d.cpl = 0;
		return deliver_16(&d, vector);
	}
	if (s->efer & EFER_LMA)
		return deliver_long(&d, vector, has_error, error);
	return deliver_32(&d, vector, has_error, error);
}
