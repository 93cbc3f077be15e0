/* SPDX-License-Identifier: MIT */
/* proof: setting or clearing a range changes exactly its own bits
 * sources: lib/bitmap.c lib/bitmap.h
 * bound: 2 words, every range in them
 * flags: -DBOUND=128 --unwind 3
 * long: -DBOUND=256 --unwind 5
 * mutation: lib/bitmap.c@part: end < word * 64 + 64 => end < word * 64 + 63
 * mutation: lib/bitmap.c@bitmap_clear_range: w <= (end - 1) / 64 => w < (end - 1) / 64
 * mutation: lib/bitmap.c@bitmap_set_range: count && =>
 */
#include "lib/bitmap.h"
#include "proofs/fake/proof.h"

static uint64_t map[BOUND / 64], old[BOUND / 64];

/* One bit stands for all: it may be any. */
int main(void)
{
	size_t first = any_upto(BOUND), count = any_upto(BOUND);
	size_t bit = any_upto(BOUND - 1);
	bool inside, set = nondet_bool();

	GIVEN(count <= BOUND - first); /* bitmap.h: the map is the caller's */
	ANY(map);
	for (size_t i = 0; i < BOUND / 64; i++)
		old[i] = map[i];
	inside = bit >= first && bit - first < count;
	if (set)
		bitmap_set_range(map, first, count);
	else
		bitmap_clear_range(map, first, count);
	PROVE(bitmap_test(map, bit) == (inside ? set : bitmap_test(old, bit)));
	SEEN(count == BOUND);
	return 0;
}
