/* SPDX-License-Identifier: MIT */
/* A short list passes through to QEMU, or reads through and writes nowhere. */
#include "emu/msr.h"

#include "abi/x86/msr.h"
#include "emu/apic.h"
#include "emu/cr.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "hw/cpu.h"

#define LOW_HALF   0xffffffffull
#define MSR_LENGTH 2u
#define RAISE_GP                                                            \
	((uint32_t)(EVENT_VALID | EVENT_TYPE_EXCEPTION | EVENT_HAS_ERROR) | \
	 TRAP_GP)

enum access { PASS, READ_ONLY, KEEP };

/* PASS: both ways. READ_ONLY: writing is #GP. KEEP: a write is dropped. */
static const struct {
	uint32_t first, last;
	enum access access;
} known[] = {
	{ MSR_TSC, MSR_TSC, KEEP },
	{ 0x17, 0x17, KEEP }, /* platform id */
	{ MSR_SPEC_CTRL, MSR_PRED_CMD, PASS },
	{ 0x8b, 0x8b, KEEP },	   /* microcode level */
	{ 0xfe, 0xfe, READ_ONLY }, /* MTRR capabilities */
	{ MSR_SYSENTER_CS, MSR_SYSENTER_EIP, PASS },
	{ 0x179, 0x17a, KEEP }, /* machine check */
	{ 0x17b, 0x17b, KEEP },
	{ 0x1a0, 0x1a0, KEEP }, /* miscellaneous enables */
	{ 0x1d9, 0x1d9, KEEP }, /* debug control */
	{ 0x200, 0x20f, PASS }, /* MTRRs */
	{ 0x250, 0x250, PASS },
	{ 0x258, 0x259, PASS },
	{ 0x268, 0x26f, PASS },
	{ MSR_PAT, MSR_PAT, PASS },
	{ 0x2ff, 0x2ff, PASS },
	{ 0x400, 0x47f, KEEP }, /* machine check banks */
	{ MSR_XSS, MSR_XSS, PASS },
	{ MSR_STAR, MSR_SFMASK, PASS },
	{ MSR_FS_BASE, MSR_TSC_AUX, PASS },
	{ 0xc0010000, 0xc0010007, KEEP }, /* performance counters */
	{ 0xc0010010, 0xc0010010, KEEP }, /* SYSCFG */
	{ 0xc0010015, 0xc0010015, KEEP }, /* HWCR */
	{ 0xc001001a, 0xc001001d, KEEP }, /* top of memory */
	{ 0xc001001f, 0xc001001f, KEEP }, /* north bridge */
	{ 0xc0010044, 0xc001004a, KEEP }, /* machine check masks */
	{ 0xc0010055, 0xc0010055, KEEP }, /* interrupt pending */
	{ 0xc0010058, 0xc0010058, KEEP }, /* MMIO configuration space */
	{ 0xc0010112, 0xc0010115, KEEP }, /* SMM, VM_CR */
	{ 0xc0010140, 0xc0010141, KEEP }, /* OSVW */
	{ 0xc001100c, 0xc001100d, KEEP },
	{ 0xc0011020, 0xc001102f, KEEP }, /* processor quirks */
};

static bool rights(uint32_t msr, enum access *access)
{
	for (unsigned int i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (msr < known[i].first || msr > known[i].last)
			continue;
		*access = known[i].access;
		return true;
	}
	return false;
}

static bool is_apic(uint32_t msr)
{
	return msr == MSR_APIC_BASE ||
	       (msr >= MSR_X2APIC_FIRST && msr <= MSR_X2APIC_LAST);
}

/* Both: false means #GP. */
static bool host_read(struct vcpu *c, uint32_t msr, uint64_t *value)
{
	enum access access;

	if (is_apic(msr))
		return apic_msr_read(c, msr, value);
	if (msr == MSR_EFER) {
		*value = cr_efer_read(c);
		return true;
	}
	if (!rights(msr, &access))
		return false;
	*value = hw_rdmsr(msr);
	return true;
}

static bool host_write(struct vcpu *c, uint32_t msr, uint64_t value)
{
	enum access access;

	if (is_apic(msr))
		return apic_msr_write(c, msr, value);
	if (msr == MSR_EFER)
		return cr_efer_write(c, value);
	if (!rights(msr, &access) || access == READ_ONLY)
		return false;
	if (access == PASS)
		hw_wrmsr(msr, value);
	return true;
}

unsigned int msr_event(struct vcpu *c, struct ghcb_call *call)
{
	uint32_t msr = (uint32_t)call->rcx;
	uint64_t value = 0;
	bool done;

	if (call->info1 > 1)
		return GHCB_ERR_INVALID_INPUT;
	if (call->info1 == 1) {
		if (~call->given & (GHCB_HAS_RAX | GHCB_HAS_RDX))
			return GHCB_ERR_MISSING_INPUT;
		value = (call->rax & LOW_HALF) | call->rdx << 32;
		done = host_write(c, msr, value);
	} else {
		done = host_read(c, msr, &value);
		call->rax = value & LOW_HALF;
		call->rdx = value >> 32;
		call->set = GHCB_HAS_RAX | GHCB_HAS_RDX;
	}
	if (!done) {
		log_trace("vCPU %u VMPL%u: #GP for %s of MSR %x (%llx)",
			  c->index, c->vmpl, call->info1 ? "write" : "read",
			  msr, (unsigned long long)value);
		ghcb_raise(call, RAISE_GP);
	}
	return 0;
}

/* What SNP hardware answers without a #VC; ERR_ABSENT: not one of these. */
static enum err own_read(struct vcpu *c, uint32_t msr, uint64_t *value)
{
	switch (msr) {
	case MSR_GHCB:
		*value = vcpu_level(c)->ghcb_msr;
		return OK;
	case MSR_SEV_STATUS:
		*value = SEV_STATUS_OF(vcpu_level(c)->sev_features);
		return OK;
	case MSR_EFER:
		*value = cr_efer_read(c);
		return OK;
	case MSR_VIRTUAL_TOM: /* the feature is off */
		return ERR_UNSUPPORTED;
	default:
		return ERR_ABSENT;
	}
}

static enum err own_write(struct vcpu *c, uint32_t msr, uint64_t value)
{
	switch (msr) {
	case MSR_GHCB:
		vcpu_level(c)->ghcb_msr = value;
		return OK;
	case MSR_EFER:
		return cr_efer_write(c, value) ? OK : ERR_UNSUPPORTED;
	case MSR_SEV_STATUS:
	case MSR_VIRTUAL_TOM:
		return ERR_UNSUPPORTED;
	default:
		return ERR_ABSENT;
	}
}

void msr_exit(struct vcpu *c)
{
	bool write = c->vmcb->exit_info1 & 1;
	uint32_t msr = (uint32_t)c->gpr[RCX];
	uint64_t value = (c->gpr[RAX] & LOW_HALF) | c->gpr[RDX] << 32;
	enum err e;

	e = write ? own_write(c, msr, value) : own_read(c, msr, &value);
	if (e == ERR_ABSENT) {
		inject_vc(c, SVM_EXIT_MSR);
		return;
	}
	if (e != OK) {
		inject_gp(c);
		return;
	}
	if (!write) {
		c->gpr[RAX] = value & LOW_HALF;
		c->gpr[RDX] = value >> 32;
	}
	c->vmcb->save.rip += MSR_LENGTH;
}
