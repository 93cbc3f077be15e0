/* SPDX-License-Identifier: MIT */
/*
 * Decoder of raw DEFLATE streams (RFC 1951). The stream is from outside: every
 * length, distance and code is checked before it is used. Allocates nothing;
 * what was unpacked is handed out in pieces of a window that the caller brings.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

#define INFLATE_WINDOW	 32768u /* how far back a stream may point */
#define INFLATE_FAST	 10u	/* bits that one look-up decides */
#define INFLATE_BITS_MAX 15u
#define INFLATE_LITERALS 288u
#define INFLATE_LENGTHS	 320u /* literals, lengths and distances together */

/* Takes the next @size bytes of output, INFLATE_WINDOW at most; they are gone
 * when it returns. Anything but OK ends the decoding with that error. */
#define INFLATE_SINK(name) \
	enum err (*name)(void *who, const uint8_t *bytes, size_t size)

/* A canonical code: short codes by look-up, long ones by counting. */
struct inflate_code {
	uint16_t fast[1u << INFLATE_FAST]; /* symbol << 4 | bits; 0: longer */
	uint16_t count[INFLATE_BITS_MAX + 1];
	uint16_t symbol[INFLATE_LITERALS];
};

/* About 40 KiB; nothing in it has to be set before inflate_unpack(). */
struct inflate {
	const uint8_t *at, *end;
	uint64_t bits; /* taken from the input and not yet used */
	uint32_t held; /* how many of them */
	uint64_t total, limit;
	INFLATE_SINK(sink);
	void *who;
	struct inflate_code literal, distance;
	uint8_t lengths[INFLATE_LENGTHS];
	uint8_t window[INFLATE_WINDOW];
};

/*
 * Unpacks all of [in, in + size), which must end with the stream, into @sink.
 * ERR_FORMAT: not a whole valid stream, or bytes follow it; ERR_RANGE: more
 * than @limit bytes come out; or the sink's error. The sink may have taken
 * some output by then. *total: bytes of output.
 */
must_check enum err inflate_unpack(struct inflate *z, const void *in,
				   size_t size, uint64_t limit,
				   INFLATE_SINK(sink), void *who,
				   uint64_t *total);
