/* SPDX-License-Identifier: MIT */
/* kernel/mm/gate.h for proofs: memory is refused at any time, and the proof
 * sees how many small objects are said to be in use.
 * `-Iproofs/fake/slab` among a proof's flags. */
#pragma once

#include "proofs/fake/proof.h"

extern int64_t proof_heap_count;

static inline bool gate_page(void)
{
	return nondet_bool();
}

static inline bool gate_heap(void)
{
	return nondet_bool();
}

static inline void gate_heap_count(int more)
{
	proof_heap_count += more;
}
