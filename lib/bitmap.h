/* SPDX-License-Identifier: MIT */
/*
 * Bit ranges in an array of 64-bit words that the caller owns and guards. Bit n
 * is bit n % 64 of word n / 64. A range is [first, first + count).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BITMAP_WORDS(bits) (((bits) + 63) / 64)
#define BITMAP_NONE	   (~(size_t)0)

static inline bool bitmap_test(const uint64_t *map, size_t bit)
{
	return map[bit / 64] >> (bit % 64) & 1;
}

static inline void bitmap_set(uint64_t *map, size_t bit)
{
	map[bit / 64] |= 1ull << (bit % 64);
}

static inline void bitmap_clear(uint64_t *map, size_t bit)
{
	map[bit / 64] &= ~(1ull << (bit % 64));
}

void bitmap_set_range(uint64_t *map, size_t first, size_t count);
void bitmap_clear_range(uint64_t *map, size_t first, size_t count);

/* An empty range is both all set and all clear. */
bool bitmap_all_set(const uint64_t *map, size_t first, size_t count);
bool bitmap_all_clear(const uint64_t *map, size_t first, size_t count);

size_t bitmap_count(const uint64_t *map, size_t first, size_t count);

/* The first bit of that kind in [from, bits), or BITMAP_NONE. */
size_t bitmap_next_set(const uint64_t *map, size_t from, size_t bits);
size_t bitmap_next_clear(const uint64_t *map, size_t from, size_t bits);

/*
 * The first run of `count` clear bits in [0, bits) that starts at a multiple of
 * align (a power of two), or BITMAP_NONE. count is at least 1.
 */
size_t bitmap_find_clear(const uint64_t *map, size_t bits, size_t count,
			 size_t align);
