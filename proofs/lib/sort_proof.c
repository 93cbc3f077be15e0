/* SPDX-License-Identifier: MIT */
/* proof: any values come out ascending, and none is lost or made up
 * sources: lib/sort.c
 * bound: 3 values
 * flags: -DBOUND=3 --unwind 4
 * long: -DBOUND=5 --unwind 6
 * mutation: lib/sort.c@sift: child + 1 < count && => child + 2 < count &&
 * mutation: lib/sort.c@sift: v[child] <= value => v[child] <= value + 1
 * mutation: lib/sort.c@sort_u32: i-- > 1 => i-- > 2
 */
#include "lib/sort.h"
#include "proofs/fake/proof.h"

static size_t times(const uint32_t *v, size_t count, uint32_t value)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += v[i] == value;
	return n;
}

int main(void)
{
	uint32_t v[BOUND], value = nondet_u32();
	size_t count = any_upto(BOUND), before;

	ANY(v);
	before = times(v, count, value);
	sort_u32(v, count);
	PROVE(times(v, count, value) == before);
	for (size_t i = 1; i < count; i++)
		PROVE(v[i - 1] <= v[i]);
	SEEN(count == BOUND && before == 2);
	return 0;
}
