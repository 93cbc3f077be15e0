/* SPDX-License-Identifier: MIT */
/*
 * Makes a call graph whole: functions of assembly get their frames, calls
 * through pointers their targets, out of the image's own tables.
 */
#pragma once

#include "tools/stackuse/binary.h"
#include "tools/stackuse/rules.h"
#include "tools/stackuse/source.h"

struct resolver {
	struct graph *graph;
	const struct binary *binary;
	struct rules *rules;
	struct sources *sources;
	const char *name; /* of the build, for complaints */
	struct complaints *wrong;
};

/* Complains about what stays open: a call without a rule, a table that is not
 * what the rules say, a function of the image that gcc's graphs lack. */
void resolve(struct resolver *r);
