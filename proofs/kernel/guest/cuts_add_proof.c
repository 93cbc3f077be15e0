/* SPDX-License-Identifier: MIT */
/* proof: a cut that is added is whole pages that hold all it was asked to
 *   hold, overlaps none before it, and the cuts stay in ascending order
 * sources: kernel/guest/cuts.c
 * bound: up to 2 cuts before it within 16 pages, any numbers for the new one
 * flags: -DBOUND=16 --unwind 5 --max-field-sensitivity-array-size 24
 * mutation: kernel/guest/cuts.c@cuts_add: addr_up(start + size, PAGE_4K) =>
 *   addr_down(start + size, PAGE_4K)
 * mutation: kernel/guest/cuts.c@cuts_add: return ERR_EXISTS; => continue;
 * mutation: kernel/guest/cuts.c@cuts_add: < new.range.start.v =>
 *   > new.range.start.v
 * mutation: kernel/guest/cuts.c@cuts_add: addr_down(start, PAGE_4K) =>
 *   addr_up(start, PAGE_4K)
 */
#include "kernel/guest/cuts.h"

#include "proofs/fake/proof.h"

static struct cuts cuts;

static uint64_t cut_any(unsigned int i, uint64_t from)
{
	uint64_t start = from + any_upto(BOUND) * PAGE_4K;
	uint64_t size = (1 + any_upto(BOUND)) * PAGE_4K;

	cuts.cut[i] = (struct cut){ { { start }, size }, i + 1 };
	return start + size;
}

int main(void)
{
	uint64_t start = nondet_u64(), size = nondet_u64();
	unsigned int before = (unsigned int)any_upto(2), seen = 0;
	struct cut old[2];
	enum err e;

	cut_any(1, cut_any(0, 0));
	cuts.count = before;
	old[0] = cuts.cut[0];
	old[1] = cuts.cut[1];
	e = cuts_add(&cuts, start, size, 7);
	if (e != OK || !size) {
		PROVE(cuts.count == before);
		return 0;
	}
	PROVE(cuts.count == before + 1 && start + size > start);
	for (unsigned int i = 0; i < 3; i++) {
		const struct cut *c = &cuts.cut[i];

		if (i >= cuts.count)
			break;
		PROVE(!i ||
		      pa_range_end(cuts.cut[i - 1].range) <= c->range.start.v);
		if (c->kind != 7) {
			PROVE(c->range.start.v == old[seen].range.start.v &&
			      c->kind == seen + 1);
			seen++;
			continue;
		}
		PROVE(c->range.start.v <= start &&
		      pa_range_end(c->range) >= start + size);
		PROVE(addr_aligned(c->range.start.v | c->range.size, PAGE_4K));
	}
	PROVE(seen == before);
	SEEN(cuts.cut[1].kind == 7 && before == 2);
	return 0;
}
