/* SPDX-License-Identifier: MIT */
/*
 * The one way to read or write bytes of an outside format. A step past the end
 * does nothing, yields zero and marks the cursor as failed for ever; callers
 * test that once, at the end. Numbers are little endian, unaligned.
 */
#pragma once

#include "lib/str.h"

struct cursor {
	const uint8_t *start, *at, *end;
	bool failed;
};

static inline struct cursor cursor_make(const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	return (struct cursor){ p, p, p + size, false };
}

static inline size_t cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : (size_t)(c->end - c->at);
}

/* Bytes from the start to here. */
static inline size_t cursor_offset(const struct cursor *c)
{
	return (size_t)(c->at - c->start);
}

/* Points at the next size bytes, which stay the owner's; NULL past the end. */
static inline const void *cursor_take(struct cursor *c, size_t size)
{
	const uint8_t *p = c->at;

	if (c->failed || (size_t)(c->end - c->at) < size) {
		c->failed = true;
		return NULL;
	}
	c->at += size;
	return p;
}

/* Copies out; zeroes `to` past the end, so that nothing stale is used. */
static inline void cursor_bytes(struct cursor *c, void *to, size_t size)
{
	const void *p = cursor_take(c, size);

	if (p)
		memcpy(to, p, size);
	else
		memset(to, 0, size);
}

static inline void cursor_skip(struct cursor *c, size_t size)
{
	(void)cursor_take(c, size);
}

/* To the next multiple of align (a power of two) from the start. */
static inline void cursor_align(struct cursor *c, size_t align)
{
	cursor_skip(c, (align - cursor_offset(c)) & (align - 1));
}

/* To an absolute offset, in either direction. */
static inline void cursor_seek(struct cursor *c, size_t offset)
{
	if (c->failed || offset > (size_t)(c->end - c->start))
		c->failed = true;
	else
		c->at = c->start + offset;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	uint8_t v;

	cursor_bytes(c, &v, sizeof(v));
	return v;
}

static inline uint16_t cursor_u16(struct cursor *c)
{
	uint16_t v;

	cursor_bytes(c, &v, sizeof(v));
	return v;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	uint32_t v;

	cursor_bytes(c, &v, sizeof(v));
	return v;
}

static inline uint64_t cursor_u64(struct cursor *c)
{
	uint64_t v;

	cursor_bytes(c, &v, sizeof(v));
	return v;
}

/* The writer: the same rules, into a buffer of the caller. */
struct cursor_out {
	uint8_t *start, *at, *end;
	bool failed;
};

static inline struct cursor_out cursor_out_make(void *bytes, size_t size)
{
	uint8_t *p = bytes;

	return (struct cursor_out){ p, p, p + size, false };
}

static inline size_t cursor_out_offset(const struct cursor_out *c)
{
	return (size_t)(c->at - c->start);
}

static inline size_t cursor_out_left(const struct cursor_out *c)
{
	return c->failed ? 0 : (size_t)(c->end - c->at);
}

/* Reserves size zeroed bytes to fill in; NULL past the end. */
static inline void *cursor_out_take(struct cursor_out *c, size_t size)
{
	uint8_t *p = c->at;

	if (c->failed || (size_t)(c->end - c->at) < size) {
		c->failed = true;
		return NULL;
	}
	memset(p, 0, size);
	c->at += size;
	return p;
}

static inline void cursor_out_bytes(struct cursor_out *c, const void *from,
				    size_t size)
{
	void *p = cursor_out_take(c, size);

	if (p)
		memcpy(p, from, size);
}

/* Zeroes up to the next multiple of align (a power of two). */
static inline void cursor_out_align(struct cursor_out *c, size_t align)
{
	(void)cursor_out_take(c, (align - cursor_out_offset(c)) & (align - 1));
}

static inline void cursor_out_u8(struct cursor_out *c, uint8_t v)
{
	cursor_out_bytes(c, &v, sizeof(v));
}

static inline void cursor_out_u16(struct cursor_out *c, uint16_t v)
{
	cursor_out_bytes(c, &v, sizeof(v));
}

static inline void cursor_out_u32(struct cursor_out *c, uint32_t v)
{
	cursor_out_bytes(c, &v, sizeof(v));
}

static inline void cursor_out_u64(struct cursor_out *c, uint64_t v)
{
	cursor_out_bytes(c, &v, sizeof(v));
}
