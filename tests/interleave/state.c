/* SPDX-License-Identifier: MIT */
/* Seen states as 128 bits each, in a table with open places. */
#include "tests/interleave/state.h"

#include <stdlib.h>
#include <string.h>

#include "tests/interleave/explore.h"

#define PLACES (1u << 25)

struct mark {
	uint64_t a, b;
};

extern char __data_start[], _end[], __start_apart[], __stop_apart[];

static APART struct mark now, *places;
static APART uint64_t count;
static APART char *kept;

static size_t low_size(void)
{
	return (size_t)(__start_apart - __data_start);
}

static size_t high_size(void)
{
	return (size_t)(_end - __stop_apart);
}

void state_keep(void)
{
	free(places);
	places = calloc(PLACES, sizeof(*places));
	count = 0;
	if (kept)
		state_restore();
	else
		kept = malloc(low_size() + high_size());
	if (!kept || !places)
		abort();
	state_keep_this();
}

void state_keep_this(void)
{
	memcpy(kept, __data_start, low_size());
	memcpy(kept + low_size(), __stop_apart, high_size());
}

void state_restore(void)
{
	memcpy(__data_start, kept, low_size());
	memcpy(__stop_apart, kept + low_size(), high_size());
}

/* Two multiplications by odd numbers, the halves mixed: not a secret's hash. */
static void word_add(uint64_t word)
{
	now.a = (now.a ^ word) * 0x9e3779b97f4a7c15ull;
	now.a ^= now.a >> 29;
	now.b = (now.b + word) * 0xc2b2ae3d27d4eb4full;
	now.b ^= now.b >> 31;
}

void state_add(const void *bytes, size_t size)
{
	const char *at = bytes;

	for (; size >= 8; at += 8, size -= 8) {
		uint64_t word;

		memcpy(&word, at, 8);
		word_add(word);
	}
	if (size) {
		uint64_t word = 0;

		memcpy(&word, at, size);
		word_add(word);
	}
}

void state_begin(void)
{
	now = (struct mark){ 1, 2 };
	state_add(__data_start, low_size());
	state_add(__stop_apart, high_size());
}

bool state_end(void)
{
	for (uint64_t i = now.a % PLACES;; i = (i + 1) % PLACES) {
		struct mark *at = &places[i];

		if (at->a == now.a && at->b == now.b)
			return false;
		if (at->a || at->b)
			continue;
		if (++count > PLACES / 2)
			explore_fail("more than %u states", PLACES / 2);
		*at = now;
		return true;
	}
}

uint64_t state_count(void)
{
	return count;
}
