/* SPDX-License-Identifier: MIT */
/* The verdict for people and for programs. All texts are appended to a stream. */
#pragma once

#include <stdio.h>

#include "tools/stackuse/build.h"

/* Entry points with depth and limit, the ten heaviest functions. */
void report_text(FILE *to, const struct build *build);
/* The deepest paths of every entry point. */
void report_tree(FILE *to, const struct build *build);
/* One object; its members are the builds. */
void report_json(FILE *to, const struct build *builds, size_t count);
