/* SPDX-License-Identifier: MIT */
/*
 * ELF programs, laid out by whole pages and packed. All that can be wrong with
 * a program is found here, on the builder's machine, and not in ring 0.
 */
#include "tools/igvmbuild/services.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/addr.h"
#include "lib/archive.h"
#include "lib/elf.h"
#include "tools/common/say.h"

#define STACK_BYTES (64ull << 10)
#define TABLE_MAX                        \
	(sizeof(struct archive_header) + \
	 ARCHIVE_MAX * sizeof(struct archive_entry))

struct packer {
	const char *path;
	struct services *out;
	struct archive_entry *entry;
};

static enum err wrong(const struct packer *p, const char *what)
{
	say_error("%s: %s", p->path, what);
	return ERR_FORMAT;
}

static enum err name_set(const struct packer *p)
{
	const char *slash = strrchr(p->path, '/');
	const char *name = slash ? slash + 1 : p->path;

	if (!*name || strlen(name) >= ARCHIVE_NAME_MAX)
		return wrong(p, "a service's name has 1 to 15 letters");
	memcpy(p->entry->name, name, strlen(name) + 1);
	return OK;
}

/* Its pages: what lies before its first byte in the page is zero. */
static enum err segment_set(const struct packer *p, const struct elf_segment *s,
			    struct archive_segment *to)
{
	uint64_t skew = s->va % PAGE_4K;

	if (s->write && s->exec)
		return wrong(p, "a segment is writable and executable");
	*to = (struct archive_segment){
		.va = s->va - skew,
		.size = addr_up(skew + s->mem_size, PAGE_4K),
		.file_size = s->file_size ? skew + s->file_size : 0,
		.rights = (s->write ? ARCHIVE_WRITE : 0) |
			  (s->exec ? ARCHIVE_EXEC : 0),
	};
	return OK;
}

static enum err entry_set(const struct packer *p, const struct elf_file *elf,
			  uint64_t heap)
{
	struct archive_entry *e = p->entry;

	if (elf->header.e_type != ET_EXEC)
		return wrong(p, "not at a fixed address: link with -static and "
				"-no-pie");
	if (elf->segment_count > ARCHIVE_SEGMENTS)
		return wrong(p, "too many segments");
	if (elf_phdr_va(elf, &e->phdr) != OK)
		return wrong(p, "its program headers are not in memory");
	e->phdr_count = elf->header.e_phnum;
	e->entry = elf->header.e_entry;
	e->segments = elf->segment_count;
	e->stack = STACK_BYTES;
	e->heap = heap;
	for (uint32_t i = 0; i < e->segments; i++) {
		struct elf_segment s;
		enum err err = elf_segment(elf, i, &s);

		if (err == OK)
			err = segment_set(p, &s, &e->segment[i]);
		if (err != OK)
			return err;
	}
	return name_set(p);
}

static enum err stream_add(z_stream *z, const struct elf_file *elf)
{
	static const uint8_t zeroes[PAGE_4K];

	for (uint32_t i = 0; i < elf->segment_count; i++) {
		struct elf_segment s;

		if (elf_segment(elf, i, &s) != OK)
			return ERR_FORMAT;
		if (!s.file_size)
			continue;
		z->next_in = (uint8_t *)zeroes;
		z->avail_in = (unsigned int)(s.va % PAGE_4K);
		if (z->avail_in && deflate(z, Z_NO_FLUSH) != Z_OK)
			return ERR_NOMEM;
		z->next_in = (uint8_t *)s.bytes;
		z->avail_in = (unsigned int)s.file_size;
		if (deflate(z, Z_NO_FLUSH) != Z_OK || z->avail_in)
			return ERR_NOMEM;
	}
	return deflate(z, Z_FINISH) == Z_STREAM_END ? OK : ERR_NOMEM;
}

/* Appends the packed bytes; out->bytes has room for them. */
static enum err pack(const struct packer *p, const struct elf_file *elf)
{
	z_stream z = { .next_out = p->out->bytes + p->out->size,
		       .avail_out = ARCHIVE_PACKED_MAX };
	enum err e;

	if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR_NOMEM;
	e = stream_add(&z, elf);
	deflateEnd(&z);
	if (e != OK)
		return wrong(p, "too large when packed");
	p->entry->offset = p->out->size;
	p->entry->packed = ARCHIVE_PACKED_MAX - z.avail_out;
	p->out->size += p->entry->packed;
	return OK;
}

static enum err service_add(const struct packer *p, uint64_t heap)
{
	struct file_bytes file;
	struct elf_file elf;
	const char *why = "";
	enum err e;

	if (file_read(p->path, FILE_SIZE_MAX, &file) != OK)
		return ERR_HOST;
	e = elf_open(&elf, file.bytes, file.size, &why);
	if (e != OK)
		say_error("%s: not a static ELF program: %s", p->path, why);
	if (e == OK)
		e = entry_set(p, &elf, heap);
	if (e == OK)
		e = pack(p, &elf);
	file_free(&file);
	return e;
}

static enum err services_add(const char *const *paths, uint32_t count,
			     uint64_t heap, struct services *s)
{
	struct archive_header *h = (struct archive_header *)s->bytes;
	struct packer p = { .out = s };
	enum err e = OK;

	p.entry = (struct archive_entry *)(h + 1);
	*h = (struct archive_header){ .magic = ARCHIVE_MAGIC, .count = count };
	s->size = sizeof(*h) + count * sizeof(*p.entry);
	for (uint32_t i = 0; i < count && e == OK; i++, p.entry++) {
		p.path = paths[i];
		e = service_add(&p, heap);
	}
	if (e != OK)
		return e;
	/* The kernel's own check, and its own sum. */
	if (archive_check(s->bytes, s->size) != OK)
		return wrong(&p, "the services do not fit the archive's rules");
	for (uint32_t i = 0; i < count; i++)
		s->memory += archive_memory(archive_at(s->bytes, i));
	return OK;
}

enum err services_pack(const char *const *paths, uint32_t count, uint64_t heap,
		       struct services *out)
{
	struct services s = { .size = 0 };
	enum err e;

	*out = s;
	if (!count)
		return OK;
	if (count > ARCHIVE_MAX) {
		say_error("more than %u services", ARCHIVE_MAX);
		return ERR_RANGE;
	}
	s.bytes = calloc(1, TABLE_MAX + (size_t)count * ARCHIVE_PACKED_MAX);
	if (!s.bytes) {
		say_error("out of memory");
		return ERR_NOMEM;
	}
	e = services_add(paths, count, heap, &s);
	if (e == OK)
		*out = s;
	else
		services_free(&s);
	return e;
}

void services_free(struct services *s)
{
	free(s->bytes);
	*s = (struct services){ .size = 0 };
}
