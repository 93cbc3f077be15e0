/* SPDX-License-Identifier: MIT */
/* The TSC's frequency, and what follows from it. */
#include "kernel/sys/clock.h"

#include <stddef.h>

#include "abi/x86/cpuid.h"
#include "hw/cpu.h"
#include "kernel/base/once.h"
#include "kernel/cpu/features.h"

#define ASSUMED_KHZ 2000000u
#define KHZ_MIN	    1000u
#define KHZ_MAX	    100000000u
#define NS_IN_MS    1000000u

sealed static uint64_t khz;

/* Core crystal, numerator and denominator. */
static uint64_t crystal_khz(void)
{
	const struct snp_cpuid_fn *fn = features_cpuid(CPUID_LEAF_TSC, 0);

	if (!fn || !fn->eax)
		return 0;
	return (uint64_t)fn->ecx / 1000 * fn->ebx / fn->eax;
}

static uint64_t leaf_khz(uint32_t leaf, uint32_t factor)
{
	const struct snp_cpuid_fn *fn = features_cpuid(leaf, 0);

	return fn ? (uint64_t)fn->eax * factor : 0;
}

static uint64_t sane(uint64_t value)
{
	return value >= KHZ_MIN && value <= KHZ_MAX ? value : 0;
}

void clock_init(void)
{
	khz = sane(crystal_khz());
	if (!khz)
		khz = sane(leaf_khz(CPUID_LEAF_HYPERVISOR_TSC, 1));
	if (!khz)
		khz = sane(leaf_khz(CPUID_LEAF_FREQUENCY, 1000));
	if (!khz)
		khz = ASSUMED_KHZ;
}

uint64_t clock_khz(void)
{
	return khz;
}

uint64_t clock_ns(void)
{
	uint64_t tsc = hw_rdtsc();

	return tsc / khz * NS_IN_MS + tsc % khz * NS_IN_MS / khz;
}

uint64_t clock_ticks(uint64_t microseconds)
{
	return microseconds * khz / 1000;
}
