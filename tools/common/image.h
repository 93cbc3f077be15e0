/* SPDX-License-Identifier: MIT */
/*
 * An IGVM file from disk, checked as a whole: every rule of lib/igvm_read, and
 * no memory loaded twice on any of its platforms.
 */
#pragma once

#include "lib/igvm_read.h"
#include "tools/common/file.h"

struct image {
	struct file_bytes file;
	struct igvm_file igvm;
};

/*
 * ERR_HOST: cannot be read; any other error: is no good IGVM file. Either way
 * one line on stderr has said so, with the offset, and nothing is held.
 */
must_check enum err image_open(const char *path, struct image *image);
void image_close(struct image *image);

/* The same for bytes in memory, such as a file just built; name is for the
 * complaint. */
must_check enum err image_check(const char *name, const void *bytes,
				size_t size, struct igvm_file *igvm);

/* "tool: NAME: offset 0x20: text" */
void image_complain(const char *name, const struct igvm_fault *fault);
