/* SPDX-License-Identifier: MIT */
/* DEFLATE: what zlib packs comes out again; what zlib refuses is refused. */
/* test-sources: lib/inflate.c */
/* test-libs: -lz */
#include "lib/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define SIZE_MAX_TRIED (300u * 1024)
#define ROUNDS	       400u

static struct inflate space;

struct taken {
	uint8_t bytes[SIZE_MAX_TRIED];
	size_t size, stop_at;
};
static struct taken taken;

static enum err take_all(void *who, const uint8_t *bytes, size_t size)
{
	struct taken *t = who;

	assert_true(size > 0 && size <= INFLATE_WINDOW);
	assert_true(size <= sizeof(t->bytes) - t->size);
	memcpy(t->bytes + t->size, bytes, size);
	t->size += size;
	return t->stop_at && t->size >= t->stop_at ? ERR_STATE : OK;
}

static enum err unpack(const void *in, size_t size, uint64_t limit,
		       uint64_t *total)
{
	taken.size = 0;
	memset(&space, 0xa5, sizeof(space)); /* nothing needs to be set */
	return inflate_unpack(&space, in, size, limit, take_all, &taken, total);
}

static size_t pack(const uint8_t *in, size_t size, int level, int strategy,
		   uint8_t *out, size_t room)
{
	z_stream z = { .next_in = (uint8_t *)in,
		       .avail_in = (unsigned int)size,
		       .next_out = out,
		       .avail_out = (unsigned int)room };

	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -15, 9, strategy),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&z), Z_OK);
	return room - z.avail_out;
}

/* Bytes with something to find: runs, repeats, noise. */
static void fill(uint8_t *to, size_t size)
{
	size_t at = 0;

	while (at < size) {
		size_t n = 1 + (size_t)rand() % 3000;
		int kind = rand() % 4;
		size_t back = at ? 1 + (size_t)rand() % at : 1;

		for (; n && at < size; n--, at++) {
			int noise = rand() % (kind == 1 ? 256 : 7);

			to[at] = kind ? (uint8_t)noise : 0;
			if (kind == 3 && at)
				to[at] = to[at - back];
		}
	}
}

static void test_round_trip(void **state)
{
	static uint8_t plain[SIZE_MAX_TRIED], packed[2 * SIZE_MAX_TRIED];
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_FIXED,
					  Z_HUFFMAN_ONLY, Z_RLE };

	(void)state;
	srand(1);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		size_t size = i < 3 ? i : (size_t)rand() % sizeof(plain);
		uint64_t total;
		size_t n;

		fill(plain, size);
		n = pack(plain, size, (int)(i % 10), strategies[i / 10 % 4],
			 packed, sizeof(packed));
		assert_int_equal(unpack(packed, n, size, &total), OK);
		assert_int_equal(total, size);
		assert_int_equal(taken.size, size);
		assert_memory_equal(taken.bytes, plain, size);
		/* Too long for the limit, cut short, and followed by more. */
		if (size)
			assert_int_equal(unpack(packed, n, size - 1, &total),
					 ERR_RANGE);
		assert_int_equal(unpack(packed, n - 1, size, &total),
				 ERR_FORMAT);
		packed[n] = 0;
		assert_int_equal(unpack(packed, n + 1, size, &total),
				 ERR_FORMAT);
	}
}

/* zlib's opinion: OK, ERR_FORMAT, or ERR_RANGE for too much output. */
static enum err reference(const uint8_t *in, size_t size, uint8_t *out,
			  size_t room, size_t *total)
{
	z_stream z = { .next_in = (uint8_t *)in,
		       .avail_in = (unsigned int)size,
		       .next_out = out,
		       .avail_out = (unsigned int)room };
	int r;

	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	r = inflate(&z, Z_FINISH);
	*total = room - z.avail_out;
	assert_int_equal(inflateEnd(&z), Z_OK);
	if (r == Z_STREAM_END)
		return z.avail_in ? ERR_FORMAT : OK;
	return r == Z_BUF_ERROR && !z.avail_out ? ERR_RANGE : ERR_FORMAT;
}

static void test_damaged_as_zlib_says(void **state)
{
	static uint8_t plain[4096], packed[8192], out[65536];
	unsigned int good = 0;

	(void)state;
	srand(2);
	for (unsigned int i = 0; i < 20000; i++) {
		size_t size = 1 + (size_t)rand() % sizeof(plain), want, n;
		uint64_t total;
		enum err e;

		fill(plain, size);
		n = pack(plain, size, (int)(i % 10), Z_DEFAULT_STRATEGY, packed,
			 sizeof(packed));
		for (int k = 1 + rand() % 3; k; k--)
			packed[(size_t)rand() % (k == 1 ? n : 1 + n / 16)] ^=
				(uint8_t)(1 << rand() % 8);
		e = reference(packed, n, out, sizeof(out), &want);
		if (e == ERR_RANGE)
			continue;
		assert_int_equal(unpack(packed, n, sizeof(out), &total), e);
		if (e != OK)
			continue;
		good++;
		assert_int_equal(total, want);
		assert_memory_equal(taken.bytes, out, want);
	}
	assert_true(good > 100);
}

static void test_sink_ends_it(void **state)
{
	static uint8_t plain[100000], packed[200000];
	uint64_t total;
	size_t n;

	(void)state;
	fill(plain, sizeof(plain));
	n = pack(plain, sizeof(plain), 9, Z_DEFAULT_STRATEGY, packed,
		 sizeof(packed));
	taken.stop_at = 40000;
	assert_int_equal(unpack(packed, n, sizeof(plain), &total), ERR_STATE);
	taken.stop_at = 0;
	assert_int_equal(taken.size, 2 * INFLATE_WINDOW);
}

static void test_by_hand(void **state)
{
	static const struct {
		const char *what;
		uint8_t bytes[8];
		size_t size;
	} bad[] = {
		{ "no bytes", { 0 }, 0 },
		{ "block type 3", { 7 }, 1 },
		{ "stored: lengths disagree", { 1, 1, 0, 0, 0, 0 }, 6 },
		{ "stored: cut", { 1, 2, 0, 0xfd, 0xff, 0 }, 6 },
		{ "distance before the start", { 0x03, 0x02, 0x00 }, 3 },
	};
	static const uint8_t empty[] = { 3, 0 };
	uint64_t total;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(unpack(bad[i].bytes, bad[i].size, 100, &total),
				 ERR_FORMAT);
	assert_int_equal(unpack(empty, sizeof(empty), 0, &total), OK);
	assert_int_equal(total, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damaged_as_zlib_says),
		cmocka_unit_test(test_sink_ends_it),
		cmocka_unit_test(test_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
