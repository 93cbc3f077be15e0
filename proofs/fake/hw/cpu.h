/* SPDX-License-Identifier: MIT */
/*
 * hw/cpu.h for proofs: whatever is read may be anything, each time. What the
 * processor keeps for itself (tables, TLB) is not modelled.
 */
#pragma once

#include <string.h>

#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "proofs/fake/proof.h"

/* What GS base points at; the proof sets it. */
extern void *proof_gs;
/* RFLAGS.AC: STAC was the last of STAC and CLAC. */
extern bool proof_access;
/* The one MSR that keeps what is written, so that the host may answer there. */
extern uint64_t proof_ghcb_msr;

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline uint64_t hw_rdmsr(uint32_t msr)
{
	return msr == MSR_GHCB ? proof_ghcb_msr : nondet_u64();
}

static inline void hw_wrmsr(uint32_t msr, uint64_t v)
{
	if (msr == MSR_GHCB)
		proof_ghcb_msr = v;
}

static inline struct cpuid_regs hw_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)leaf;
	(void)subleaf;
	return (struct cpuid_regs){ nondet_u32(), nondet_u32(), nondet_u32(),
				    nondet_u32() };
}

static inline uint64_t hw_rdtsc(void)
{
	return nondet_u64();
}

static inline uint64_t hw_cr0_read(void)
{
	return nondet_u64();
}

static inline void hw_cr0_write(uint64_t v)
{
	(void)v;
}

static inline uint64_t hw_cr2_read(void)
{
	return nondet_u64();
}

static inline uint64_t hw_cr3_read(void)
{
	return nondet_u64();
}

static inline void hw_cr3_write(uint64_t v)
{
	(void)v;
}

static inline uint64_t hw_cr4_read(void)
{
	return nondet_u64();
}

static inline void hw_cr4_write(uint64_t v)
{
	(void)v;
}

static inline void hw_xsetbv(uint32_t reg, uint64_t v)
{
	(void)reg;
	(void)v;
}

static inline void hw_invlpg(const volatile void *va)
{
	(void)va;
}

static inline void hw_lgdt(const struct desc_ptr *d)
{
	(void)d;
}

static inline void hw_lidt(const struct desc_ptr *d)
{
	(void)d;
}

static inline void hw_ltr(uint16_t selector)
{
	(void)selector;
}

static inline void hw_segments_load(uint16_t code, uint16_t data)
{
	(void)code;
	(void)data;
}

static inline void *hw_gs_self(void)
{
	return proof_gs;
}

/* Only the end of everything halts: no execution goes on from here. */
static inline void hw_hlt(void)
{
	__CPROVER_assume(false);
}

static inline void hw_pause(void)
{
}

static inline void hw_cli(void)
{
}

static inline void hw_wbinvd(void)
{
}

static inline void hw_stac(void)
{
	proof_access = true;
}

static inline void hw_clac(void)
{
	proof_access = false;
}

static inline void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords)
{
	uint64_t *p = to;

	while (qwords--)
		*p++ = value;
}

static inline void hw_rep_movsb(void *to, const void *from, uint64_t bytes)
{
	memcpy(to, from, bytes);
}
