/* SPDX-License-Identifier: MIT */
/* hw/rand.h for proofs: any number, and any time none. */
#pragma once

#include "proofs/fake/proof.h"

static inline bool hw_rdseed(uint64_t *out)
{
	*out = nondet_u64();
	return nondet_bool();
}

static inline bool hw_rdrand(uint64_t *out)
{
	return hw_rdseed(out);
}
