/* SPDX-License-Identifier: MIT */
/* proof: after any pages were set and one dropped, each page that is there is
 *   found with its last value, and no other
 * sources: lib/pageindex.c
 * bound: 3 pages of any value, out of 16 whose places in 8 words collide
 * flags: -DBOUND=3 --unwind 9
 * mutation: lib/pageindex.c@pageindex_drop: x->entry[hole] = x->entry[at] =>
 * mutation: lib/pageindex.c@pageindex_drop: ((at - hole) & x->mask) => 1
 * mutation: lib/pageindex.c@place: (at + 1) & x->mask => at + 1
 */
#include "lib/pageindex.h"
#include "proofs/fake/proof.h"

#define WORDS 8

/* Few bits: the product that hashes is what costs. Two pages and more share
 * each home, so every way to collide is there. */
static uint64_t any_page(void)
{
	return (nondet_u64() & 15) << 12;
}

int main(void)
{
	uint64_t entry[WORDS] = { 0 }, page[BOUND], asked = any_page();
	uint64_t dropped = any_page();
	uint32_t value[BOUND], got = ~0u, want = ~0u;
	struct pageindex x = pageindex_make(entry, WORDS);

	PROVE(pageindex_words(BOUND) == WORDS);
	for (int i = 0; i < BOUND; i++) {
		page[i] = any_page();
		value[i] = nondet_u32();
		GIVEN(value[i] < PAGEINDEX_VALUES); /* pageindex.h */
		pageindex_set(&x, page[i], value[i]);
		if (page[i] == asked)
			want = value[i];
	}
	pageindex_drop(&x, dropped);
	if (dropped == asked)
		want = ~0u;
	PROVE(pageindex_find(&x, asked, &got) == (want != ~0u));
	PROVE(got == want);
	SEEN(got != ~0u && dropped == page[0] && page[1] != page[0]);
	return 0;
}
