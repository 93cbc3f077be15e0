/* SPDX-License-Identifier: MIT */
/* VMSA contents: reset values, then what the purpose asks for. */
#include "kernel/snp/vmsa.h"

#include "abi/linux/boot.h"
#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "lib/str.h"

#define FCW_INIT      0x37fu
#define FTW_EMPTY     0xffffu
#define MXCSR_INIT    0x1f80u
#define SEG_CODE64_G  0xa9bu
#define LIMIT_16      0xffffu
/* 16 bytes below 4 GiB, which no 16-bit selector could name. */
#define RESET_CS      0xf000u
#define RESET_CS_BASE 0xffff0000u
#define RESET_IP      0xfff0u
#define LIMIT_FLAT    0xffffffffu

static struct vmsa_seg segment(uint16_t selector, uint16_t attr, uint32_t limit,
			       uint64_t base)
{
	return (struct vmsa_seg){ selector, attr, limit, base };
}

static void common_init(struct vmsa *v)
{
	memset(v, 0, sizeof(*v));
	v->ldtr = segment(0, SEG_LDT, LIMIT_16, 0);
	v->tr = segment(0, SEG_TSS_BUSY, LIMIT_16, 0);
	v->dr6 = DR6_RESET;
	v->dr7 = DR7_RESET;
	v->rflags = RFLAGS_ONE;
	v->g_pat = PAT_RESET;
	v->xcr0 = XCR0_X87;
	v->mxcsr = MXCSR_INIT;
	v->x87_fcw = FCW_INIT;
	v->x87_ftw = FTW_EMPTY;
}

static void segments_flat(struct vmsa *v, uint16_t cs, uint16_t ds)
{
	struct vmsa_seg data = segment(ds, SEG_DATA32, LIMIT_FLAT, 0);

	v->cs = segment(cs, SEG_CODE64_G, LIMIT_FLAT, 0);
	v->ds = v->es = v->ss = v->fs = v->gs = data;
}

/* APM vol 2, 14.1.3: what firmware finds after power-on. */
static void reset_init(struct vmsa *v)
{
	struct vmsa_seg data = segment(0, SEG_DATA16, LIMIT_16, 0);

	v->cs = segment(RESET_CS, SEG_CODE16, LIMIT_16, RESET_CS_BASE);
	v->ds = v->es = v->ss = v->fs = v->gs = data;
	v->gdtr = v->idtr = segment(0, 0, LIMIT_16, 0);
	v->efer = EFER_SVME;
	v->cr0 = CR0_ET;
	v->cr4 = CR4_MCE;
	v->rip = RESET_IP;
}

static void long_init(struct vmsa *v, const struct guest_start *guest)
{
	segments_flat(v, LINUX_BOOT_CS, LINUX_BOOT_DS);
	v->gdtr = segment(0, 0, guest->gdt_limit, guest->gdt);
	v->efer = EFER_SVME | EFER_LME | EFER_LMA;
	v->cr0 = CR0_PE | CR0_ET | CR0_NE | CR0_PG;
	v->cr3 = guest->cr3;
	v->cr4 = CR4_PAE | CR4_MCE;
	v->rip = guest->rip;
	v->rsi = guest->rsi;
	v->rsp = guest->rsp;
}

void vmsa_guest_init(struct vmsa *v, const struct guest_start *guest)
{
	common_init(v);
	if (guest->mode == GUEST_START_RESET)
		reset_init(v);
	else
		long_init(v, guest);
	v->vmpl = (uint8_t)guest->vmpl;
	v->sev_features = guest->sev_features;
}

void vmsa_kernel_init(struct vmsa *v, const struct vmsa_kernel *kernel)
{
	common_init(v);
	segments_flat(v, kernel->cs, kernel->ss);
	v->gs.base = kernel->gs_base;
	v->gdtr = segment(0, 0, kernel->gdt_limit, kernel->gdt);
	v->vmpl = 0;
	v->efer = kernel->efer | EFER_SVME;
	v->cr0 = kernel->cr0;
	v->cr3 = kernel->cr3;
	v->cr4 = kernel->cr4;
	v->rip = kernel->rip;
	v->rdi = kernel->rdi;
	v->rsp = kernel->rsp;
	v->sev_features = kernel->sev_features;
}
