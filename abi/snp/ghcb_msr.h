/* SPDX-License-Identifier: MIT */
/* The GHCB MSR protocol: bits 11:0 name the request. AMD 56421, 2.3.1. */
#pragma once

#define GHCB_MSR_INFO 0xfffull
#define GHCB_MSR_GPA  0x000ffffffffff000ull

#define GHCB_MSR_SEV_INFO	    0x001u
#define GHCB_MSR_SEV_INFO_REQ	    0x002u
#define GHCB_MSR_CPUID_REQ	    0x004u
#define GHCB_MSR_CPUID_RESP	    0x005u
#define GHCB_MSR_AP_RESET_HOLD_REQ  0x006u
#define GHCB_MSR_AP_RESET_HOLD_RESP 0x007u
#define GHCB_MSR_PREF_GPA_REQ	    0x010u
#define GHCB_MSR_PREF_GPA_RESP	    0x011u
#define GHCB_MSR_REG_GPA_REQ	    0x012u
#define GHCB_MSR_REG_GPA_RESP	    0x013u
#define GHCB_MSR_PSC_REQ	    0x014u
#define GHCB_MSR_PSC_RESP	    0x015u
#define GHCB_MSR_RUN_VMPL_REQ	    0x016u
#define GHCB_MSR_RUN_VMPL_RESP	    0x017u
#define GHCB_MSR_HV_FEATURES_REQ    0x080u
#define GHCB_MSR_HV_FEATURES_RESP   0x081u
#define GHCB_MSR_TERMINATE	    0x100u

#define GHCB_MSR_PSC_OP_SHIFT	   52
#define GHCB_MSR_RUN_VMPL_SHIFT	   32
#define GHCB_MSR_ERROR_SHIFT	   32
#define GHCB_MSR_CPUID_REG_SHIFT   30
#define GHCB_MSR_TERM_SET_SHIFT	   12
#define GHCB_MSR_TERM_REASON_SHIFT 16

/* Hypervisor feature bits (from bit 12 of the MSR, or SW_EXITINFO2) */
#define HV_FEATURE_SNP		    (1u << 0)
#define HV_FEATURE_AP_CREATION	    (1u << 1)
#define HV_FEATURE_RESTRICTED_INJ   (1u << 2)
#define HV_FEATURE_RESTRICTED_TIMER (1u << 3)
#define HV_FEATURE_APIC_IDS	    (1u << 4)
#define HV_FEATURE_MULTI_VMPL	    (1u << 5)

/* Termination reasons of set 0, and the set Coir's SVSM uses for its own. */
#define TERM_SET_GENERAL  0u
#define TERM_GENERAL	  0u
#define TERM_PROTOCOL	  1u
#define TERM_SNP_FEATURES 2u
#define TERM_SET_COIR	  5u

/*
 * Emulated machine only, absent on hardware: read the number of instructions
 * (TSC ticks under -icount) spent so far at a VMPL on this vCPU. 39:32 VMPL;
 * answer: 63:12 count. On hardware the MSR comes back unchanged.
 */
#define GHCB_MSR_METER_REQ  0xe10u
#define GHCB_MSR_METER_RESP 0xe11u

/* The same, with the option attack=: a test guest says how far it has come, and
 * where what it will look at lies. 51:12 GPA, 63:52 number of the mark. */
#define GHCB_MSR_MARK_REQ   0xe12u
#define GHCB_MSR_MARK_RESP  0xe13u
#define GHCB_MSR_MARK_SHIFT 52

/*
 * Emulated machine only: the RMP entry of a page. 51:12 its address; answer: 63
 * it is RAM, 50:40 so many pages from it on are alike, 39:12 their state.
 */
#define GHCB_MSR_LOOK_REQ		0xe14u
#define GHCB_MSR_LOOK_RESP		0xe15u
#define GHCB_MSR_LOOK_RAM		(1ull << 63)
#define GHCB_MSR_LOOK_RUN(r)		((r) >> 40 & 0x7ff)
#define GHCB_MSR_LOOK_BITS(r)		((r) >> 12 & 0xfffffff)
#define GHCB_MSR_LOOK_PRIVATE		(1u << 0)
#define GHCB_MSR_LOOK_VALID		(1u << 1)
#define GHCB_MSR_LOOK_VMSA		(1u << 4)
#define GHCB_MSR_LOOK_PERMS(bits, vmpl) ((bits) >> (8 + 5 * (vmpl)) & 0x1f)

/*
 * Emulated machine only, with the option count=flushes: how many instructions
 * that flush translations VMPL0 has executed on this vCPU. 39:32 which; answer:
 * 63:12 count. Without the option the MSR comes back unchanged.
 */
#define GHCB_MSR_FLUSHES_REQ	 0xe16u
#define GHCB_MSR_FLUSHES_RESP	 0xe17u
#define GHCB_MSR_FLUSHES_SHIFT	 32
#define GHCB_MSR_FLUSHES_INVLPGB 0u
#define GHCB_MSR_FLUSHES_TLBSYNC 1u
#define GHCB_MSR_FLUSHES_CR3	 2u /* MOV to CR3 */
#define GHCB_MSR_FLUSHES_INVLPG	 3u
#define GHCB_MSR_FLUSHES_KINDS	 4u
