/* SPDX-License-Identifier: MIT */
/* A byte ring: head and tail only grow, their low bits are the position. */
#include "lib/ring.h"

#include "lib/str.h"

void ring_init(struct ring *r, void *bytes, size_t size)
{
	*r = (struct ring){ .bytes = bytes, .size = size };
}

void ring_put(struct ring *r, const void *bytes, size_t count)
{
	const uint8_t *p = bytes;

	/* Of a text longer than the ring only the end would survive. */
	if (count > r->size) {
		r->head += count - r->size;
		p += count - r->size;
		count = r->size;
	}
	while (count) {
		size_t at = (size_t)(r->head & (r->size - 1));
		size_t n = r->size - at < count ? r->size - at : count;

		memcpy(r->bytes + at, p, n);
		r->head += n;
		p += n;
		count -= n;
	}
	/* The writer overtook the reader: what was overwritten is lost. */
	if (r->head - r->tail > r->size) {
		r->lost += r->head - r->tail - r->size;
		r->tail = r->head - r->size;
	}
}

size_t ring_peek(const struct ring *r, size_t at, void *to, size_t room)
{
	uint8_t *out = to;
	size_t done = 0, left;

	if (at >= ring_used(r))
		return 0;
	left = ring_used(r) - at;
	if (left > room)
		left = room;
	while (done < left) {
		size_t from = (size_t)((r->tail + at + done) & (r->size - 1));
		size_t n = r->size - from;

		if (n > left - done)
			n = left - done;
		memcpy(out + done, r->bytes + from, n);
		done += n;
	}
	return done;
}

size_t ring_take(struct ring *r, void *to, size_t room)
{
	size_t n = ring_peek(r, 0, to, room);

	r->tail += n;
	return n;
}
