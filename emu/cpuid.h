/* SPDX-License-Identifier: MIT */
/*
 * What CPUID says to the guest: the host's own answer through a policy, in the
 * CPUID page at launch and through the GHCB later (spec/snp.md section 9).
 * Runs on the vCPU's own CPU, so that APIC ids come out right.
 */
#pragma once

#include <stdbool.h>

#include "abi/snp/cpuid_page.h"
#include "hw/cpu.h"

#define CPUID_C_BIT 47u

struct cpuid_policy {
	bool cx16;  /* CMPXCHG16B works here: QEMU 7.2's does not */
	bool xsave; /* XSAVE, XSAVEOPT, XSAVEC: x87, SSE, AVX (xsave.c) */
	bool x2apic;
	bool pcid;
};

/* Once, before the first vCPU runs. */
void cpuid_policy_set(const struct cpuid_policy *policy);
bool cpuid_shows_xsave(void);

/* xcr0 matters for leaf 0xD alone. */
struct cpuid_regs cpuid_guest(uint32_t leaf, uint32_t subleaf, uint64_t xcr0);

void cpuid_page_fill(struct snp_cpuid_page *page);
/* The processor played, before the policy: QEMU's and what emu/ adds to it. */
struct cpuid_regs cpuid_processor(uint32_t leaf, uint32_t subleaf);
