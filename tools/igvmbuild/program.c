/* SPDX-License-Identifier: MIT */
/* Programs laid out as they lie in guest memory. */
#include "tools/igvmbuild/program.h"

#include <stdlib.h>
#include <string.h>

#include "lib/elf.h"
#include "tools/common/say.h"

static enum err wrong(const char *path, const char *what)
{
	say_error("%s: %s", path, what);
	return ERR_FORMAT;
}

/* Sets base and size from all segments; nothing is allocated yet. */
static enum err span_of(const char *path, const struct elf_file *elf,
			struct program *out)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (uint32_t i = 0; i < elf->segment_count; i++) {
		struct elf_segment s;
		struct pa_range r;

		if (elf_segment(elf, i, &s) != OK ||
		    pa_range_make(s.pa, s.mem_size, &r) != OK)
			return wrong(path, "segment beyond physical memory");
		low = s.pa < low ? s.pa : low;
		high = pa_range_end(r) > high ? pa_range_end(r) : high;
	}
	if (low >= high)
		return wrong(path, "ELF file has nothing to load");
	out->base = addr_down(low, PAGE_4K);
	out->size = addr_up(high, PAGE_4K) - out->base;
	if (out->size > PROGRAM_SIZE_MAX)
		return wrong(path, "segments span more than 64 MiB");
	return OK;
}

/* Two segments may share a page but no byte: the later would hide the other. */
static enum err overlap_check(const char *path, const struct elf_file *elf,
			      uint32_t index, const struct elf_segment *s)
{
	struct pa_range mine = { { s->pa }, s->mem_size };

	for (uint32_t i = 0; i < index; i++) {
		struct elf_segment t;

		if (elf_segment(elf, i, &t) != OK)
			return ERR_FORMAT;
		if (pa_range_overlap(mine,
				     (struct pa_range){ { t.pa }, t.mem_size }))
			return wrong(path, "segments overlap in memory");
	}
	return OK;
}

static void segment_copy(struct program *program, const struct elf_segment *s)
{
	uint64_t at = s->pa - program->base;

	if (!s->file_size)
		return;
	memcpy(program->bytes + at, s->bytes, s->file_size);
	for (uint64_t p = at / PAGE_4K; p * PAGE_4K < at + s->file_size; p++)
		program->loaded[p] = true;
}

static enum err program_alloc(const char *path, struct program *program)
{
	program->bytes = calloc(1, program->size);
	program->loaded = calloc(program->size / PAGE_4K, sizeof(bool));
	if (program->bytes && program->loaded)
		return OK;
	say_error("%s: out of memory", path);
	return ERR_NOMEM;
}

/*
 * The entry is a physical address: paging is off when it runs. It must be
 * file bytes, else the first instruction fetched would be outside the
 * measurement.
 */
static enum err segments_load(const char *path, const struct elf_file *elf,
			      struct program *program)
{
	uint64_t entry = elf->header.e_entry;
	bool found = false;

	for (uint32_t i = 0; i < elf->segment_count; i++) {
		struct elf_segment s;

		if (elf_segment(elf, i, &s) != OK ||
		    overlap_check(path, elf, i, &s) != OK)
			return ERR_FORMAT;
		segment_copy(program, &s);
		if (entry >= s.pa && entry - s.pa < s.file_size && s.exec)
			found = true;
	}
	program->entry = entry;
	return found ? OK
		     : wrong(path, "entry is no physical address of its code");
}

enum err program_elf(const char *path, const struct file_bytes *file,
		     struct program *out)
{
	struct program program = { .base = 0 };
	const char *why = "";
	struct elf_file elf;
	enum err e;

	if (elf_open(&elf, file->bytes, file->size, &why) != OK) {
		say_error("%s: not a static ELF program: %s", path, why);
		return ERR_FORMAT;
	}
	e = span_of(path, &elf, &program);
	if (e == OK)
		e = program_alloc(path, &program);
	if (e == OK)
		e = segments_load(path, &elf, &program);
	if (e == OK)
		*out = program;
	else
		program_free(&program);
	return e;
}

enum err program_flat(const char *path, const struct file_bytes *file,
		      uint64_t base, struct program *out)
{
	struct program program = { .base = base, .entry = base };
	enum err e;

	if (!file->size)
		return wrong(path, "empty file");
	if (file->size > PROGRAM_SIZE_MAX)
		return wrong(path, "larger than 64 MiB");
	program.size = addr_up(file->size, PAGE_4K);
	e = program_alloc(path, &program);
	if (e != OK) {
		program_free(&program);
		return e;
	}
	memcpy(program.bytes, file->bytes, file->size);
	memset(program.loaded, true, program.size / PAGE_4K);
	*out = program;
	return OK;
}

bool program_is_elf(const struct file_bytes *file)
{
	static const uint8_t magic[] = { 0x7f, 'E', 'L', 'F' };

	return file->size >= sizeof(magic) &&
	       !memcmp(file->bytes, magic, sizeof(magic));
}

void program_free(struct program *program)
{
	free(program->bytes);
	free(program->loaded);
	*program = (struct program){ .base = 0 };
}
