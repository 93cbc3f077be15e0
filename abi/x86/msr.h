/* SPDX-License-Identifier: MIT */
/* Model-specific registers. AMD APM vol 2, appendix A; 24593 ch. 15.34-36. */
#pragma once

#define MSR_TSC		    0x00000010u
#define MSR_APIC_BASE	    0x0000001bu
#define MSR_SPEC_CTRL	    0x00000048u
#define MSR_PRED_CMD	    0x00000049u
#define MSR_MTRR_CAP	    0x000000feu
#define MSR_SYSENTER_CS	    0x00000174u
#define MSR_SYSENTER_ESP    0x00000175u
#define MSR_SYSENTER_EIP    0x00000176u
#define MSR_MTRR_VARIABLE   0x00000200u /* base, mask; count in MTRR_CAP 7:0 */
#define MSR_MTRR_FIX64K	    0x00000250u
#define MSR_MTRR_FIX16K	    0x00000258u /* two */
#define MSR_MTRR_FIX4K	    0x00000268u /* eight */
#define MSR_MTRR_DEFAULT    0x000002ffu
#define MSR_PAT		    0x00000277u
#define MSR_X2APIC_FIRST    0x00000800u
#define MSR_X2APIC_ID	    0x00000802u
#define MSR_X2APIC_VERSION  0x00000803u
#define MSR_X2APIC_TPR	    0x00000808u
#define MSR_X2APIC_EOI	    0x0000080bu
#define MSR_X2APIC_LDR	    0x0000080du
#define MSR_X2APIC_SVR	    0x0000080fu
#define MSR_X2APIC_ICR	    0x00000830u
#define MSR_X2APIC_LVTT	    0x00000832u /* local vector: timer */
#define MSR_X2APIC_TMICT    0x00000838u /* its initial count */
#define MSR_X2APIC_TMCCT    0x00000839u /* its current count */
#define MSR_X2APIC_TDCR	    0x0000083eu /* its divider */
#define MSR_X2APIC_SELF_IPI 0x0000083fu
#define MSR_X2APIC_LAST	    0x000008ffu
#define MSR_XSS		    0x00000da0u
#define MSR_EFER	    0xc0000080u
#define MSR_STAR	    0xc0000081u
#define MSR_LSTAR	    0xc0000082u
#define MSR_CSTAR	    0xc0000083u
#define MSR_SFMASK	    0xc0000084u
#define MSR_FS_BASE	    0xc0000100u
#define MSR_GS_BASE	    0xc0000101u
#define MSR_KERNEL_GS_BASE  0xc0000102u
#define MSR_TSC_AUX	    0xc0000103u
#define MSR_VM_HSAVE_PA	    0xc0010117u
#define MSR_GHCB	    0xc0010130u
#define MSR_SEV_STATUS	    0xc0010131u
#define MSR_VIRTUAL_TOM	    0xc0010135u
#define MSR_SVSM_CAA	    0xc001f000u

#define EFER_SCE  (1u << 0)
#define EFER_LME  (1u << 8)
#define EFER_LMA  (1u << 10)
#define EFER_NXE  (1u << 11)
#define EFER_SVME (1u << 12)

#define APIC_BASE_BSP  (1u << 8)
#define APIC_BASE_EXTD (1u << 10)
#define APIC_BASE_EN   (1u << 11)

/* PAT after reset: WB WT UC- UC, twice. */
#define PAT_RESET 0x0007040600070406ull
