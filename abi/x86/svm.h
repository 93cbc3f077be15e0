/* SPDX-License-Identifier: MIT */
/*
 * AMD-V without SEV: the VMCB, its intercepts and exit codes. AMD 24593,
 * chapter 15 and appendix B. The save area has the field order of the VMSA.
 */
#pragma once

#include "abi/snp/vmsa.h"

/* Intercept vector 0 (VMCB 000h) */
#define INTERCEPT_CR_READ(n)  (1u << (n))
#define INTERCEPT_CR_WRITE(n) (1u << (16 + (n)))

/* VMCB 00Ch and 010h, read as one 64-bit word: exit code - 60h. */
#define INTERCEPT(exit) (1ull << ((exit)-SVM_EXIT_INTR))

#define SVM_EXIT_READ_CR0	    0x000u
#define SVM_EXIT_READ_CR4	    0x004u
#define SVM_EXIT_WRITE_CR0	    0x010u
#define SVM_EXIT_WRITE_CR3	    0x013u
#define SVM_EXIT_WRITE_CR4	    0x014u
#define SVM_EXIT_EXCP(n)	    (0x040u + (n))
#define SVM_EXIT_INTR		    0x060u
#define SVM_EXIT_NMI		    0x061u
#define SVM_EXIT_INIT		    0x063u
#define SVM_EXIT_VINTR		    0x064u
#define SVM_EXIT_RDPMC		    0x06fu
#define SVM_EXIT_CPUID		    0x072u
#define SVM_EXIT_IRET		    0x074u
#define SVM_EXIT_SWINT		    0x075u /* INT n; QEMU: INT3 and INTO, too */
#define SVM_EXIT_INVD		    0x076u
#define SVM_EXIT_HLT		    0x078u
#define SVM_EXIT_INVLPG		    0x079u
#define SVM_EXIT_INVLPGA	    0x07au
#define SVM_EXIT_IOIO		    0x07bu
#define SVM_EXIT_MSR		    0x07cu
#define SVM_EXIT_SHUTDOWN	    0x07fu
#define SVM_EXIT_VMRUN		    0x080u
#define SVM_EXIT_VMMCALL	    0x081u
#define SVM_EXIT_VMLOAD		    0x082u
#define SVM_EXIT_VMSAVE		    0x083u
#define SVM_EXIT_STGI		    0x084u
#define SVM_EXIT_CLGI		    0x085u
#define SVM_EXIT_SKINIT		    0x086u
#define SVM_EXIT_WBINVD		    0x089u
#define SVM_EXIT_MONITOR	    0x08au
#define SVM_EXIT_MWAIT		    0x08bu
#define SVM_EXIT_NPF		    0x400u
#define SVM_EXIT_VMGEXIT	    0x403u
#define SVM_EXIT_PAGE_NOT_VALIDATED 0x404u

/* VMCB 060h */
#define V_TPR_MASK     0xfu
#define V_IRQ	       (1u << 8)
#define V_IGN_TPR      (1u << 20)
#define V_INTR_MASKING (1u << 24)

#define IOIO_IN	      (1u << 0)
#define NESTED_PAGING (1u << 0)

struct vmcb_save {
	struct vmsa_seg es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	uint8_t reserved_a0[0xcb - 0xa0];
	uint8_t cpl;
	uint8_t reserved_cc[4];
	uint64_t efer;
	uint8_t reserved_d8[0x148 - 0xd8];
	uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip;
	uint8_t reserved_180[0x1d8 - 0x180];
	uint64_t rsp;
	uint64_t s_cet, ssp, isst_addr;
	uint64_t rax;
	uint64_t star, lstar, cstar, sfmask, kernel_gs_base;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip, cr2;
	uint8_t reserved_248[32];
	uint64_t g_pat, dbgctl, br_from, br_to, excp_from, excp_to;
	uint8_t reserved_298[0xc00 - 0x298];
};
ABI_SIZE(struct vmcb_save, 0xc00);
ABI_AT(struct vmcb_save, efer, 0xd0);
ABI_AT(struct vmcb_save, cr4, 0x148);
ABI_AT(struct vmcb_save, rip, 0x178);
ABI_AT(struct vmcb_save, rsp, 0x1d8);
ABI_AT(struct vmcb_save, rax, 0x1f8);
ABI_AT(struct vmcb_save, cr2, 0x240);
ABI_AT(struct vmcb_save, g_pat, 0x268);

struct vmcb {
	uint32_t intercept_cr;
	uint32_t intercept_dr;
	uint32_t intercept_exceptions;
	uint64_t intercepts ABI_PACKED; /* INTERCEPT() */
	uint8_t reserved_014[0x40 - 0x14];
	uint64_t iopm_base, msrpm_base, tsc_offset;
	uint32_t asid;
	uint32_t tlb_control;
	uint32_t int_ctl; /* V_TPR, V_IRQ, V_INTR_MASKING */
	uint32_t int_vector;
	uint64_t int_state; /* bit 0: interrupt shadow */
	uint64_t exit_code, exit_info1, exit_info2;
	uint64_t exit_int_info;
	uint64_t np_enable;
	uint8_t reserved_098[16];
	uint64_t event_inj;
	uint64_t n_cr3;
	uint64_t lbr_enable;
	uint8_t reserved_0c0[0x400 - 0xc0];
	struct vmcb_save save;
};
ABI_SIZE(struct vmcb, 4096);
ABI_AT(struct vmcb, intercepts, 0x0c);
ABI_AT(struct vmcb, iopm_base, 0x40);
ABI_AT(struct vmcb, asid, 0x58);
ABI_AT(struct vmcb, int_ctl, 0x60);
ABI_AT(struct vmcb, int_state, 0x68);
ABI_AT(struct vmcb, exit_code, 0x70);
ABI_AT(struct vmcb, exit_int_info, 0x88);
ABI_AT(struct vmcb, np_enable, 0x90);
ABI_AT(struct vmcb, event_inj, 0xa8);
ABI_AT(struct vmcb, n_cr3, 0xb0);
ABI_AT(struct vmcb, save, 0x400);
