/* SPDX-License-Identifier: MIT */
/* The files of a run: image, emulator, log. */
#pragma once

#include "tools/common/file.h"
#include "tools/common/place.h"

/* "/proc/self/fd/N" and the like, or a copied path. */
#define FILES_PATH_MAX PLACE_PATH_MAX

struct run_file {
	int fd; /* inherited by QEMU where the path names it; -1: none */
	char path[FILES_PATH_MAX];
};

/*
 * The image as QEMU can name it: its own path, or, where QEMU would misread
 * that or the file is no regular one, a copy in memory.
 */
must_check enum err run_image(const char *path, const struct file_bytes *file,
			      struct run_file *out);

/* The emulator's log: an empty file at `path`, or one without a name. */
must_check enum err run_log(const char *path, struct run_file *out);

/* The emulator: `path` if given, else emu.bin as place_find has it. */
must_check enum err run_emulator(const char *path, struct run_file *out);

void run_file_close(struct run_file *file);
