/* SPDX-License-Identifier: MIT */
/* The VM save area of one vCPU at one VMPL. AMD 24593, table B-4. */
#pragma once

#include "abi/check.h"

/* SEV_FEATURES; MSR SEV_STATUS = 3 | SEV_FEATURES << 2 */
#define SEV_FEATURE_SNP		   (1ull << 0)
#define SEV_FEATURE_VTOM	   (1ull << 1)
#define SEV_FEATURE_REFLECT_VC	   (1ull << 2)
#define SEV_FEATURE_RESTRICTED_INJ (1ull << 3)
#define SEV_FEATURE_ALTERNATE_INJ  (1ull << 4)
#define SEV_FEATURE_DEBUG_SWAP	   (1ull << 5)
#define SEV_FEATURE_SECURE_TSC	   (1ull << 9)
#define SEV_FEATURE_VMGEXIT_PARAM  (1ull << 10)
#define SEV_FEATURES_DEFINED	   0x21ffffull /* bits 0-16 and 21 */
#define SEV_STATUS_OF(features)	   (3ull | (features) << 2)

#define VINTR_CTRL_VGIF (1ull << 9)
#define VINTR_CTRL_BUSY (1ull << 63)

/* The firmware's boot VMSA on KVM lies here. */
#define VMSA_BOOT_GPA 0xfffffffff000ull

struct vmsa_seg {
	uint16_t selector;
	uint16_t attr; /* 12 bits, see abi/x86/desc.h */
	uint32_t limit;
	uint64_t base;
};
ABI_SIZE(struct vmsa_seg, 16);

struct vmsa {
	struct vmsa_seg es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	uint64_t pl_ssp[4];
	uint64_t u_cet;
	uint8_t reserved_c8[2];
	uint8_t vmpl;
	uint8_t cpl;
	uint8_t reserved_cc[4];
	uint64_t efer;
	uint8_t reserved_d8[104];
	uint64_t xss;
	uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip;
	uint64_t dr[4];
	uint64_t dr_mask[4];
	uint8_t reserved_1c0[24];
	uint64_t rsp;
	uint64_t s_cet, ssp, isst_addr;
	uint64_t rax;
	uint64_t star, lstar, cstar, sfmask, kernel_gs_base;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip, cr2;
	uint8_t reserved_248[32];
	uint64_t g_pat, dbgctl, br_from, br_to, excp_from, excp_to;
	uint8_t reserved_298[72];
	uint64_t spec_ctrl;
	uint32_t pkru, tsc_aux;
	uint64_t guest_tsc_scale, guest_tsc_offset, reg_prot_nonce;
	uint64_t rcx, rdx, rbx;
	uint64_t secure_avic_ctl;
	uint64_t rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint8_t reserved_380[16];
	uint64_t guest_exitinfo1, guest_exitinfo2, guest_exitintinfo;
	uint64_t guest_nrip;
	uint64_t sev_features, vintr_ctrl, guest_exitcode, virtual_tom;
	uint64_t tlb_id, pcpu_id, eventinj, xcr0;
	uint8_t reserved_3f0[16];
	uint64_t x87_dp;
	uint32_t mxcsr;
	uint16_t x87_ftw, x87_fsw, x87_fcw, x87_fop, x87_ds, x87_cs;
	uint64_t x87_rip;
	uint8_t fpreg_x87[80];
	uint8_t fpreg_xmm[256];
	uint8_t fpreg_ymm[256];
	uint8_t reserved_670[0x900 - 0x670];
	uint32_t guest_intercepts[8];
	uint64_t guest_msr_intercepts[4];
	uint8_t reserved_940[1728];
};
ABI_SIZE(struct vmsa, 4096);
ABI_AT(struct vmsa, tr, 0x90);
ABI_AT(struct vmsa, pl_ssp, 0xa0);
ABI_AT(struct vmsa, vmpl, 0xca);
ABI_AT(struct vmsa, efer, 0xd0);
ABI_AT(struct vmsa, xss, 0x140);
ABI_AT(struct vmsa, cr0, 0x158);
ABI_AT(struct vmsa, rflags, 0x170);
ABI_AT(struct vmsa, rip, 0x178);
ABI_AT(struct vmsa, dr, 0x180);
ABI_AT(struct vmsa, rsp, 0x1d8);
ABI_AT(struct vmsa, rax, 0x1f8);
ABI_AT(struct vmsa, kernel_gs_base, 0x220);
ABI_AT(struct vmsa, cr2, 0x240);
ABI_AT(struct vmsa, g_pat, 0x268);
ABI_AT(struct vmsa, spec_ctrl, 0x2e0);
ABI_AT(struct vmsa, tsc_aux, 0x2ec);
ABI_AT(struct vmsa, rcx, 0x308);
ABI_AT(struct vmsa, rbp, 0x328);
ABI_AT(struct vmsa, r8, 0x340);
ABI_AT(struct vmsa, guest_exitinfo1, 0x390);
ABI_AT(struct vmsa, guest_exitintinfo, 0x3a0);
ABI_AT(struct vmsa, sev_features, 0x3b0);
ABI_AT(struct vmsa, guest_exitcode, 0x3c0);
ABI_AT(struct vmsa, eventinj, 0x3e0);
ABI_AT(struct vmsa, xcr0, 0x3e8);
ABI_AT(struct vmsa, x87_dp, 0x400);
ABI_AT(struct vmsa, x87_fcw, 0x410);
ABI_AT(struct vmsa, fpreg_xmm, 0x470);
ABI_AT(struct vmsa, guest_intercepts, 0x900);
