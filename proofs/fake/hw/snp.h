/* SPDX-License-Identifier: MIT */
/* hw/snp.h for proofs: the instructions may answer anything; at VMGEXIT it is
 * the host's turn, which the proof plays. */
#pragma once

#include "proofs/fake/proof.h"

/* The host: the proof defines it, if its code leaves to the host. */
void proof_vmgexit(void);

static inline uint32_t hw_pvalidate(uint64_t va, uint32_t size, bool validate,
				    bool *carry)
{
	(void)va;
	(void)size;
	(void)validate;
	*carry = nondet_bool();
	return nondet_u32();
}

static inline uint32_t hw_rmpadjust(uint64_t va, uint32_t size,
				    uint64_t attributes)
{
	(void)va;
	(void)size;
	(void)attributes;
	return nondet_u32();
}

static inline uint32_t hw_rmpquery(uint64_t va, uint64_t *attributes,
				   uint64_t *size)
{
	(void)va;
	*attributes = nondet_u64();
	*size = nondet_u64();
	return nondet_u32();
}

static inline void hw_vmgexit(void)
{
	proof_vmgexit();
}

static inline void hw_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
	(void)rax;
	(void)ecx;
	(void)edx;
}

static inline void hw_tlbsync(void)
{
}
