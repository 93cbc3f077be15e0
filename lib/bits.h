/* SPDX-License-Identifier: MIT */
/* Bits and bit fields of 64-bit words. */
#pragma once

#include <stdint.h>

#define BIT(n)		(1ull << (n))
/* Bits high down to low, both included; 0 <= low <= high <= 63. */
#define MASK(high, low) ((~0ull >> (63 - (high))) & (~0ull << (low)))

/* A field is named by its mask, which is a non-zero run of bits. */
#define FIELD_SHIFT(mask)     (__builtin_ctzll(mask))
#define FIELD_GET(mask, word) (((uint64_t)(word) & (mask)) >> FIELD_SHIFT(mask))
/* The word's bits for this field; a value too wide is cut, never spills. */
#define FIELD_MAKE(mask, value) \
	(((uint64_t)(value) << FIELD_SHIFT(mask)) & (mask))
#define FIELD_SET(mask, word, value) \
	(((uint64_t)(word) & ~(uint64_t)(mask)) | FIELD_MAKE(mask, value))
