/* SPDX-License-Identifier: MIT */
/* Where the arrays of the validation record lie. Unit tests find
 * tests/fake/kernel/mm/pvalidva.h: kernel addresses do not exist there. */
#pragma once

#include <stdint.h>

#include "abi/boot/launch.h"

/* The bits; the pins are PVALID_VA_SIZE behind. 64 bytes, one bit a page, for
 * each 2 MiB region. */
static inline uint64_t *pvalidva_bits(void)
{
	return (uint64_t *)PVALID_BITS_VA;
}
