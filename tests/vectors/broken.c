/* SPDX-License-Identifier: MIT */
/* Broken IGVM files from a good one. */
#include "tests/vectors/broken.h"

#include <stdio.h>
#include <string.h>

#include "tests/vectors/igvm_sheet.h"

/* Where the headers of example B start, and where the last one ends. */
static const uint32_t header_at[] = { 0x00, 0x18, 0x30, 0x48, 0x60,  0x70,
				      0x88, 0xa8, 0xc8, 0xe8, 0x108, 0x128 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct change {
	const char *name;
	uint32_t at, size;
	uint64_t value;
} changes[] = {
	{ "unknown-type", 0x60, 4, 0x306 },
	{ "unknown-platform", 0x25, 1, 99 },
	{ "huge-header", 0x34, 4, 0xfffffff8 },
	{ "overlapping-pages", 0xb0, 8, 0x1000 },
	{ "page-over-area", 0xb0, 8, 0x2000 },
	{ "page-over-vmsa", 0xb0, 8, 0xfffffffff000 },
	{ "unaligned-page", 0xb0, 8, 0x3001 },
	{ "page-beyond-memory", 0xb0, 8, 0xfffffffffffff000 },
	{ "data-outside", 0x9c, 4, 0x2000 },
	{ "data-in-headers", 0x9c, 4, 0x20 },
	{ "area-not-declared", 0x68, 4, 5 },
	{ "area-of-all-memory", 0x50, 8, 0x8000000000000000 },
	{ "reserved-not-zero", 0xa6, 2, 1 },
	{ "no-headers", 0x0c, 4, 0 },
	{ "headers-only", 0x0c, 4, 0x2110 },
};

/* Turns the zero page's header into REQUIRED_MEMORY of so many bytes. */
static void require(uint8_t *file, uint32_t bytes)
{
	const uint32_t type = 0x305, zero = 0;

	memcpy(file + 0xa8, &type, 4);
	memcpy(file + 0xbc, &bytes, 4);
	memcpy(file + 0xc0, &zero, 4);
}

static const char *cut(uint8_t *file, size_t *size, size_t at, int honest)
{
	static char name[64];
	const uint32_t total = (uint32_t)at;

	*size = at;
	snprintf(name, sizeof(name), "cut-at-%zx-%s", at,
		 honest ? "with-size" : "plain");
	if (honest && at >= 0x20) {
		memcpy(file + 0x10, &total, 4);
		sheet_fix_checksum(file, at);
	}
	return name;
}

static const char *special(size_t index, uint8_t *file, size_t *size)
{
	switch (index) {
	case 0:
		file[0x14] ^= 0xff;
		return "wrong-checksum";
	case 1:
		require(file, 0xfffff000);
		sheet_fix_checksum(file, *size);
		return "required-4g";
	case 2:
		/* 4 GiB do not fit into the field. */
		require(file, 0);
		sheet_fix_checksum(file, *size);
		return "required-4g-wrapped";
	case 3:
		memset(file + *size, 0, 16);
		*size += 16;
		return "longer-than-it-says";
	case 4:
		*size = 0;
		return "empty";
	case 5:
		memset(file, 0x7f, *size);
		return "not-igvm";
	default:
		return NULL;
	}
}

const char *broken_make(size_t index, uint8_t file[BROKEN_SIZE_MAX],
			size_t *size)
{
	*size = SHEET_B_SIZE;
	sheet_b(file);
	if (index < 2 * COUNT(header_at))
		return cut(file, size, header_at[index / 2], index % 2);
	index -= 2 * COUNT(header_at);
	if (index < COUNT(changes)) {
		const struct change *c = &changes[index];

		memcpy(file + c->at, &c->value, c->size);
		sheet_fix_checksum(file, *size);
		return c->name;
	}
	return special(index - COUNT(changes), file, size);
}
