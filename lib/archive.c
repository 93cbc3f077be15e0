/* SPDX-License-Identifier: MIT */
/* The archive of services: every number is checked before it is used. */
#include "lib/archive.h"

#include "lib/addr.h"
#include "lib/str.h"

#define STACK_MAX (1ull << 20)
#define HEAP_MAX  (64ull << 20)

static bool pages_good(uint64_t bytes, uint64_t max)
{
	return bytes && bytes <= max && addr_aligned(bytes, PAGE_4K);
}

static bool name_good(const char name[ARCHIVE_NAME_MAX])
{
	size_t i = 0;

	for (; i < ARCHIVE_NAME_MAX && name[i]; i++)
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	return i > 0 && i < ARCHIVE_NAME_MAX;
}

static bool segment_good(const struct archive_segment *s, uint64_t low)
{
	return addr_aligned(s->va, PAGE_4K) && s->va >= low &&
	       s->va < ARCHIVE_VA_MAX &&
	       pages_good(s->size, ARCHIVE_VA_MAX - s->va) &&
	       s->file_size <= s->size &&
	       !(s->rights & ~(ARCHIVE_WRITE | ARCHIVE_EXEC)) &&
	       s->rights != (ARCHIVE_WRITE | ARCHIVE_EXEC);
}

static bool holds(const struct archive_segment *s, uint64_t va, uint64_t size)
{
	return va >= s->va && va - s->va <= s->file_size &&
	       size <= s->file_size - (va - s->va);
}

static bool segments_good(const struct archive_entry *e)
{
	/* of struct elf64_phdr, 56 bytes each */
	uint64_t headers = e->phdr_count * 56ull;
	bool entry = false, phdr = false;
	uint64_t low = ARCHIVE_VA_MIN;

	if (!e->segments || e->segments > ARCHIVE_SEGMENTS)
		return false;
	for (uint32_t i = 0; i < e->segments; i++) {
		const struct archive_segment *s = &e->segment[i];

		if (!segment_good(s, low))
			return false;
		low = s->va + s->size;
		entry |= s->rights & ARCHIVE_EXEC && holds(s, e->entry, 1);
		phdr |= holds(s, e->phdr, headers);
	}
	return entry && phdr;
}

static bool entry_good(const struct archive_entry *e, uint64_t start,
		       uint64_t size)
{
	return name_good(e->name) && e->packed &&
	       e->packed <= ARCHIVE_PACKED_MAX && e->offset >= start &&
	       e->offset <= size && e->packed <= size - e->offset &&
	       pages_good(e->stack, STACK_MAX) &&
	       pages_good(e->heap, HEAP_MAX) && segments_good(e);
}

const struct archive_entry *archive_at(const void *bytes, uint32_t index)
{
	const char *first = bytes;

	return (const struct archive_entry *)(first +
					      sizeof(struct archive_header)) +
	       index;
}

uint32_t archive_count(const void *bytes)
{
	const struct archive_header *h = bytes;

	return h->count;
}

static const struct archive_entry *find(const void *bytes, uint32_t count,
					const char *name)
{
	for (uint32_t i = 0; i < count; i++)
		if (!strcmp(archive_at(bytes, i)->name, name))
			return archive_at(bytes, i);
	return NULL;
}

const struct archive_entry *archive_find(const void *bytes, const char *name)
{
	return find(bytes, archive_count(bytes), name);
}

enum err archive_check(const void *bytes, size_t size)
{
	const struct archive_header *h = bytes;
	uint64_t start;

	if (size < sizeof(*h) || h->magic != ARCHIVE_MAGIC ||
	    h->count > ARCHIVE_MAX)
		return ERR_FORMAT;
	start = sizeof(*h) + h->count * sizeof(struct archive_entry);
	if (start > size)
		return ERR_FORMAT;
	for (uint32_t i = 0; i < h->count; i++) {
		const struct archive_entry *e = archive_at(bytes, i);

		if (!entry_good(e, start, size) || find(bytes, i, e->name))
			return ERR_FORMAT;
	}
	return OK;
}
