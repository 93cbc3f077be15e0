/* SPDX-License-Identifier: MIT */
/* Any bytes as a DEFLATE stream: never more than the limit, and zlib agrees. */
/* test-sources: lib/inflate.c */
/* test-libs: -lz */
#include "lib/inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LIMIT 200000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct inflate space;
static uint8_t ours[LIMIT], theirs[LIMIT + 1];
static size_t taken;

static void insist(int condition)
{
	if (!condition)
		abort();
}

static enum err take(void *who, const uint8_t *bytes, size_t size)
{
	(void)who;
	insist(size && size <= INFLATE_WINDOW && size <= LIMIT - taken);
	memcpy(ours + taken, bytes, size);
	taken += size;
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	z_stream z = { .next_in = (uint8_t *)data,
		       .avail_in = (unsigned int)size,
		       .next_out = theirs,
		       .avail_out = sizeof(theirs) };
	uint64_t total;
	enum err e;
	int r;

	taken = 0;
	e = inflate_unpack(&space, data, size, LIMIT, take, NULL, &total);
	insist(inflateInit2(&z, -15) == Z_OK);
	r = inflate(&z, Z_FINISH);
	if (e == OK)
		insist(r == Z_STREAM_END && !z.avail_in &&
		       total == sizeof(theirs) - z.avail_out &&
		       taken == total && !memcmp(ours, theirs, taken));
	else if (e == ERR_RANGE)
		insist(r == Z_BUF_ERROR || !z.avail_out);
	else
		insist(r != Z_STREAM_END || z.avail_in);
	inflateEnd(&z);
	return 0;
}
