/* SPDX-License-Identifier: MIT */
/* proof: a range made from outside never wraps; containment and overlap are
 *   what they are for single addresses
 * sources: lib/addr.h
 * bound: none: all ranges
 * mutation: lib/addr.h@pa_range_make: start > PA_LIMIT || =>
 * mutation: lib/addr.h@pa_range_overlap: a.size && b.size && =>
 * mutation: lib/addr.h@pa_range_overlap: b.start.v < pa_range_end(a) =>
 *   b.start.v <= pa_range_end(a)
 * mutation: lib/addr.h@pa_range_has: <= pa_range_end(outer) => <= pa_range_end(outer) + 1
 */
#include "lib/addr.h"
#include "proofs/fake/proof.h"

static bool at(struct pa_range r, uint64_t a)
{
	return a >= r.start.v && a - r.start.v < r.size;
}

/* Whole pages, as all callers of the two have them or may have them. */
static void pairs(struct pa_range a, struct pa_range b)
{
	uint64_t x = nondet_u64();

	if (pa_range_overlap(a, b)) {
		/* The later start is in both. */
		uint64_t s = a.start.v > b.start.v ? a.start.v : b.start.v;

		PROVE(at(a, s) && at(b, s));
	} else {
		PROVE(!at(a, x) || !at(b, x));
	}
	PROVE(pa_range_overlap(a, b) == pa_range_overlap(b, a));
	if (pa_range_has(a, b))
		PROVE(!at(b, x) || at(a, x));
	SEEN(pa_range_has(a, b) && b.size);
	SEEN(!pa_range_has(a, b) && at(a, b.start.v));
}

int main(void)
{
	uint64_t start = nondet_u64(), size = nondet_u64();
	uint64_t start_b = nondet_u64(), size_b = nondet_u64();
	uint64_t align = nondet_bool() ? PAGE_4K : PAGE_2M;
	struct pa_range a, b;

	PROVE(addr_aligned(addr_down(start, align), align));
	PROVE(start - addr_down(start, align) < align);
	if (pa_range_make(start, size, &a) != OK) {
		PROVE(size > PA_LIMIT || start + size > PA_LIMIT ||
		      start > PA_LIMIT);
		return 0;
	}
	PROVE(a.start.v == start && a.size == size);
	PROVE(pa_range_end(a) >= start && pa_range_end(a) <= PA_LIMIT);
	PROVE(addr_up(start, align) >= start &&
	      addr_up(start, align) - start < align);
	if (pa_range_make(start_b, size_b, &b) == OK)
		pairs(a, b);
	return 0;
}
