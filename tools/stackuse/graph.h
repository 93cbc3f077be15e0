/* SPDX-License-Identifier: MIT */
/*
 * Who calls whom with how much stack: the call graphs of all objects of one
 * image joined by name. A function is named as gcc does: by its symbol, or
 * FILE:SYMBOL if it is local to its file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "tools/stackuse/pool.h"

#define GRAPH_NONE UINT32_MAX

struct call {
	uint32_t to;	   /* GRAPH_NONE: through a pointer, not yet resolved */
	const char *where; /* FILE:LINE:COLUMN or "" */
};

struct call_list {
	struct call *items;
	size_t count, room;
};

enum frame_from {
	FRAME_UNKNOWN,	/* called, but nobody has its code */
	FRAME_COMPILER, /* gcc's word */
	FRAME_STATED,	/* assembly: the rules' word */
};

struct function {
	const char *title;  /* as gcc names it */
	const char *symbol; /* as the linker does */
	const char *file;   /* "" for a global function */
	const char *where;
	uint64_t frame; /* bytes, the return address included */
	enum frame_from from;
	bool unbounded; /* gcc cannot say how large it gets */
	bool linked;	/* in the image */
	struct call_list calls;
};

struct graph {
	struct pool *pool;
	struct function *items;
	size_t count, room;
	uint32_t *buckets; /* hash table of indices, GRAPH_NONE = empty */
	size_t bucket_count;
};

struct complaints {
	struct pool *pool;
	const char **items;
	size_t count, room;
};

/* Adds a line, unless it has been said. */
__attribute__((format(printf, 2, 3))) void complain(struct complaints *list,
						    const char *format, ...);

void graph_init(struct graph *graph, struct pool *pool);
/* Adds one .ci file. ERR_FORMAT: broken, or it defines what is there already;
 * the complaint begins with name. */
must_check enum err graph_add(struct graph *graph, const char *name,
			      const void *text, size_t size,
			      struct complaints *wrong);
/* Index by gcc's name; GRAPH_NONE: there is none. */
uint32_t graph_find(const struct graph *graph, const char *title);
/* The same; makes one without code if there is none. */
uint32_t graph_get(struct graph *graph, const char *title);
void graph_call(struct graph *graph, uint32_t from, uint32_t to,
		const char *where);

/*
 * Does a person's name for a function mean this one? Names are SYMBOL or
 * FILE:SYMBOL; what gcc appends for copies and parts (.constprop.0) is ignored,
 * and FILE may be the end of the path.
 */
bool graph_means(const struct function *f, const char *name);
