/* SPDX-License-Identifier: MIT */
/*
 * Reader of the call graphs that gcc writes with -fcallgraph-info=su,da: VCG
 * text, one graph for each object file. The text is taken for hostile: every
 * item is whole, or the reader stops with the line and the reason.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/stackuse/pool.h"

/* What gcc calls the target of a call through a pointer. */
#define VCG_INDIRECT "__indirect_call"

/* No real frame is larger; a sum of frames can then not overflow. */
#define VCG_FRAME_MAX 0xffffffffull

enum vcg_kind {
	VCG_END,   /* of the file, after a complete graph */
	VCG_GRAPH, /* title: the source file */
	VCG_NODE,
	VCG_EDGE,
	VCG_WRONG, /* see line and why; nothing follows */
};

struct vcg_item {
	const char *title;  /* of a graph or node; of an edge: the caller */
	const char *target; /* edges only */
	const char *where;  /* FILE:LINE:COLUMN, or "" where gcc knows none */
	uint64_t frame;	    /* bytes of stack, the return address included */
	bool defined;	    /* nodes: this object has the function's code */
	bool unbounded;	    /* alloca or an array of variable length */
};

struct vcg_reader {
	const char *at, *end;
	unsigned int line;
	const char *why;
	struct pool *pool; /* texts of the items go there */
	bool in_graph, done;
};

struct vcg_reader vcg_open(struct pool *pool, const void *text, size_t size);
enum vcg_kind vcg_next(struct vcg_reader *reader, struct vcg_item *item);
