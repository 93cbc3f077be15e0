/* SPDX-License-Identifier: MIT */
/* The notes of a release: changes by whom they concern. */
#pragma once

#include <stdio.h>

#include "tools/release/commit.h"

struct notes {
	const char *name;	  /* of the release, or of what will be one */
	const char *since;	  /* the release before; NULL: the first */
	const struct commits *in; /* what came since */
	const char *remarks;	  /* whole lines; "" */
};

/* In Markdown's manner; the same bytes for the same commits. */
void notes_write(const struct notes *n, FILE *to);

/* "subject (hash)": one line, without control characters. */
void notes_commit(const struct commit *c, FILE *to);

/* The worst of all; IMPACT_IMAGE if there are none. */
enum impact notes_impact(const struct commits *in);
