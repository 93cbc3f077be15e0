/* SPDX-License-Identifier: MIT */
/*
 * A program as it lies in guest memory before it runs: an ELF file's segments
 * at their physical addresses, or a flat file at a given one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"
#include "tools/common/file.h"

/* More than any SVSM or test guest; keeps a broken header from taking all. */
#define PROGRAM_SIZE_MAX (64ull << 20)

struct program {
	uint64_t base;	/* guest-physical, page aligned */
	uint64_t size;	/* of the whole range, bss too; page multiple */
	uint64_t entry; /* physical */
	uint8_t *bytes; /* owned; size of them, zero where the file has none */
	bool *loaded;	/* owned; one per page: does the file fill any of it? */
};

/*
 * Both say what is wrong with `path` on stderr; ERR_FORMAT then, and nothing
 * is held. program_elf wants a static 64-bit program whose entry is an address
 * inside the file bytes of a segment.
 */
must_check enum err program_elf(const char *path, const struct file_bytes *file,
				struct program *out);
must_check enum err program_flat(const char *path,
				 const struct file_bytes *file, uint64_t base,
				 struct program *out);
bool program_is_elf(const struct file_bytes *file);
void program_free(struct program *program);
