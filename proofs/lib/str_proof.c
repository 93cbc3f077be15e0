/* SPDX-License-Identifier: MIT */
/* proof: the image's own memcpy, memmove, memset and memcmp do to every byte what
 *   C says, at any distance, and touch no other
 * sources: lib/bare/str.c
 * bound: at most 9 bytes, which is a word and a byte; from one place to any of 2, on each
 *   side of it
 * flags: -DBOUND=9 --unwind 14
 * long: -DBOUND=35 --unwind 40
 * mutation: lib/bare/str.c@copy_down: d[size] = s[size] => d[size] = s[0]
 * mutation: lib/bare/str.c@memmove: copy_down(to, from, size) => copy_up(to, from, size)
 * mutation: lib/bare/str.c@memset: *db++ = (uint8_t)byte => *db = (uint8_t)byte
 * mutation: lib/bare/str.c@memcmp: *x != *y => *x != *y && size > 1
 */
#include "lib/str.h"
#include "proofs/fake/proof.h"

#define ROOM (BOUND + 4)

static uint8_t bytes[ROOM], old[ROOM], other[ROOM];

static void moved(void)
{
	const size_t from = 2;
	size_t to = nondet_bool() ? 1 : 3, n = any_upto(BOUND);
	size_t at = any_upto(ROOM - 1);
	bool inside = at >= to && at - to < n;

	memmove(bytes + to, bytes + from, n);
	PROVE(bytes[at] == (inside ? old[at - to + from] : old[at]));
	SEEN(n == BOUND && to > from);
}

static void copied(void)
{
	size_t to = nondet_bool() ? 1 : 3, n = any_upto(BOUND);
	size_t at = any_upto(ROOM - 1);
	bool inside = at >= to && at - to < n;

	memcpy(bytes + to, other, n);
	PROVE(bytes[at] == (inside ? other[at - to] : old[at]));
}

static void filled(void)
{
	size_t to = nondet_bool() ? 1 : 3, n = any_upto(BOUND);
	size_t at = any_upto(ROOM - 1);
	bool inside = at >= to && at - to < n;
	uint8_t byte = nondet_u8();

	memset(bytes + to, byte, n);
	PROVE(bytes[at] == (inside ? byte : old[at]));
}

static void compared(void)
{
	size_t n = any_upto(BOUND), at = any_upto(BOUND - 1);
	int c = memcmp(bytes, other, n);

	if (c == 0)
		PROVE(at >= n || bytes[at] == other[at]);
	else
		PROVE(n != 0);
	if (n && bytes[0] != other[0])
		PROVE((c < 0) == (bytes[0] < other[0]));
}

int main(void)
{
	ANY(bytes);
	ANY(other);
	for (size_t i = 0; i < ROOM; i++)
		old[i] = bytes[i];
	switch (any_upto(3)) {
	case 0:
		moved();
		break;
	case 1:
		copied();
		break;
	case 2:
		filled();
		break;
	default:
		compared();
	}
	return 0;
}
