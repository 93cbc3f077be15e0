/* SPDX-License-Identifier: MIT */
/* The boot vCPU's first state, as the launch measures it. */
#pragma once

#include <stdint.h>

#include "abi/snp/vmsa.h"

/*
 * 32-bit protected mode, paging off, flat segments: the state that needs no
 * page tables in the image and that KVM takes. `params` goes into RSI.
 */
void vmsa_boot(uint64_t entry, uint64_t params, uint64_t sev_features,
	       struct vmsa *out);
