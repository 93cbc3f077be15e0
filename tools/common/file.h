/* SPDX-License-Identifier: MIT */
/*
 * Whole files in and out of memory. On an error nothing is held, and the
 * reason, in words with the path, has been said on stderr.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* No launch image, kernel or initrd of ours is larger (the format has 4 GiB). */
#define FILE_SIZE_MAX 0xffffffffull

struct file_bytes {
	uint8_t *bytes; /* owned; followed by one zero byte that is not counted */
	size_t size;
};

/* Reads regular files, pipes and devices. ERR_RANGE: more than limit bytes. */
must_check enum err file_read(const char *path, uint64_t limit,
			      struct file_bytes *out);
void file_free(struct file_bytes *file);

/*
 * Writes all or nothing: through a temporary file beside the target that takes
 * its name at the end, so nobody ever sees half a file. Devices and pipes are
 * written straight.
 */
must_check enum err file_write(const char *path, const void *bytes,
			       size_t size);
