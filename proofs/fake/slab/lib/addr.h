/* SPDX-License-Identifier: MIT */
/* lib/addr.h for proofs: the same, but a page has 2^BOUND bytes, and the
 * proof says in its own words where an address's page begins: cbmc takes bits
 * of an address for a pointer to anywhere. `-Iproofs/fake/slab` among the flags. */
#pragma once

#include "../../../../lib/addr.h"
#include "proofs/fake/proof.h"

#undef PAGE_SHIFT_4K
#define PAGE_SHIFT_4K BOUND

uint64_t proof_addr_down(uint64_t v, uint64_t align);

#define addr_down(v, align) proof_addr_down(v, align)
