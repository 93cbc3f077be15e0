/* SPDX-License-Identifier: MIT */
/*
 * The one stream of releases: which name comes next, and which may not come.
 * Decides from tags and a month alone; knows no git and no clock.
 */
#pragma once

#include "tools/release/name.h"

#define STREAM_TAGS_MAX 8192u

struct stream_tag {
	struct name name;
	bool behind; /* its commit is HEAD or an ancestor of HEAD */
};

/* In no order; a name may not occur twice. */
struct stream {
	const struct stream_tag *tags;
	size_t count;
};

enum stream_kind {
	STREAM_DEVEL,  /* of the month: -devel, -devel.2 ... */
	STREAM_RC,     /* of the last development release's month: -rc1 ... */
	STREAM_STABLE, /* .0, after a candidate */
	STREAM_UPDATE, /* .1, .2 ... of the stable release behind HEAD */
};

struct month {
	unsigned int year, month;
};

/*
 * The name that a release of this kind has now. ERR_STATE: there can be none;
 * *why says so in words (a constant).
 */
must_check enum err stream_next(const struct stream *s, enum stream_kind kind,
				struct month now, struct name *out,
				const char **why);

/*
 * May this name be given to HEAD? ERR_EXISTS: some commit has it. ERR_STATE: it
 * would go backwards, behind HEAD or in the whole stream; an update of a stable
 * release alone may be lower than names on other branches.
 */
must_check enum err stream_admits(const struct stream *s, const struct name *n,
				  const char **why);

/* Which kind of release this name is of. */
enum stream_kind stream_kind_of(const struct name *n);

/* The highest name behind HEAD with a stage of `from` or more that is less than
 * `below` (NULL: no limit); NULL if there is none. */
const struct name *stream_last(const struct stream *s, enum name_stage from,
			       const struct name *below);
