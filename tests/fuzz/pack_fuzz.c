/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the program of a service, packed for the image: refused with
 * words, or an archive that the kernel accepts, from which exactly the program's
 * segments come out, page by page. The same file twice gives the same bytes.
 */
/* test-sources: tools/igvmbuild/services.c lib/archive.c lib/elf.c */
/* test-sources: lib/inflate.c lib/str.c */
/* test-libs: -lz */
#include "tools/igvmbuild/services.h"

#include <string.h>

#include "lib/addr.h"
#include "lib/archive.h"
#include "lib/elf.h"
#include "lib/inflate.h"
#include "tests/fuzz/need.h"
#include "tests/unit/tools/heard.h"

#define HEAP	(16 * PAGE_4K)
#define ALL_MAX (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t input_size;
static uint8_t *unpacked;
static size_t unpacked_size;

enum err file_read(const char *path, uint64_t limit, struct file_bytes *out)
{
	need(path && limit >= input_size);
	*out = (struct file_bytes){ malloc(input_size + 1), input_size };
	need(out->bytes);
	memcpy(out->bytes, input, input_size);
	out->bytes[input_size] = 0;
	return OK;
}

void file_free(struct file_bytes *file)
{
	free(file->bytes);
}

static enum err take(void *who, const uint8_t *bytes, size_t size)
{
	need(who == &unpacked && unpacked_size + size <= ALL_MAX);
	memcpy(unpacked + unpacked_size, bytes, size);
	unpacked_size += size;
	return OK;
}

/* The bytes of one segment as they come to lie in memory. */
static void segment_check(const struct archive_segment *s,
			  const struct elf_segment *from, const uint8_t *bytes)
{
	uint64_t skew = from->va % PAGE_4K;

	need(s->va == from->va - skew && s->size >= skew + from->mem_size);
	need(!(s->rights & ARCHIVE_WRITE) == !from->write);
	need(!(s->rights & ARCHIVE_EXEC) == !from->exec);
	if (!from->file_size)
		return need(!s->file_size);
	need(s->file_size == skew + from->file_size);
	for (uint64_t i = 0; i < skew; i++)
		need(!bytes[i]);
	need(!memcmp(bytes + skew, from->bytes, from->file_size));
}

static void contents_check(const struct services *s)
{
	static struct inflate space;
	const struct archive_entry *e = archive_at(s->bytes, 0);
	const char *why = NULL;
	struct elf_file elf;
	uint64_t total, at = 0;

	need(archive_check(s->bytes, s->size) == OK);
	need(archive_count(s->bytes) == 1 && !strcmp(e->name, "vtpm"));
	need(s->memory == archive_memory(e) && e->heap == HEAP);
	need(elf_open(&elf, input, input_size, &why) == OK);
	need(e->segments == elf.segment_count);
	need(e->entry == elf.header.e_entry);
	unpacked_size = 0;
	need(inflate_unpack(&space, s->bytes + e->offset, e->packed, ALL_MAX,
			    take, &unpacked, &total) == OK);
	for (uint32_t i = 0; i < e->segments; i++) {
		struct elf_segment from;

		need(elf_segment(&elf, i, &from) == OK);
		segment_check(&e->segment[i], &from, unpacked + at);
		at += e->segment[i].file_size;
	}
	need(at == total && at == unpacked_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "build/services/vtpm" };
	struct services s, again;

	if (!unpacked)
		unpacked = malloc(ALL_MAX);
	need(unpacked);
	input = data;
	input_size = size;
	heard[0] = 0;
	if (services_pack(paths, 1, HEAP, &s) != OK) {
		need(heard[0] && !s.bytes);
		return 0;
	}
	contents_check(&s);
	need(services_pack(paths, 1, HEAP, &again) == OK);
	need(again.size == s.size && !memcmp(again.bytes, s.bytes, s.size));
	services_free(&again);
	services_free(&s);
	return 0;
}
