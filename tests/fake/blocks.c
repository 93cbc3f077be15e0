/* SPDX-License-Identifier: MIT */
/* What the compiler calls at the head of each block. */
#include "tests/fake/blocks.h"

uint64_t blocks_entered;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	blocks_entered++;
}
