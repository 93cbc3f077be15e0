/* SPDX-License-Identifier: MIT */
/*
 * The services in an image: igvmbuild lays each program out page by page, so
 * that the kernel reads no ELF file. Measured, hence trusted as the kernel
 * itself is; read with care all the same (lib/archive.h). Little endian.
 */
#pragma once

#include "abi/check.h"

#define ARCHIVE_MAGIC	   0x6372417265536f43ull
#define ARCHIVE_MAX	   8u /* services */
#define ARCHIVE_NAME_MAX   16u
#define ARCHIVE_SEGMENTS   6u
#define ARCHIVE_PACKED_MAX 0x1000000u /* bytes of one packed service */

/* Rights of a segment; never both. */
#define ARCHIVE_WRITE 1u
#define ARCHIVE_EXEC  2u

/* Whole pages. The first file_size bytes are in the stream, zeroes follow. */
struct archive_segment {
	uint64_t va;
	uint64_t size;
	uint64_t file_size;
	uint32_t rights;
	uint32_t reserved;
};
ABI_SIZE(struct archive_segment, 32);

struct archive_entry {
	char name[ARCHIVE_NAME_MAX]; /* printable, ended by a zero */
	/* One raw DEFLATE stream: the segments' bytes, one after the other. */
	uint64_t offset; /* in the archive */
	uint64_t packed;
	uint64_t entry;
	uint64_t phdr; /* program headers in memory, for AT_PHDR */
	uint32_t phdr_count;
	uint32_t segments;
	uint64_t stack; /* bytes, whole pages */
	uint64_t heap;	/* what brk and mmap may take together */
	struct archive_segment segment[ARCHIVE_SEGMENTS];
};
ABI_SIZE(struct archive_entry, 72 + ARCHIVE_SEGMENTS * 32);

struct archive_header {
	uint64_t magic;
	uint32_t count; /* entries follow; streams behind them */
	uint32_t reserved;
};
ABI_SIZE(struct archive_header, 16);
