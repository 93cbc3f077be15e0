/* SPDX-License-Identifier: MIT */
/* Local APIC. AMD APM vol 2, chapter 16. x2APIC MSR = 0x800 + (offset >> 4). */
#pragma once

#define APIC_DEFAULT_BASE 0xfee00000u
#define APIC_ID		  0x020u
#define APIC_VERSION	  0x030u
#define APIC_TPR	  0x080u
#define APIC_EOI	  0x0b0u
#define APIC_LDR	  0x0d0u
#define APIC_SVR	  0x0f0u
#define APIC_IRR	  0x200u /* eight, 10h apart */
#define APIC_ICR_LOW	  0x300u
#define APIC_ICR_HIGH	  0x310u
#define APIC_LVT_TIMER	  0x320u
#define APIC_LVT_LINT0	  0x350u
#define APIC_TMICT	  0x380u /* initial count */
#define APIC_TMCCT	  0x390u /* current count */
#define APIC_TDCR	  0x3e0u /* divider */
#define APIC_SVR_ENABLE	  (1u << 8)

#define LVT_VECTOR   0xffu
#define LVT_NMI	     0x400u
#define LVT_MODE     0x700u
#define LVT_MASKED   (1u << 16)
#define LVT_PERIODIC (1u << 17)

/* Divider: bits 3, 1, 0; 111 divides by 1, 000 by 2. */
#define TDCR_BY_1 0xbu

#define ICR_FIXED	    0x000u
#define ICR_NMI		    0x400u
#define ICR_INIT	    0x500u
#define ICR_SIPI	    0x600u
#define ICR_LOGICAL	    (1u << 11)
#define ICR_PENDING	    (1u << 12)
#define ICR_ASSERT	    (1u << 14)
#define ICR_SHORTHAND_SHIFT 18
#define ICR_SELF	    (1u << ICR_SHORTHAND_SHIFT)
#define ICR_ALL		    (2u << ICR_SHORTHAND_SHIFT)
#define ICR_OTHERS	    (3u << ICR_SHORTHAND_SHIFT)
