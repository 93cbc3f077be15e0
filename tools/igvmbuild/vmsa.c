/* SPDX-License-Identifier: MIT */
/* The boot vCPU's first state: spec/snp.md section 7, "Starting a vCPU". */
#include "tools/igvmbuild/vmsa.h"

#include <string.h>

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"

#define BOOT_CS	    0x08u
#define BOOT_DS	    0x10u
#define FLAT	    0xffffffffu
#define PAT_RESET   0x0007040600070406ull
#define MXCSR_RESET 0x1f80u
#define FCW_RESET   0x37fu

static struct vmsa_seg segment(uint16_t selector, uint16_t attr, uint32_t limit)
{
	return (struct vmsa_seg){ selector, attr, limit, 0 };
}

static void segments(struct vmsa *v)
{
	struct vmsa_seg data = segment(BOOT_DS, SEG_DATA32, FLAT);

	v->cs = segment(BOOT_CS, SEG_CODE32, FLAT);
	v->ds = data;
	v->es = data;
	v->fs = data;
	v->gs = data;
	v->ss = data;
	v->gdtr = segment(0, 0, 0xffff);
	v->idtr = segment(0, 0, 0xffff);
	v->ldtr = segment(0, SEG_LDT, 0xffff);
	v->tr = segment(0, SEG_TSS_BUSY, 0xffff);
}

void vmsa_boot(uint64_t entry, uint64_t params, uint64_t sev_features,
	       struct vmsa *out)
{
	memset(out, 0, sizeof(*out));
	segments(out);
	out->efer = EFER_SVME;
	out->cr0 = CR0_PE | CR0_ET | CR0_NE;
	out->cr4 = CR4_MCE;
	out->dr6 = DR6_RESET;
	out->dr7 = DR7_RESET;
	out->rflags = RFLAGS_ONE;
	out->rip = entry;
	out->rsi = params;
	out->g_pat = PAT_RESET;
	out->xcr0 = XCR0_X87;
	out->mxcsr = MXCSR_RESET;
	out->x87_fcw = FCW_RESET;
	out->sev_features = sev_features;
}
