/* SPDX-License-Identifier: MIT */
/* proof: the first set or clear bit is found, or there is none; a range is all
 *   set or all clear only if each of its bits is
 * sources: lib/bitmap.c lib/bitmap.h
 * bound: 2 words, every range in them
 * flags: -DBOUND=128 --unwind 3
 * long: -DBOUND=256 --unwind 5
 * mutation: lib/bitmap.c@part: first > word * 64 => first > word * 64 + 64
 * mutation: lib/bitmap.c@next: w <= (bits - 1) / 64 => w < (bits - 1) / 64
 * mutation: lib/bitmap.c@next: from < bits && =>
 */
#include "lib/bitmap.h"
#include "proofs/fake/proof.h"

static uint64_t map[BOUND / 64];

/* One bit stands for all others: it may be any. */
int main(void)
{
	size_t from = any_upto(BOUND), bits = any_upto(BOUND);
	size_t other = any_upto(BOUND - 1);
	bool set = nondet_bool(), between;
	size_t at;

	ANY(map);
	at = set ? bitmap_next_set(map, from, bits)
		 : bitmap_next_clear(map, from, bits);
	between = other >= from && other < (at == BITMAP_NONE ? bits : at);
	PROVE(!between || bitmap_test(map, other) != set);
	PROVE(at == BITMAP_NONE || (at >= from && at < bits));
	PROVE(at == BITMAP_NONE || bitmap_test(map, at) == set);
	SEEN(at == BITMAP_NONE && from == 0 && bits == BOUND);
	SEEN(at == BOUND - 1);
	return 0;
}
