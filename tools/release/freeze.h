/* SPDX-License-Identifier: MIT */
/*
 * The freeze: a week before a development release in which only fixes go in. It
 * is opened and closed by commits with a trailer `Freeze: open` or `close`, so
 * every clone knows of it; a development release ends it, too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/release/commit.h"

#define FREEZE_DAYS    7
#define FREEZE_SECONDS (FREEZE_DAYS * INT64_C(86400))

struct freeze {
	bool open;
	const char *hash; /* the commit that opened it */
	int64_t since;
};

/* From the commits since the last development release, newest first. */
struct freeze freeze_find(const struct commits *since_release);

/*
 * Was it kept? `frozen`: commits on top of the one that opened it, whatever
 * their dates claim; `week`: those of the last seven days, wherever they stand.
 * Writes a line for each thing that speaks against it; returns how many.
 */
unsigned int freeze_judge(const struct freeze *f, const struct commits *frozen,
			  const struct commits *week, int64_t now, FILE *to);
