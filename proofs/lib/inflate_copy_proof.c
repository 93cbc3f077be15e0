/* SPDX-License-Identifier: MIT */
/* proof: a match reads and writes inside the window, reaches back to bytes that are
 *   still there, keeps the limit, and hands out full windows alone
 * sources: lib/inflate.c
 * bound: matches of at most 1 byte, at any place of the output
 * flags: -DBOUND=1 --unwind 2
 * long: -DBOUND=3 --unwind 4
 * mutation: lib/inflate.c@copy: distance > z->total || =>
 * mutation: lib/inflate.c@put: z->total == z->limit => false
 * mutation: lib/inflate.c@copy: (z->total - distance) % INFLATE_WINDOW => z->total - distance
 */
#include "lib/inflate.c"

#include "proofs/fake/proof.h"

static struct inflate z;
static uint64_t flushed;

static enum err sink(void *who, const uint8_t *bytes, size_t size)
{
	(void)who;
	PROVE(bytes == z.window && size == INFLATE_WINDOW);
	PROVE(z.total % INFLATE_WINDOW == 0);
	flushed += size;
	return nondet_bool() ? OK : ERR_NOMEM;
}

int main(void)
{
	uint32_t length = (uint32_t)any_upto(BOUND), distance = nondet_u32();
	uint64_t before;
	enum err e;

	ANY(z);
	z.sink = sink;
	GIVEN(z.limit < 1ull << 52 && z.total <= z.limit && distance);
	before = z.total;
	e = copy(&z, length, distance);
	PROVE(z.total <= z.limit && z.total - before <= length);
	PROVE(e != ERR_FORMAT || z.total == before);
	if (e != OK)
		return 0;
	PROVE(z.total == before + length);
	PROVE(distance <= before && distance <= INFLATE_WINDOW);
	PROVE(flushed == (before / INFLATE_WINDOW == z.total / INFLATE_WINDOW
				  ? 0
				  : INFLATE_WINDOW));
	SEEN(flushed && distance == INFLATE_WINDOW);
	return 0;
}
