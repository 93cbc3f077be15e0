/* SPDX-License-Identifier: MIT */
/* Runs a tool's main function in a child process and keeps what it says. */
#pragma once

#include <stddef.h>

struct child {
	int status;	  /* exit status; negative: the signal that ended it */
	char out[262144]; /* terminated; what does not fit is dropped */
	char err[4096];
};

/* arguments end with NULL; [0] is the program's name. */
void child_run(struct child *c, int (*run)(int argc, char **argv),
	       const char *const *arguments);

/* A temporary file with this content; the path lives until the next call. */
const char *child_file(const void *bytes, size_t size);
void child_file_remove(void);
