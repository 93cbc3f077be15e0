/* SPDX-License-Identifier: MIT */
/* The Linux bzImage format, 64-bit boot protocol (spec/firmware.md, 9). */
#pragma once

#include <stdint.h>

#include "lib/err.h"
#include "tools/common/file.h"

struct bzimage {
	const uint8_t *setup; /* the file's first page */
	const uint8_t *code;  /* protected-mode part, in the file */
	uint64_t code_size;
	uint64_t load;	    /* preferred address, page aligned */
	uint64_t init_size; /* memory it needs from there, >= code_size */
	uint64_t entry;
	uint64_t initrd_max;  /* highest address of an initrd's last byte */
	uint64_t cmdline_max; /* bytes, without the NUL */
};

/* Says what is wrong with `path` on stderr and returns ERR_FORMAT. The result
 * points into the file. */
must_check enum err bzimage_parse(const char *path,
				  const struct file_bytes *file,
				  struct bzimage *out);
