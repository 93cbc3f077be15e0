/* SPDX-License-Identifier: MIT */
/* Control registers, RFLAGS and extended state. AMD APM vol 2, chapter 3. */
#pragma once

#define CR0_PE (1u << 0)
#define CR0_MP (1u << 1)
#define CR0_EM (1u << 2)
#define CR0_TS (1u << 3)
#define CR0_ET (1u << 4)
#define CR0_NE (1u << 5)
#define CR0_WP (1u << 16)
#define CR0_AM (1u << 18)
#define CR0_NW (1u << 29)
#define CR0_CD (1u << 30)
#define CR0_PG (1u << 31)

/* With CR4.PCIDE: the tag of what the CPU keeps, and "what it keeps of this tag
 * stays good"; 5.5.1. */
#define CR3_PCID    0xfffull
#define CR3_NOFLUSH (1ull << 63)

#define CR4_VME	       (1u << 0)
#define CR4_DE	       (1u << 3)
#define CR4_PSE	       (1u << 4)
#define CR4_PAE	       (1u << 5)
#define CR4_MCE	       (1u << 6)
#define CR4_PGE	       (1u << 7)
#define CR4_OSFXSR     (1u << 9)
#define CR4_OSXMMEXCPT (1u << 10)
#define CR4_UMIP       (1u << 11)
#define CR4_LA57       (1u << 12)
#define CR4_FSGSBASE   (1u << 16)
#define CR4_PCIDE      (1u << 17)
#define CR4_OSXSAVE    (1u << 18)
#define CR4_SMEP       (1u << 20)
#define CR4_SMAP       (1u << 21)
#define CR4_PKE	       (1u << 22)

#define XCR0_X87 (1u << 0)
#define XCR0_SSE (1u << 1)
#define XCR0_AVX (1u << 2)

#define RFLAGS_CF      (1u << 0)
#define RFLAGS_ONE     (1u << 1)
#define RFLAGS_PF      (1u << 2)
#define RFLAGS_AF      (1u << 4)
#define RFLAGS_ZF      (1u << 6)
#define RFLAGS_SF      (1u << 7)
#define RFLAGS_TF      (1u << 8)
#define RFLAGS_IF      (1u << 9)
#define RFLAGS_DF      (1u << 10)
#define RFLAGS_OF      (1u << 11)
#define RFLAGS_NT      (1u << 14)
#define RFLAGS_RF      (1u << 16)
#define RFLAGS_VM      (1u << 17)
#define RFLAGS_AC      (1u << 18)
/* Every flag that is defined; the rest is reserved and reads as zero. */
#define RFLAGS_DEFINED 0x003f7fd7u
/* What PVALIDATE and RMPADJUST change: the arithmetic flags. */
#define RFLAGS_ARITH   0x000008d5u

#define DR6_RESET 0xffff0ff0u
#define DR7_RESET 0x400u
