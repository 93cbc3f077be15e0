/* SPDX-License-Identifier: MIT */
/*
 * The deepest stack of one entry point. A state is a function together with
 * what its callers have left of the bounds on recursion; with bounds on every
 * cycle the states have none, so each is computed once.
 */
#pragma once

#include "tools/stackuse/rules.h"

#define DEPTH_NONE UINT32_MAX

struct state {
	uint64_t depth; /* bytes from here down, own frame included */
	uint32_t function;
	uint32_t next; /* state of the deepest callee; DEPTH_NONE: none */
	uint8_t colour;
	bool counts; /* some path from here is one to be counted */
};

/* How often a group of functions may still come: one for each bound. */
struct digit {
	struct rule *rule;     /* of the bound, or of an interrupted entry */
	uint32_t weight, base; /* in the number of the variant */
};

struct digit_list {
	struct digit *items;
	size_t count, room;
};

struct depths {
	const struct graph *graph;
	struct rule *entry;
	struct digit_list digits;
	struct state *states; /* function * variants + variant */
	uint32_t variants;
	uint32_t interrupt; /* comes on top of any function; or GRAPH_NONE */
	uint32_t first; /* state of the entry point; DEPTH_NONE: no answer */
	uint64_t depth;
};

/* Complains, and leaves first = DEPTH_NONE, about: an entry point that is not
 * in the image, a cycle without a bound, code that nobody knows, frames of no
 * known size. Marks bounds and exceptions that were needed as used. */
void depths_find(struct depths *d, struct graph *graph, struct rules *rules,
		 struct rule *entry, const char *name,
		 struct complaints *wrong);

/* What may follow a state: calls in the source's order, then an interrupt. */
size_t depths_next_count(const struct depths *d, uint32_t state);
/* The state that the n-th leads to; DEPTH_NONE: it cannot be on such a path. */
uint32_t depths_next(const struct depths *d, uint32_t state, size_t n);
/* Was the function reached at all? */
bool depths_reached(const struct depths *d, uint32_t function);
