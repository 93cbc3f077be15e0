/* SPDX-License-Identifier: MIT */
/* kernel/mm/pvalidva.h for unit tests: addresses that a test program has.
 * Pages appear there by kmap_page, as in the kernel; others fault. */
#pragma once

#include <stdint.h>

#include "abi/boot/launch.h"

#define FAKE_PVALID_VA 0x220000000000ull

static inline uint64_t *pvalidva_bits(void)
{
	return (uint64_t *)FAKE_PVALID_VA;
}
