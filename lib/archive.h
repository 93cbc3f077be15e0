/* SPDX-License-Identifier: MIT */
/* The archive of services: checked whole once, then looked up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/boot/archive.h"
#include "lib/addr.h"
#include "lib/err.h"

/* Where a service may lie: above the pages that catch stray NULL pointers,
 * below what the kernel keeps for heap and stack. */
#define ARCHIVE_VA_MIN 0x10000ull
#define ARCHIVE_VA_MAX 0x100000000ull

/*
 * Sure afterwards, for every entry: a name that no other has; a stream inside
 * the bytes; segments of whole pages, ascending, apart, within [ARCHIVE_VA_MIN,
 * ARCHIVE_VA_MAX), none writable and executable, none with more file than
 * memory; an entry point in an executable one, program headers in one; stack
 * and heap whole pages of sane size. ERR_FORMAT: not so.
 */
must_check enum err archive_check(const void *bytes, size_t size);

/* Of a checked archive. */
uint32_t archive_count(const void *bytes);
const struct archive_entry *archive_at(const void *bytes, uint32_t index);
/* NULL: there is none of that name. */
const struct archive_entry *archive_find(const void *bytes, const char *name);

/* Request page, page of the process's record, top table and upper tables of
 * three far-apart places, slack for whole tables. */
#define ARCHIVE_FIXED_PAGES 16u

/* Memory that a checked entry takes while it runs: pages, their tables, what
 * the kernel keeps for it. Inline: the boot stage is linked without lib/. */
static inline uint64_t archive_memory(const struct archive_entry *e)
{
	uint64_t pages = (e->stack + e->heap) / PAGE_4K;
	/* A table for each 2 MiB that is touched, and for the two edges. */
	uint64_t tables = ARCHIVE_FIXED_PAGES + 2 * (e->heap / PAGE_2M + 1);

	for (uint32_t i = 0; i < e->segments; i++) {
		pages += e->segment[i].size / PAGE_4K;
		tables += e->segment[i].size / PAGE_2M + 2;
	}
	return (pages + tables) * PAGE_4K;
}
