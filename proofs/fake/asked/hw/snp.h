/* SPDX-License-Identifier: MIT */
/* hw/snp.h for proofs about what is asked of the processor, which they define:
 * `-Iproofs/fake/asked` among a proof's flags. */
#pragma once

#define hw_pvalidate hw_pvalidate_plain
#define hw_rmpadjust hw_rmpadjust_plain
#define hw_invlpgb   hw_invlpgb_plain
#define hw_tlbsync   hw_tlbsync_plain
#include "../../hw/snp.h"
#undef hw_pvalidate
#undef hw_rmpadjust
#undef hw_invlpgb
#undef hw_tlbsync

uint32_t hw_pvalidate(uint64_t va, uint32_t size, bool validate, bool *carry);
uint32_t hw_rmpadjust(uint64_t va, uint32_t size, uint64_t attributes);
void hw_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx);
void hw_tlbsync(void);
