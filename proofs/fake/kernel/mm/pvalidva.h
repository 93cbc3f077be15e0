/* SPDX-License-Identifier: MIT */
/* kernel/mm/pvalidva.h for proofs: few regions, in an array of the proof's. */
#pragma once

#include "kernel/mm/pvalidsize.h"

/* Bits, then pins. */
extern uint64_t proof_record[2 * PROOF_REGIONS * PVALID_REGION_WORDS];

static inline uint64_t *pvalidva_bits(void)
{
	return proof_record;
}
