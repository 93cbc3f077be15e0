/* SPDX-License-Identifier: MIT */
/* Bit ranges a word at a time; every bound is the caller's. */
#include "lib/bitmap.h"

/* The bits of word `word` that belong to [first, end). */
static uint64_t part(size_t word, size_t first, size_t end)
{
	uint64_t m = ~0ull;

	if (first > word * 64)
		m <<= first - word * 64;
	if (end < word * 64 + 64)
		m &= ~0ull >> (word * 64 + 64 - end);
	return m;
}

void bitmap_set_range(uint64_t *map, size_t first, size_t count)
{
	size_t end = first + count;

	for (size_t w = first / 64; count && w <= (end - 1) / 64; w++)
		map[w] |= part(w, first, end);
}

void bitmap_clear_range(uint64_t *map, size_t first, size_t count)
{
	size_t end = first + count;

	for (size_t w = first / 64; count && w <= (end - 1) / 64; w++)
		map[w] &= ~part(w, first, end);
}

bool bitmap_all_set(const uint64_t *map, size_t first, size_t count)
{
	return bitmap_next_clear(map, first, first + count) == BITMAP_NONE;
}

bool bitmap_all_clear(const uint64_t *map, size_t first, size_t count)
{
	return bitmap_next_set(map, first, first + count) == BITMAP_NONE;
}

size_t bitmap_count(const uint64_t *map, size_t first, size_t count)
{
	size_t end = first + count, n = 0;

	for (size_t w = first / 64; count && w <= (end - 1) / 64; w++)
		for (uint64_t v = map[w] & part(w, first, end); v; v &= v - 1)
			n++;
	return n;
}

/* flip is all ones to look for clear bits, 0 for set ones. */
static size_t next(const uint64_t *map, size_t from, size_t bits, uint64_t flip)
{
	for (size_t w = from / 64; from < bits && w <= (bits - 1) / 64; w++) {
		uint64_t v = (map[w] ^ flip) & part(w, from, bits);

		if (v)
			return w * 64 + (size_t)__builtin_ctzll(v);
	}
	return BITMAP_NONE;
}

size_t bitmap_next_set(const uint64_t *map, size_t from, size_t bits)
{
	return next(map, from, bits, 0);
}

size_t bitmap_next_clear(const uint64_t *map, size_t from, size_t bits)
{
	return next(map, from, bits, ~0ull);
}

/* After a set bit, go on behind its run: no bit is looked at twice. */
size_t bitmap_find_clear(const uint64_t *map, size_t bits, size_t count,
			 size_t align)
{
	size_t at = 0;

	while (at < bits && count <= bits - at) {
		size_t set = bitmap_next_set(map, at, at + count);

		if (set == BITMAP_NONE)
			return at;
		at = bitmap_next_clear(map, set, bits);
		if (at == BITMAP_NONE)
			break;
		at = (at + align - 1) & ~(align - 1);
	}
	return BITMAP_NONE;
}
