/* SPDX-License-Identifier: MIT */
/*
 * The table in a page of the documentation, between two comments. Figures are
 * rounded up generously, so that they hold with another compiler and do not
 * change with every line of code; the check fails when one is exceeded, and
 * when one is so far above the truth that it says nothing.
 */
#pragma once

#include <stdio.h>

#include "tools/stackuse/build.h"

#define PAGE_BEGIN "<!-- stackuse: begin -->\n"
#define PAGE_END   "<!-- stackuse: end -->\n"

/* One column for each build. */
void page_table(FILE *to, const struct build *builds, size_t count);
/* Complains about each figure of text that is not true. */
void page_check(const char *name, const char *text, const struct build *builds,
		size_t count, struct complaints *broken);
/* Text with its table replaced; NULL: the comments are not there. */
char *page_update(struct pool *pool, const char *text,
		  const struct build *builds, size_t count);
