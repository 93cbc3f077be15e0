/* SPDX-License-Identifier: MIT */
/*
 * Input as a list of steps on a reader and a writer, beside a plain model: the
 * cursors move exactly as it does, or have failed for ever.
 */
/* test-sources: lib/str.c */
#include "lib/cursor.h"

#include <stdlib.h>

#define ROOM 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct model {
	size_t at;
	bool failed;
};

static void insist(bool condition)
{
	if (!condition)
		abort();
}

/* True: the step fits. */
static bool step(struct model *m, uint64_t size)
{
	if (m->failed || size > ROOM - m->at)
		m->failed = true;
	else
		m->at += size;
	return !m->failed;
}

static void read_number(struct cursor *c, struct model *m, unsigned int log)
{
	uint64_t v = log == 0	? cursor_u8(c)
		     : log == 1 ? cursor_u16(c)
		     : log == 2 ? cursor_u32(c)
				: cursor_u64(c);
	size_t at = m->at;

	if (!step(m, 1u << log))
		insist(v == 0);
	for (size_t i = 0; !m->failed && i < 1u << log; i++)
		insist((uint8_t)(v >> (8 * i)) == (uint8_t)(at + i));
}

static void read_step(struct cursor *c, struct model *m, uint8_t op,
		      uint64_t arg)
{
	uint8_t to[256];

	switch (op % 4) {
	case 0:
		return read_number(c, m, arg & 3);
	case 1:
		cursor_bytes(c, to, arg & 0xff);
		if (!step(m, arg & 0xff))
			insist(bytes_are_zero(to, arg & 0xff));
		break;
	case 2:
		cursor_skip(c, arg);
		step(m, arg);
		break;
	default:
		cursor_align(c, 1u << (arg & 7));
		step(m, -m->at & ((1u << (arg & 7)) - 1));
		break;
	}
}

static void write_step(struct cursor_out *c, struct model *m, uint8_t op,
		       uint64_t arg)
{
	if (op % 2) {
		cursor_out_u64(c, arg);
		step(m, 8);
	} else {
		const uint8_t *p = cursor_out_take(c, arg);

		insist((p != NULL) == step(m, arg));
		if (p)
			insist(bytes_are_zero(p, arg));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *source = malloc(ROOM), *target = malloc(ROOM);
	struct cursor c = cursor_make(source, ROOM);
	struct cursor steps = cursor_make(data, size);
	struct cursor_out w = cursor_out_make(target, ROOM);
	struct model read = { 0, false }, write = { 0, false };

	insist(source && target);
	for (size_t i = 0; i < ROOM; i++)
		source[i] = (uint8_t)i;
	while (cursor_left(&steps) >= 10) {
		uint8_t op = cursor_u8(&steps);
		uint64_t arg = cursor_u64(&steps) >> (cursor_u8(&steps) & 63);

		if (op & 0x80)
			write_step(&w, &write, op, arg);
		else
			read_step(&c, &read, op, arg);
		insist(c.failed == read.failed && w.failed == write.failed);
		insist(c.failed || cursor_offset(&c) == read.at);
		insist(w.failed || cursor_out_left(&w) == ROOM - write.at);
	}
	free(source);
	free(target);
	return 0;
}
