/* SPDX-License-Identifier: MIT */
/* proof: ranges minus cuts: each piece begins where the one before ended, stays
 *   in the range, and all its bytes are of the kind that it says: in that cut,
 *   or in none; the walk ends at the last whole page
 * sources: kernel/guest/cuts.c
 * bound: one step from any place, so walks of any length; 2 cuts and a range
 *   anywhere in 4096 pages
 * flags: -DBOUND=4096 --unwind 4
 * long: -DBOUND=0x10000000000 --unwind 4
 * mutation: kernel/guest/cuts.c@cuts_next: cut->range.start.v <= start =>
 *   cut->range.start.v < start
 * mutation: kernel/guest/cuts.c@cuts_next: end = cut->range.start.v; =>
 * mutation: kernel/guest/cuts.c@cut_after: > at => >= at
 * mutation: kernel/guest/cuts.c@cuts_next: addr_up(*at, PAGE_4K) =>
 *   addr_down(*at, PAGE_4K)
 */
#include "kernel/guest/cuts.h"

#include "proofs/fake/proof.h"

#define PAGES BOUND

static struct cuts cuts;

/* As kernel/guest/cuts_add_proof.c leaves them: whole pages, ascending,
 * disjoint. */
static void cut_any(unsigned int i)
{
	uint64_t first = any_upto(PAGES - 1);
	uint64_t size = 1 + any_upto(PAGES - 1 - first);

	cuts.cut[i] =
		(struct cut){ { { first * PAGE_4K }, size * PAGE_4K }, i + 1 };
}

static uint32_t kind_of(uint64_t byte)
{
	for (unsigned int i = 0; i < 2; i++)
		if (byte - cuts.cut[i].range.start.v < cuts.cut[i].range.size)
			return cuts.cut[i].kind;
	return CUT_NONE;
}

int main(void)
{
	uint64_t byte = any_upto(2 * PAGES * PAGE_4K), at, from;
	struct pa_range whole;
	struct cut piece;
	enum err e = pa_range_make(any_upto(PAGES * PAGE_4K),
				   any_upto(PAGES * PAGE_4K), &whole);

	/* The memory map's ranges: kernel/mm/memmap.h. */
	GIVEN(e == OK);
	cut_any(0);
	cut_any(1);
	cuts.count = 2;
	GIVEN(pa_range_end(cuts.cut[0].range) <= cuts.cut[1].range.start.v);
	at = whole.start.v + any_upto(whole.size);
	from = addr_up(at, PAGE_4K);
	if (!cuts_next(&cuts, whole, &at, &piece)) {
		PROVE(from >= addr_down(pa_range_end(whole), PAGE_4K));
		return 0;
	}
	PROVE(piece.range.start.v == from && piece.range.size);
	PROVE(at == pa_range_end(piece.range) &&
	      pa_range_has(whole, piece.range));
	PROVE(addr_aligned(piece.range.size, PAGE_4K));
	PROVE(byte - from >= piece.range.size || piece.kind == kind_of(byte));
	SEEN(piece.kind == CUT_NONE && at == cuts.cut[1].range.start.v);
	return 0;
}
