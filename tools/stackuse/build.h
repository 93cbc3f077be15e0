/* SPDX-License-Identifier: MIT */
/* One build of an image: its call graph, its entry points and the verdict. */
#pragma once

#include "tools/stackuse/depth.h"
#include "tools/stackuse/numbers.h"
#include "tools/stackuse/resolve.h"

/* A larger frame needs a written reason. */
#define FRAME_LIMIT 1024u

struct verdict {
	struct rule *entry;
	struct depths depths;
	uint64_t limit;
	bool known; /* depth and limit mean something */
};

struct verdict_list {
	struct verdict *items;
	size_t count, room;
};

struct build {
	struct pool *pool;
	const char *name;
	struct graph graph;
	struct binary binary;
	struct verdict_list verdicts;
};

/*
 * Fills build.graph and build.binary, which must be initialised with
 * graph_init and binary_open, with answers: resolves, walks from every entry
 * of this build. What is wrong with the input goes to wrong, what breaks a
 * limit to broken.
 */
void build_judge(struct build *build, struct rules *rules,
		 const struct numbers *numbers, struct sources *sources,
		 struct complaints *wrong, struct complaints *broken);

/* Rules that no build needed: they would mislead whoever reads them. */
void rules_rot(const struct rules *rules, const char *name,
	       struct complaints *wrong);

/* Frames, largest first, of all functions that are reached. */
struct heavy_list {
	uint32_t *items; /* of build.graph */
	size_t count, room;
};
void build_heavy(const struct build *build, struct heavy_list *out);

/* In per cent of the limit, rounded up. */
uint64_t verdict_percent(const struct verdict *v);
