/* SPDX-License-Identifier: MIT */
/*
 * Pieces cut out of larger ranges: what of a RAM range is the SVSM's, holds
 * the image, or is no RAM after all. Page-aligned, disjoint, ascending.
 */
#pragma once

#include <stdbool.h>

#include "lib/addr.h"

#define CUTS_MAX 24u

struct cut {
	struct pa_range range;
	uint32_t kind; /* the owner's meaning; not 0 */
};

/* What lies between cuts. */
#define CUT_NONE 0u

struct cuts {
	unsigned int count;
	struct cut cut[CUTS_MAX];
};

/* Widens to whole pages; empty ranges are ignored. ERR_EXISTS: overlaps
 * an earlier cut; ERR_NOMEM: too many; ERR_RANGE: wraps. */
must_check enum err cuts_add(struct cuts *cuts, uint64_t start, uint64_t size,
			     uint32_t kind);

/*
 * Walks `whole` in ascending pieces, each of one kind: set *at to its start
 * first; false at the end. Only whole pages of `whole` are given.
 */
bool cuts_next(const struct cuts *cuts, struct pa_range whole, uint64_t *at,
	       struct cut *piece);
