/* SPDX-License-Identifier: MIT */
/*
 * Other programs as children: argument vectors, never a shell; what they print
 * is read up to a bound. On an error the reason has been said on stderr.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

/* No answer of git that we ask for is larger. */
#define RUN_OUTPUT_MAX (64u << 20)

struct run_output {
	char *text; /* owned; a string, but it may hold zero bytes */
	size_t size;
	int status; /* exit status; 128 + number: ended by that signal */
};

/*
 * Runs argv to its end and keeps what it printed. Its stderr is ours, or
 * nobody's if `silent`. ERR_HOST: could not be started. ERR_RANGE: it printed
 * more than RUN_OUTPUT_MAX; it was ended. Any exit status is OK here.
 */
must_check enum err run_capture(char *const argv[], bool silent,
				struct run_output *out);
void run_free(struct run_output *out);

/* Runs argv in `folder`, with our own stdin, stdout and stderr. */
must_check enum err run_plain(char *const argv[], const char *folder,
			      int *status);
