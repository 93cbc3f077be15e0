/* SPDX-License-Identifier: MIT */
/* kernel/mm/pvalidva.h at an address that ThreadSanitizer leaves to programs. */
#pragma once

#include <stdint.h>

#include "abi/boot/launch.h"

#define FAKE_PVALID_VA 0x1000000000ull

static inline uint64_t *pvalidva_bits(void)
{
	return (uint64_t *)FAKE_PVALID_VA;
}
