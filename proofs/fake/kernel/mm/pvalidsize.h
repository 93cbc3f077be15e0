/* SPDX-License-Identifier: MIT */
/* kernel/mm/pvalidsize.h for proofs: the same, with room for few regions in
 * place of four million; what follows from that number follows here, too. */
#pragma once

#include "../../../../kernel/mm/pvalidsize.h"
#include "abi/boot/launch.h"

#define PROOF_REGIONS 2u

#undef PVALID_CHUNKS_MAX
#define PVALID_CHUNKS_MAX PROOF_REGIONS
#undef PVALID_VA_SIZE
#define PVALID_VA_SIZE (PROOF_REGIONS * PVALID_REGION_WORDS * 8)
#undef PVALID_PINS_VA
#define PVALID_PINS_VA (PVALID_BITS_VA + PVALID_VA_SIZE)
