/* SPDX-License-Identifier: MIT */
/* That the checks passed: they are run, or a record of them is read. */
#pragma once

#include "lib/err.h"

#define PROOF_LINE_MAX 256u

/*
 * Runs `program` (no arguments, no shell) in the folder `top`. ERR_STATE: it
 * failed. line: what the notes say of it.
 */
must_check enum err proof_run(const char *program, const char *top,
			      char line[PROOF_LINE_MAX]);

/*
 * A record as `make check` writes it after all tests, in a tree without changes:
 *
 *	commit HASH
 *	result N passed, 0 failed
 *
 * ERR_STATE: it is of another commit, or something failed, or nothing was run.
 */
must_check enum err proof_read(const char *path, const char *head,
			       char line[PROOF_LINE_MAX]);
