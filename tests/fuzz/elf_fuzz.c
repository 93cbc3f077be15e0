/* SPDX-License-Identifier: MIT */
/* Any bytes as an ELF program: everything handed out lies inside the file. */
/* test-sources: lib/elf.c lib/str.c */
#include "lib/elf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool condition)
{
	if (!condition)
		abort();
}

static void check_segments(const struct elf_file *f)
{
	struct elf_segment s;
	uint64_t last = f->low, va;

	for (uint32_t i = 0; i < f->segment_count; i++) {
		insist(elf_segment(f, i, &s) == OK);
		insist(s.va >= last && s.file_size <= s.mem_size);
		last = s.va + s.mem_size;
		insist(last >= s.va && last <= f->high);
		insist(s.bytes >= f->bytes &&
		       s.file_size <= f->size - (size_t)(s.bytes - f->bytes));
	}
	insist(elf_segment(f, f->segment_count, &s) == ERR_RANGE);
	if (elf_phdr_va(f, &va) == OK)
		insist(va >= f->low && va < f->high);
}

static void check_symbols(const struct elf_file *f)
{
	struct elf_symbol s, t;

	for (uint32_t i = 0; i < 64 && elf_symbol_at(f, i, &s) == OK; i++) {
		insist(s.name && strlen(s.name) <= f->size);
		if (s.name[0])
			insist(elf_symbol_find(f, s.name, &t) == OK);
	}
	if (elf_symbol_near(f, f->header.e_entry, &s) == OK)
		insist(s.value <= f->header.e_entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_file f;
	const char *why = NULL;

	if (elf_open(&f, data, size, &why) != OK) {
		insist(why != NULL);
		return 0;
	}
	insist(why == NULL && f.segment_count);
	check_segments(&f);
	check_symbols(&f);
	return 0;
}
