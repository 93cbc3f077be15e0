/* SPDX-License-Identifier: MIT */
/* Processor features and the control registers that follow from them. */
#include "kernel/cpu/features.h"

#include <stddef.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "kernel/base/once.h"

sealed static const struct snp_cpuid_page *cpuid_page;
sealed static uint64_t cr4;
sealed static uint32_t invlpgb; /* pages */

/* Leaves whose answer depends on ECX. */
static bool leaf_indexed(uint32_t leaf)
{
	switch (leaf) {
	case 0x4:
	case CPUID_LEAF_STRUCTURED:
	case CPUID_LEAF_TOPOLOGY:
	case CPUID_LEAF_XSTATE:
	case 0xf:
	case 0x10:
	case 0x12:
	case 0x14:
	case 0x17:
	case 0x18:
	case 0x1d:
	case 0x1e:
	case 0x1f:
	case 0x24:
	case 0x8000001d:
		return true;
	default:
		return false;
	}
}

const struct snp_cpuid_fn *features_cpuid(uint32_t leaf, uint32_t subleaf)
{
	uint32_t count = cpuid_page->count;
	uint32_t i;

	/* The security processor checks the page, but not with our bounds. */
	if (count > SNP_CPUID_MAX)
		count = SNP_CPUID_MAX;
	for (i = 0; i < count; i++) {
		const struct snp_cpuid_fn *fn = &cpuid_page->fn[i];

		if (fn->eax_in == leaf &&
		    (!leaf_indexed(leaf) || fn->ecx_in == subleaf))
			return fn;
	}
	return NULL;
}

static uint64_t cr4_of_leaves(void)
{
	const struct snp_cpuid_fn *fn = features_cpuid(CPUID_LEAF_FEATURES, 0);
	/* SSE for ring 3; without OSXSAVE there is no AVX. */
	uint64_t bits = CR4_PAE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT;

	if (fn && (fn->ecx & CPUID_1_ECX_PCID))
		bits |= CR4_PCIDE;
	fn = features_cpuid(CPUID_LEAF_STRUCTURED, 0);
	if (!fn)
		return bits;
	if (fn->ebx & CPUID_7_EBX_SMEP)
		bits |= CR4_SMEP;
	if (fn->ebx & CPUID_7_EBX_SMAP)
		bits |= CR4_SMAP;
	if (fn->ecx & CPUID_7_ECX_UMIP)
		bits |= CR4_UMIP;
	return bits;
}

static uint32_t invlpgb_of_leaves(void)
{
	const struct snp_cpuid_fn *fn =
		features_cpuid(CPUID_LEAF_ADDRESS_SIZES, 0);

	if (!fn || !(fn->ebx & CPUID_88_EBX_INVLPGB))
		return 0;
	return (fn->edx & CPUID_88_EDX_INVLPGB) + 1;
}

void features_init(const struct snp_cpuid_page *page)
{
	cpuid_page = page;
	cr4 = cr4_of_leaves();
	invlpgb = invlpgb_of_leaves();
}

void features_load(void)
{
	hw_cr0_write((hw_cr0_read() & ~(uint64_t)(CR0_EM | CR0_TS)) | CR0_WP |
		     CR0_MP | CR0_NE);
	hw_wrmsr(MSR_EFER, hw_rdmsr(MSR_EFER) | EFER_NXE);
	hw_cr4_write(cr4);
}

uint64_t features_cr4(void)
{
	return cr4 & ~(uint64_t)CR4_PCIDE;
}

bool features_pcid(void)
{
	return cr4 & CR4_PCIDE;
}

bool features_smap(void)
{
	return cr4 & CR4_SMAP;
}

uint32_t features_invlpgb(void)
{
	return invlpgb;
}
