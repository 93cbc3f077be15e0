/* SPDX-License-Identifier: MIT */
/* What MOV refuses, and the bits that the processor below must not see. */
#include "emu/pcid.h"

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "emu/cpuid.h"
#include "emu/cr.h"
#include "emu/flushes.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/stop.h"
#include "lib/insn/insn.h"

#define CR3_BITS   48u /* of physical addresses, C-bit included */
/* Bits 0 to 10: every processor with SNP has them. */
#define CR4_ALWAYS 0x7ffu

/* Bits that a feature stands behind, in CPUID 7 and 1. */
static const struct {
	uint32_t bit, leaf, ebx, ecx;
} cr4_features[] = {
	{ CR4_UMIP, CPUID_LEAF_STRUCTURED, 0, CPUID_7_ECX_UMIP },
	{ CR4_LA57, CPUID_LEAF_STRUCTURED, 0, CPUID_7_ECX_LA57 },
	{ CR4_FSGSBASE, CPUID_LEAF_STRUCTURED, CPUID_7_EBX_FSGSBASE, 0 },
	{ CR4_SMEP, CPUID_LEAF_STRUCTURED, CPUID_7_EBX_SMEP, 0 },
	{ CR4_SMAP, CPUID_LEAF_STRUCTURED, CPUID_7_EBX_SMAP, 0 },
	{ CR4_PKE, CPUID_LEAF_STRUCTURED, 0, CPUID_7_ECX_PKU },
	{ CR4_PCIDE, CPUID_LEAF_FEATURES, 0, CPUID_1_ECX_PCID },
	{ CR4_OSXSAVE, CPUID_LEAF_FEATURES, 0, CPUID_1_ECX_XSAVE },
};

void pcid_enter_level(struct vcpu *c)
{
	if (machine.options.pcid)
		c->vmcb->intercept_cr |= INTERCEPT_CR_WRITE(3) |
					 INTERCEPT_CR_WRITE(4) |
					 INTERCEPT_CR_READ(4);
}

uint64_t pcid_cr4(const struct vcpu *c)
{
	return c->vmcb->save.cr4 | (c->level[c->vmpl].pcide ? CR4_PCIDE : 0);
}

uint64_t pcid_cr4_load(struct vcpu_level *l, uint64_t cr4, uint64_t efer)
{
	l->pcide = machine.options.pcid && (cr4 & CR4_PCIDE) &&
		   (efer & EFER_LMA);
	return l->pcide ? cr4 & ~(uint64_t)CR4_PCIDE : cr4;
}

static struct insn decode(struct vcpu *c, enum insn_class class)
{
	struct insn insn;

	if (!cr_decode(c, &insn) || insn.class != class)
		stop_guest(c, STOP_EMULATOR, "cannot decode a MOV of CR%u",
			   class == INSN_MOV_TO_CR ? 3u : 4u);
	return insn;
}

static uint64_t operand(const struct vcpu *c, const struct insn *insn)
{
	uint64_t value = c->gpr[insn->rm];

	return cr_code_mode(c) == INSN_64 ? value : (uint32_t)value;
}

/* Said once for each level: a witness that somebody relies on it. */
static void noflush_note(struct vcpu *c)
{
	struct vcpu_level *l = vcpu_level(c);

	if (!l->noflush)
		log_line("vCPU %u at VMPL%u keeps translations of a PCID",
			 c->index, c->vmpl);
	l->noflush = true;
}

void pcid_exit_cr3_write(struct vcpu *c)
{
	struct insn insn = decode(c, INSN_MOV_TO_CR);
	uint64_t value = operand(c, &insn);
	bool keep = value & CR3_NOFLUSH && vcpu_level(c)->pcide;

	if (keep)
		value &= ~CR3_NOFLUSH;
	if (c->vmcb->save.efer & EFER_LMA && value >> CR3_BITS) {
		inject_gp(c);
		return;
	}
	if (keep)
		noflush_note(c);
	else
		flushes_note(c, GHCB_MSR_FLUSHES_CR3);
	c->vmcb->save.cr3 = value;
	c->vmcb->save.rip += insn.length;
}

static uint64_t cr4_known(void)
{
	uint64_t known = CR4_ALWAYS;

	for (size_t i = 0; i < sizeof(cr4_features) / sizeof(*cr4_features);
	     i++) {
		struct cpuid_regs r =
			cpuid_guest(cr4_features[i].leaf, 0, XCR0_X87);

		if (r.ebx & cr4_features[i].ebx || r.ecx & cr4_features[i].ecx)
			known |= cr4_features[i].bit;
	}
	return known;
}

/* #GP rules of MOV CR4. */
static bool cr4_legal(const struct vcpu *c, uint64_t value)
{
	const struct vmcb_save *s = &c->vmcb->save;
	uint64_t changed = value ^ pcid_cr4(c);
	bool lma = s->efer & EFER_LMA;

	if (value & ~cr4_known())
		return false;
	if (lma && (!(value & CR4_PAE) || changed & CR4_LA57))
		return false;
	return !(value & changed & CR4_PCIDE) || (lma && !(s->cr3 & CR3_PCID));
}

void pcid_exit_cr4_write(struct vcpu *c)
{
	struct insn insn = decode(c, INSN_MOV_TO_CR);
	uint64_t value = operand(c, &insn);

	if (!cr4_legal(c, value)) {
		inject_gp(c);
		return;
	}
	vcpu_level(c)->pcide = value & CR4_PCIDE;
	c->vmcb->save.cr4 = value & ~(uint64_t)CR4_PCIDE;
	c->vmcb->save.rip += insn.length;
}

void pcid_exit_cr4_read(struct vcpu *c)
{
	struct insn insn = decode(c, INSN_MOV_FROM_CR);

	c->gpr[insn.rm] = pcid_cr4(c);
	c->vmcb->save.rip += insn.length;
}
