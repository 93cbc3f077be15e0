/* SPDX-License-Identifier: MIT */
/* CPUID leaves and bits used. AMD APM vol 3, appendix E; vol 2, 15.34. */
#pragma once

#define CPUID_LEAF_MAX		  0x00000000u
#define CPUID_LEAF_FEATURES	  0x00000001u
#define CPUID_LEAF_STRUCTURED	  0x00000007u
#define CPUID_LEAF_TOPOLOGY	  0x0000000bu
#define CPUID_LEAF_XSTATE	  0x0000000du
#define CPUID_LEAF_TSC		  0x00000015u
#define CPUID_LEAF_FREQUENCY	  0x00000016u
#define CPUID_LEAF_HYPERVISOR	  0x40000000u
#define CPUID_LEAF_HYPERVISOR_TSC 0x40000010u
#define CPUID_LEAF_EXT_MAX	  0x80000000u
#define CPUID_LEAF_EXT_FEATURES	  0x80000001u
#define CPUID_LEAF_ADDRESS_SIZES  0x80000008u
#define CPUID_LEAF_SVM		  0x8000000au
#define CPUID_LEAF_TOPOLOGY_AMD	  0x8000001eu
#define CPUID_LEAF_SEV		  0x8000001fu

/* leaf 1 ECX */
#define CPUID_1_ECX_FMA		  (1u << 12)
#define CPUID_1_ECX_CX16	  (1u << 13)
#define CPUID_1_ECX_PCID	  (1u << 17)
#define CPUID_1_ECX_X2APIC	  (1u << 21)
#define CPUID_1_ECX_TSC_DEADLINE  (1u << 24)
#define CPUID_1_ECX_XSAVE	  (1u << 26)
#define CPUID_1_ECX_OSXSAVE	  (1u << 27)
#define CPUID_1_ECX_AVX		  (1u << 28)
#define CPUID_1_ECX_F16C	  (1u << 29)
#define CPUID_1_ECX_RDRAND	  (1u << 30)
#define CPUID_1_ECX_HYPERVISOR	  (1u << 31)
/* leaf 7 EBX */
#define CPUID_7_EBX_FSGSBASE	  (1u << 0)
#define CPUID_7_EBX_AVX2	  (1u << 5)
/* F DQ IFMA PF ER CD BW VL */
#define CPUID_7_EBX_AVX512	  0xdc230000u
#define CPUID_7_EBX_SMEP	  (1u << 7)
#define CPUID_7_EBX_RDSEED	  (1u << 18)
#define CPUID_7_EBX_SMAP	  (1u << 20)
/* leaf 7 ECX */
/* VBMI VBMI2 VAES VPCLMULQDQ VNNI BITALG VPOPCNTDQ, CET */
#define CPUID_7_ECX_VECTOR	  0x00005ec2u
#define CPUID_7_ECX_UMIP	  (1u << 2)
#define CPUID_7_ECX_PKU		  (1u << 3)
#define CPUID_7_ECX_OSPKE	  (1u << 4)
#define CPUID_7_ECX_LA57	  (1u << 16)
/* leaf 7 EDX: fast short REP MOVSB, MD_CLEAR; what programs use */
#define CPUID_7_EDX_SHOWN	  0x00000410u
/* leaf 0x80000001 */
#define CPUID_81_EDX_NX		  (1u << 20)
#define CPUID_81_ECX_SVM	  (1u << 2)
/* XOP LWP FMA4: registers beyond SSE's */
#define CPUID_81_ECX_VECTOR	  0x00018800u
/* leaf 0x80000008 EBX */
#define CPUID_88_EBX_INVLPGB	  (1u << 3)
/* pages that INVLPGB takes beside the first */
#define CPUID_88_EDX_INVLPGB	  0xffffu
/* leaf 0x8000001f EAX */
#define CPUID_SEV_EAX_SEV	  (1u << 1)
#define CPUID_SEV_EAX_ES	  (1u << 3)
#define CPUID_SEV_EAX_SNP	  (1u << 4)
#define CPUID_SEV_EAX_VMPL	  (1u << 5)
#define CPUID_SEV_EAX_RMPQUERY	  (1u << 6)
#define CPUID_SEV_EAX_COHERENT	  (1u << 10)
#define CPUID_SEV_EAX_RESTRICTED  (1u << 12)
#define CPUID_SEV_EAX_DEBUG_SWAP  (1u << 14)
#define CPUID_SEV_EAX_SVSM	  (1u << 28)
/* leaf 0x8000001f EBX: 5:0 C-bit position, 11:6 address bits lost, 15:12 VMPLs */
#define CPUID_SEV_EBX_CBIT	  0x3fu
#define CPUID_SEV_EBX_LOST_SHIFT  6
#define CPUID_SEV_EBX_VMPLS_SHIFT 12
