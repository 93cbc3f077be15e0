/* SPDX-License-Identifier: MIT */
/* Plain copies: nobody caches anything here, so order does not matter. */
#include "emu/mtrr.h"

#include <stdint.h>

#include "abi/x86/msr.h"
#include "hw/cpu.h"

#define FIXED	     11u
#define VARIABLE_MAX 32u
#define CAP_COUNT    0xffu

static const uint32_t fixed_msr[FIXED] = {
	MSR_MTRR_FIX64K,    MSR_MTRR_FIX16K,	MSR_MTRR_FIX16K + 1,
	MSR_MTRR_FIX4K,	    MSR_MTRR_FIX4K + 1, MSR_MTRR_FIX4K + 2,
	MSR_MTRR_FIX4K + 3, MSR_MTRR_FIX4K + 4, MSR_MTRR_FIX4K + 5,
	MSR_MTRR_FIX4K + 6, MSR_MTRR_FIX4K + 7,
};

static struct {
	uint32_t count; /* variable registers, two for each range */
	uint64_t fixed[FIXED];
	uint64_t variable[VARIABLE_MAX];
	uint64_t standard;
} kept;

void mtrr_save(void)
{
	kept.count = 2 * (uint32_t)(hw_rdmsr(MSR_MTRR_CAP) & CAP_COUNT);
	if (kept.count > VARIABLE_MAX)
		kept.count = VARIABLE_MAX;
	for (uint32_t i = 0; i < FIXED; i++)
		kept.fixed[i] = hw_rdmsr(fixed_msr[i]);
	for (uint32_t i = 0; i < kept.count; i++)
		kept.variable[i] = hw_rdmsr(MSR_MTRR_VARIABLE + i);
	kept.standard = hw_rdmsr(MSR_MTRR_DEFAULT);
}

void mtrr_load(void)
{
	for (uint32_t i = 0; i < FIXED; i++)
		hw_wrmsr(fixed_msr[i], kept.fixed[i]);
	for (uint32_t i = 0; i < kept.count; i++)
		hw_wrmsr(MSR_MTRR_VARIABLE + i, kept.variable[i]);
	hw_wrmsr(MSR_MTRR_DEFAULT, kept.standard);
}
