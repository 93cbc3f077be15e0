/* SPDX-License-Identifier: MIT */
/* The deepest paths of an entry point as lines, callers above callees. */
#pragma once

#include "tools/stackuse/build.h"

struct tree_line {
	const struct function *function;
	unsigned int level; /* 0: the entry point */
	uint64_t before;    /* bytes that its callers use */
	uint64_t depth;	    /* bytes from here down, own frame included */
	bool deepest;	    /* on the deepest path of all */
	bool again;	    /* its callees are shown further up */
};

struct tree {
	struct tree_line *items;
	size_t count, room;
};

/* The deepest path, and branches that come within a twentieth of it. */
void tree_make(struct pool *pool, const struct depths *depths,
	       struct tree *out);
