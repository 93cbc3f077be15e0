/* SPDX-License-Identifier: MIT */
/* proof: writing never leaves the ring's bytes, keeps the newest, counts what is
 *   lost; reading gives them in order
 * sources: lib/ring.c proofs/fake/bytes.c
 * bound: 4 bytes, texts of at most 5, any place in the ring, any counter below 2^63
 * flags: -DBOUND=4 --unwind 6
 * mutation: lib/ring.c@ring_put: r->size - at < count ? r->size - at : count => count
 * mutation: lib/ring.c@ring_put: r->tail = r->head - r->size => r->tail = r->head - r->size + 1
 * mutation: lib/ring.c@ring_put: p += count - r->size =>
 * mutation: lib/ring.c@ring_peek: n > left - done => n > left
 */
#include "lib/ring.h"
#include "proofs/fake/proof.h"

#define TEXT (BOUND + 1)

int main(void)
{
	uint8_t bytes[BOUND], text[TEXT], out[TEXT], last = nondet_u8();
	struct ring r;
	size_t count = any_upto(TEXT), room = any_upto(TEXT), got, used;
	uint64_t head;

	ANY(text);
	ring_init(&r, bytes, BOUND);
	r.head = nondet_u64();
	r.tail = r.head - any_upto(BOUND);
	/* No log gets there in the life of a machine. */
	GIVEN(r.head < 1ull << 63 && r.tail <= r.head);
	if (ring_used(&r))
		bytes[(r.head - 1) % BOUND] = last;
	used = ring_used(&r);
	head = r.head;
	ring_put(&r, text, count);
	PROVE(r.head == head + count);
	PROVE(ring_used(&r) == (used + count < BOUND ? used + count : BOUND));
	PROVE(r.lost == used + count - ring_used(&r));
	used = ring_used(&r);
	got = ring_take(&r, out, room);
	PROVE(got == (room < used ? room : used));
	PROVE(ring_used(&r) == used - got);
	for (size_t i = 0; i < got; i++) {
		size_t back = used - i; /* so far from the newest */

		if (back <= count)
			PROVE(out[i] == text[count - back]);
		else if (back == count + 1)
			PROVE(out[i] == last);
	}
	SEEN(got == BOUND && count == TEXT);
	return 0;
}
