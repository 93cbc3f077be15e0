/* SPDX-License-Identifier: MIT */
/*
 * Questions to the C sources that were compiled: what is called at a place,
 * in which order the members of a table of functions stand, what is passed as
 * the n-th argument. Not a compiler: what is not understood is refused.
 */
#pragma once

#include "tools/stackuse/rules.h"

struct source_file {
	const char *path, *text; /* text NULL: cannot be read */
};

struct sources {
	struct pool *pool;
	const char *root; /* folder that paths are relative to */
	struct source_file *items;
	size_t count, room;
};

/* Whole text, read once; NULL: cannot be read, which has been said. */
const char *source_text(struct sources *sources, const char *path);

/*
 * The expression that is called at FILE:LINE:COLUMN, without blanks:
 * `platform->trap`, `calls[i]`. NULL: nothing of that kind is there. *file is
 * the FILE part, without "./".
 */
const char *source_expression(struct sources *sources, const char *where,
			      const char **file);

/*
 * Names of the members of `struct NAME {...};` in text, in order; all must be
 * pointers, plain or to functions. False: there is no such struct, or it has
 * other members.
 */
bool source_members(struct pool *pool, const char *text, const char *name,
		    struct words *out);

/*
 * The n-th argument (1...) of every call of function in text, blanks removed.
 * False: function is also used without being called, so that nobody can tell
 * with what.
 */
bool source_arguments(struct pool *pool, const char *text, const char *function,
		      unsigned int n, struct words *out);
