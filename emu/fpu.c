/* SPDX-License-Identifier: MIT */
/* The VMSA stores what FXSAVE stores, packed, with a full tag word. */
#include "emu/fpu.h"

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "hw/cpu.h"
#include "hw/fpu.h"
#include "lib/str.h"

#define XSAVE_HEADER	   512u
#define XSTATE_LEGACY	   (XCR0_X87 | XCR0_SSE)
#define MXCSR_DEFAULT_MASK 0xffbfu
/* x87 status: the summary, and all that FNCLEX clears. */
#define FSW_ES		   0x0080u
#define FSW_EXCEPTIONS	   0x80ffu

struct fxsave {
	uint16_t fcw, fsw;
	uint8_t ftw, reserved;
	uint16_t fop;
	uint64_t rip, dp;
	uint32_t mxcsr, mxcsr_mask;
	uint8_t st[8][16]; /* ten bytes used */
	uint8_t xmm[256];
	uint8_t reserved2[96];
};
ABI_SIZE(struct fxsave, 512);

/* One bit a register (1 = in use) to two bits (3 = empty), and back. */
static uint16_t tags_full(uint8_t used)
{
	unsigned int full = 0;

	for (unsigned int i = 0; i < 8; i++)
		if (!(used >> i & 1))
			full |= 3u << 2 * i;
	return (uint16_t)full;
}

static uint8_t tags_short(uint16_t full)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < 8; i++)
		if ((full >> 2 * i & 3) != 3)
			used |= 1u << i;
	return (uint8_t)used;
}

void fpu_to_vmsa(const uint8_t *fxsave, const uint8_t *ymm, struct vmsa *vmsa)
{
	const struct fxsave *f = (const void *)fxsave;

	vmsa->x87_fcw = f->fcw;
	vmsa->x87_fsw = f->fsw;
	vmsa->x87_ftw = tags_full(f->ftw);
	vmsa->x87_fop = f->fop;
	vmsa->x87_rip = f->rip;
	vmsa->x87_dp = f->dp;
	vmsa->x87_cs = vmsa->x87_ds = 0;
	vmsa->mxcsr = f->mxcsr;
	for (unsigned int i = 0; i < 8; i++)
		memcpy(vmsa->fpreg_x87 + 10 * i, f->st[i], 10);
	memcpy(vmsa->fpreg_xmm, f->xmm, sizeof(vmsa->fpreg_xmm));
	if (ymm)
		memcpy(vmsa->fpreg_ymm, ymm, sizeof(vmsa->fpreg_ymm));
}

void fpu_from_vmsa(const struct vmsa *vmsa, uint8_t *fxsave, uint8_t *ymm)
{
	struct fxsave *f = (void *)fxsave;

	memset(f, 0, sizeof(*f));
	f->fcw = vmsa->x87_fcw;
	f->fsw = vmsa->x87_fsw;
	f->ftw = tags_short(vmsa->x87_ftw);
	f->fop = vmsa->x87_fop;
	f->rip = vmsa->x87_rip;
	f->dp = vmsa->x87_dp;
	/* Reserved bits would make FXRSTOR fault, in the emulator. */
	f->mxcsr = vmsa->mxcsr & MXCSR_DEFAULT_MASK;
	for (unsigned int i = 0; i < 8; i++)
		memcpy(f->st[i], vmsa->fpreg_x87 + 10 * i, 10);
	memcpy(f->xmm, vmsa->fpreg_xmm, sizeof(f->xmm));
	if (ymm)
		memcpy(ymm, vmsa->fpreg_ymm, sizeof(vmsa->fpreg_ymm));
}

/* What this processor can keep, 0 without XSAVE. Same on all of them. */
static uint64_t components(void)
{
	static uint64_t all;
	static bool known;

	if (!known) {
		if (hw_cpuid(CPUID_LEAF_FEATURES, 0).ecx & CPUID_1_ECX_XSAVE)
			all = hw_cpuid(CPUID_LEAF_XSTATE, 0).eax &
			      (XSTATE_LEGACY | XCR0_AVX);
		known = true;
	}
	return all;
}

static uint8_t *ymm_part(struct vcpu_level *l, uint64_t all)
{
	if (!(all & XCR0_AVX))
		return NULL;
	return l->xsave + hw_cpuid(CPUID_LEAF_XSTATE, 2).ebx;
}

/*
 * The guest's XCR0 is the processor's own. For the move everything is switched
 * on, so that registers behind a disabled bit are kept as well.
 */
static void save_all(struct vcpu_level *l, uint64_t all)
{
	l->xcr0 = hw_xgetbv(0);
	hw_xsetbv(0, all);
	memset(l->xsave + XSAVE_HEADER, 0, 64);
	hw_xsave(l->xsave, all);
}

static void load_all(const struct vcpu_level *l, uint64_t all)
{
	hw_xsetbv(0, all);
	hw_xrstor(l->xsave, all);
	hw_xsetbv(0, (l->xcr0 & all) | XCR0_X87);
}

void fpu_save(struct vcpu_level *l)
{
	uint64_t all = components();

	if (all)
		save_all(l, all);
	else
		hw_fxsave(l->xsave);
	fpu_to_vmsa(l->xsave, ymm_part(l, all), l->vmsa);
	l->vmsa->xcr0 = all ? l->xcr0 : XCR0_X87;
}

static void area_load(struct vcpu_level *l, uint64_t all)
{
	if (!all) {
		hw_fxrstor(l->xsave);
		return;
	}
	memset(l->xsave + XSAVE_HEADER, 0, 64);
	memcpy(l->xsave + XSAVE_HEADER, &all, sizeof(all));
	load_all(l, all);
}

/*
 * Where a processor loads an x87 status without exceptions, QEMU clears a flag of
 * the first processor, whose thread may be changing others beside it: one of the
 * two changes is lost, and with it "runs by nested tables" or GIF.
 * A status that tells of an exception leaves that flag alone; FNCLEX then takes
 * it back. Exceptions that are there stay, and so does the danger.
 */
void fpu_load(struct vcpu_level *l)
{
	struct fxsave *area = (struct fxsave *)(void *)l->xsave;
	uint64_t all = components();
	bool quiet;

	fpu_from_vmsa(l->vmsa, l->xsave, ymm_part(l, all));
	l->xcr0 = l->vmsa->xcr0;
	quiet = !(area->fsw & FSW_EXCEPTIONS);
	if (quiet)
		area->fsw |= FSW_ES;
	area_load(l, all);
	if (quiet)
		hw_fnclex();
}
