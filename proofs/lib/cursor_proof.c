/* SPDX-License-Identifier: MIT */
/* proof: any row of reads stays inside the bytes, gives what stands there or
 *   zero, and once failed fails for ever
 * sources: lib/cursor.h
 * bound: 12 bytes, 4 reads of any kind, any number as size or offset
 * flags: -DBOUND=12 --unwind 5
 * long: -DBOUND=24 --unwind 9
 * mutation: lib/cursor.h@cursor_take: (size_t)(c->end - c->at) < size => 0
 * mutation: lib/cursor.h@cursor_take: c->failed || =>
 * mutation: lib/cursor.h@cursor_bytes: memset(to, 0, size) => (void)to
 * mutation: lib/cursor.h@cursor_seek: offset > (size_t)(c->end - c->start) =>
 *   offset > (size_t)(c->end - c->start) + 1
 */
#include "lib/cursor.h"
#include "proofs/fake/proof.h"

#define STEPS (BOUND / 3)

static uint8_t bytes[BOUND];
static size_t size;

static bool well(const struct cursor *c)
{
	return c->start == bytes && c->end == bytes + size &&
	       cursor_offset(c) <= size &&
	       cursor_left(c) <= size - cursor_offset(c);
}

/* A number of four bytes is the bytes, or zero past the end. */
static void number(struct cursor *c)
{
	struct cursor before = *c;
	size_t at = cursor_offset(c);
	uint32_t v = cursor_u32(c);

	if (before.failed || size - at < 4) {
		PROVE(c->failed && v == 0 && c->at == before.at);
		return;
	}
	PROVE(!c->failed && cursor_offset(c) == at + 4);
	PROVE(v ==
	      (bytes[at] | (uint32_t)bytes[at + 1] << 8 |
	       (uint32_t)bytes[at + 2] << 16 | (uint32_t)bytes[at + 3] << 24));
}

static void take(struct cursor *c)
{
	struct cursor before = *c;
	size_t n = nondet_size();
	const uint8_t *p = cursor_take(c, n);

	if (!p) {
		PROVE(c->failed);
		return;
	}
	PROVE(!before.failed && p == before.at && n <= cursor_left(&before));
	PROVE(c->at == p + n);
}

static void align(struct cursor *c)
{
	size_t n = (size_t)1 << any_upto(12);
	size_t at = cursor_offset(c);

	cursor_align(c, n);
	PROVE(c->failed ||
	      (cursor_offset(c) % n == 0 && cursor_offset(c) >= at &&
	       cursor_offset(c) - at < n));
}

static void seek(struct cursor *c)
{
	size_t to = nondet_size();
	bool failed = c->failed;

	cursor_seek(c, to);
	PROVE(c->failed == (failed || to > size));
	PROVE(c->failed || cursor_offset(c) == to);
}

static void step(struct cursor *c)
{
	bool failed = c->failed;

	switch (nondet_u8() % 4) {
	case 0:
		number(c);
		break;
	case 1:
		take(c);
		break;
	case 2:
		align(c);
		break;
	default:
		seek(c);
	}
	PROVE(well(c));
	PROVE(!failed || c->failed);
}

int main(void)
{
	struct cursor c;

	ANY(bytes);
	size = any_upto(BOUND);
	c = cursor_make(bytes, size);
	for (int i = 0; i < STEPS; i++)
		step(&c);
	SEEN(!c.failed && cursor_left(&c) == 0 && size == BOUND);
	return 0;
}
