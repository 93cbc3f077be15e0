/* SPDX-License-Identifier: MIT */
/* Bits come lowest first; a code is the exception, its highest bit first. */
#include "lib/inflate.h"

#include <stdbool.h>

#define END_OF_BLOCK   256u
#define LITERAL_CODES  286u
#define DISTANCE_CODES 30u
#define LENGTH_CODES   19u
#define FAST_MASK      ((1u << INFLATE_FAST) - 1)

/* Length and distance codes: base value and extra bits. */
static const uint16_t length_base[29] = { 3,   4,   5,	 6,   7,  8,  9,  10,
					  11,  13,  15,	 17,  19, 23, 27, 31,
					  35,  43,  51,	 59,  67, 83, 99, 115,
					  131, 163, 195, 227, 258 };
static const uint8_t length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
					  1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
					  4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t distance_base[30] = {
	1,    2,    3,	  4,	5,    7,    9,	  13,	 17,	25,
	33,   49,   65,	  97,	129,  193,  257,  385,	 513,	769,
	1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577
};
static const uint8_t distance_extra[30] = {
	0, 0, 0, 0, 1, 1, 2, 2,	 3,  3,	 4,  4,	 5,  5,	 6,
	6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13
};

/* As many whole bytes as fit; at the end of the input it may be none. */
static void refill(struct inflate *z)
{
	while (z->held <= 48 && z->at < z->end) {
		z->bits |= (uint64_t)*z->at++ << z->held;
		z->held += 8;
	}
}

static void drop(struct inflate *z, uint32_t n)
{
	z->bits >>= n;
	z->held -= n;
}

/* n <= 32 bits as a number. */
static enum err take(struct inflate *z, uint32_t n, uint32_t *out)
{
	refill(z);
	if (z->held < n)
		return ERR_FORMAT;
	*out = (uint32_t)(z->bits & ((1ull << n) - 1));
	drop(z, n);
	return OK;
}

static enum err window_flush(struct inflate *z, size_t size)
{
	return size ? z->sink(z->who, z->window, size) : OK;
}

static enum err put(struct inflate *z, uint8_t byte)
{
	uint32_t at = (uint32_t)(z->total % INFLATE_WINDOW);

	if (z->total == z->limit)
		return ERR_RANGE;
	z->window[at] = byte;
	z->total++;
	return at == INFLATE_WINDOW - 1 ? window_flush(z, INFLATE_WINDOW) : OK;
}

static enum err copy(struct inflate *z, uint32_t length, uint32_t distance)
{
	enum err e = OK;

	/* Nothing before the first byte, nothing the window has lost. */
	if (distance > z->total || distance > INFLATE_WINDOW)
		return ERR_FORMAT;
	while (length-- && e == OK)
		e = put(z, z->window[(z->total - distance) % INFLATE_WINDOW]);
	return e;
}

static uint32_t mirrored(uint32_t code, uint32_t bits)
{
	uint32_t out = 0;

	while (bits--) {
		out = out << 1 | (code & 1);
		code >>= 1;
	}
	return out;
}

static void fast_set(struct inflate_code *c, uint32_t code, uint32_t bits,
		     uint32_t symbol)
{
	for (uint32_t i = mirrored(code, bits); i <= FAST_MASK; i += 1u << bits)
		c->fast[i] = (uint16_t)(symbol << 4 | bits);
}

/* Symbols by code length, and the look-up table. *left: codes that are unused;
 * false: there are more than their lengths allow. */
static bool code_make(struct inflate_code *c, const uint8_t *lengths,
		      uint32_t n, int32_t *left)
{
	uint16_t offset[INFLATE_BITS_MAX + 2] = { 0 };
	uint32_t next[INFLATE_BITS_MAX + 2] = { 0 };

	for (uint32_t i = 0; i <= INFLATE_BITS_MAX; i++)
		c->count[i] = 0;
	for (uint32_t i = 0; i <= FAST_MASK; i++)
		c->fast[i] = 0;
	for (uint32_t i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	*left = 1;
	for (uint32_t i = 1; i <= INFLATE_BITS_MAX; i++) {
		*left = *left * 2 - c->count[i];
		if (*left < 0)
			return false;
		offset[i + 1] = (uint16_t)(offset[i] + c->count[i]);
		next[i + 1] = (next[i] + c->count[i]) << 1;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t bits = lengths[i];

		if (!bits)
			continue;
		c->symbol[offset[bits]++] = (uint16_t)i;
		if (bits <= INFLATE_FAST)
			fast_set(c, next[bits], bits, i);
		next[bits]++;
	}
	return true;
}

/* A code without a use for every bit pattern is wrong, but for one that has
 * no code, or a single one of one bit. */
static enum err code_check(struct inflate_code *c, const uint8_t *lengths,
			   uint32_t n)
{
	uint32_t longer = 0;
	int32_t left;

	if (!code_make(c, lengths, n, &left))
		return ERR_FORMAT;
	for (uint32_t i = 2; i <= INFLATE_BITS_MAX; i++)
		longer += c->count[i];
	return left > 0 && longer ? ERR_FORMAT : OK;
}

static enum err symbol_slow(struct inflate *z, const struct inflate_code *c,
			    uint32_t *symbol)
{
	uint32_t code = 0, first = 0, index = 0;

	for (uint32_t bits = 1; bits <= INFLATE_BITS_MAX; bits++) {
		if (bits > z->held)
			return ERR_FORMAT;
		code |= (uint32_t)(z->bits >> (bits - 1)) & 1;
		if (code - first < c->count[bits]) {
			*symbol = c->symbol[index + (code - first)];
			drop(z, bits);
			return OK;
		}
		index += c->count[bits];
		first = (first + c->count[bits]) << 1;
		code <<= 1;
	}
	return ERR_FORMAT;
}

static enum err symbol_take(struct inflate *z, const struct inflate_code *c,
			    uint32_t *symbol)
{
	uint32_t fast;

	refill(z);
	fast = c->fast[z->bits & FAST_MASK];
	if (!fast)
		return symbol_slow(z, c, symbol);
	/* Bits beyond the end of the input read as zero. */
	if ((fast & 15) > z->held)
		return ERR_FORMAT;
	drop(z, fast & 15);
	*symbol = fast >> 4;
	return OK;
}

static enum err distance_take(struct inflate *z, uint32_t *distance)
{
	uint32_t symbol, extra;
	enum err e = symbol_take(z, &z->distance, &symbol);

	if (e != OK)
		return e;
	if (symbol >= DISTANCE_CODES)
		return ERR_FORMAT;
	e = take(z, distance_extra[symbol], &extra);
	if (e == OK)
		*distance = distance_base[symbol] + extra;
	return e;
}

static enum err match(struct inflate *z, uint32_t symbol)
{
	uint32_t extra, distance;
	enum err e;

	if (symbol >= LITERAL_CODES)
		return ERR_FORMAT;
	symbol -= END_OF_BLOCK + 1;
	e = take(z, length_extra[symbol], &extra);
	if (e == OK)
		e = distance_take(z, &distance);
	return e == OK ? copy(z, length_base[symbol] + extra, distance) : e;
}

static enum err block_coded(struct inflate *z)
{
	for (;;) {
		uint32_t symbol;
		enum err e = symbol_take(z, &z->literal, &symbol);

		if (e == OK && symbol == END_OF_BLOCK)
			return OK;
		if (e == OK)
			e = symbol < END_OF_BLOCK ? put(z, (uint8_t)symbol)
						  : match(z, symbol);
		if (e != OK)
			return e;
	}
}

static enum err block_fixed(struct inflate *z)
{
	int32_t left;

	for (uint32_t i = 0; i < INFLATE_LITERALS; i++)
		z->lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	(void)code_make(&z->literal, z->lengths, INFLATE_LITERALS, &left);
	for (uint32_t i = 0; i < 32; i++)
		z->lengths[i] = 5;
	(void)code_make(&z->distance, z->lengths, 32, &left);
	return block_coded(z);
}

/* The code of the code lengths; lives in the literal code for the while. */
static enum err lengths_code(struct inflate *z, uint32_t count)
{
	static const uint8_t order[LENGTH_CODES] = { 16, 17, 18, 0,  8, 7,  9,
						     6,	 10, 5,	 11, 4, 12, 3,
						     13, 2,  14, 1,  15 };
	uint8_t lengths[LENGTH_CODES] = { 0 };
	int32_t left;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t length;
		enum err e = take(z, 3, &length);

		if (e != OK)
			return e;
		lengths[order[i]] = (uint8_t)length;
	}
	if (!code_make(&z->literal, lengths, LENGTH_CODES, &left) || left)
		return ERR_FORMAT;
	return OK;
}

/* Symbols 16 to 18: a length, or none, several times over. */
static enum err lengths_repeat(struct inflate *z, uint32_t symbol, uint32_t at,
			       uint32_t count, uint32_t *times)
{
	uint32_t bits = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
	uint8_t length = 0;
	enum err e = take(z, bits, times);

	if (e != OK)
		return e;
	*times += symbol == 18 ? 11 : 3;
	if ((symbol == 16 && !at) || *times > count - at)
		return ERR_FORMAT;
	if (symbol == 16)
		length = z->lengths[at - 1];
	for (uint32_t i = 0; i < *times; i++)
		z->lengths[at + i] = length;
	return OK;
}

static enum err lengths_read(struct inflate *z, uint32_t count)
{
	uint32_t at = 0;

	while (at < count) {
		uint32_t symbol, times = 1;
		enum err e = symbol_take(z, &z->literal, &symbol);

		if (e == OK && symbol > INFLATE_BITS_MAX)
			e = lengths_repeat(z, symbol, at, count, &times);
		else if (e == OK)
			z->lengths[at] = (uint8_t)symbol;
		if (e != OK)
			return e;
		at += times;
	}
	return OK;
}

static enum err block_dynamic(struct inflate *z)
{
	uint32_t literals, distances, codes;
	enum err e = take(z, 5, &literals);

	if (e == OK)
		e = take(z, 5, &distances);
	if (e == OK)
		e = take(z, 4, &codes);
	if (e != OK)
		return e;
	literals += 257;
	distances += 1;
	if (literals > LITERAL_CODES || distances > DISTANCE_CODES)
		return ERR_FORMAT;
	e = lengths_code(z, codes + 4);
	if (e == OK)
		e = lengths_read(z, literals + distances);
	/* A block that cannot end is wrong from the start. */
	if (e == OK && !z->lengths[END_OF_BLOCK])
		e = ERR_FORMAT;
	if (e == OK)
		e = code_check(&z->literal, z->lengths, literals);
	if (e == OK)
		e = code_check(&z->distance, z->lengths + literals, distances);
	return e == OK ? block_coded(z) : e;
}

static enum err block_stored(struct inflate *z)
{
	uint32_t size, check;
	enum err e;

	drop(z, z->held % 8);
	e = take(z, 16, &size);
	if (e == OK)
		e = take(z, 16, &check);
	if (e == OK && (size ^ check) != 0xffff)
		e = ERR_FORMAT;
	while (e == OK && size--) {
		uint32_t byte;

		e = take(z, 8, &byte);
		if (e == OK)
			e = put(z, (uint8_t)byte);
	}
	return e;
}

static enum err block(struct inflate *z, bool *last)
{
	uint32_t head;
	enum err e = take(z, 3, &head);

	if (e != OK)
		return e;
	*last = head & 1;
	switch (head >> 1) {
	case 0:
		return block_stored(z);
	case 1:
		return block_fixed(z);
	case 2:
		return block_dynamic(z);
	default:
		return ERR_FORMAT;
	}
}

enum err inflate_unpack(struct inflate *z, const void *in, size_t size,
			uint64_t limit, INFLATE_SINK(sink), void *who,
			uint64_t *total)
{
	bool last = false;
	enum err e = OK;

	z->at = in;
	z->end = z->at + size;
	z->bits = 0;
	z->held = 0;
	z->total = 0;
	z->limit = limit;
	z->sink = sink;
	z->who = who;
	while (e == OK && !last)
		e = block(z, &last);
	if (e != OK)
		return e;
	if (z->held / 8 || z->at < z->end)
		return ERR_FORMAT;
	*total = z->total;
	return window_flush(z, (size_t)(z->total % INFLATE_WINDOW));
}
