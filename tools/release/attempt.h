/* SPDX-License-Identifier: MIT */
/*
 * An attempt at a release of HEAD: its name, and everything that speaks against
 * it. Nothing is changed before attempt_tag.
 */
#pragma once

#include "tools/release/freeze.h"
#include "tools/release/git.h"

struct attempt_options {
	const char *repo; /* a folder in the work tree */
	const char *date; /* YYYY-MM-DD; NULL: the clock's day, in UTC */
	bool no_freeze;
	const char *check;   /* program that checks HEAD */
	const char *checked; /* record of a check that passed, instead */
};

struct attempt {
	const struct attempt_options *options;
	struct repo repo;
	struct tags tags;
	struct stream stream;
	struct commits since; /* the last development release */
	struct freeze freeze;
	int64_t now;
	struct month month;
};

/* Reads the repository. An error has been said; nothing is held then. */
must_check enum err attempt_open(const struct attempt_options *options,
				 struct attempt *out);
void attempt_close(struct attempt *a);

/*
 * The name for `devel`, `rc`, `stable`, `update` now, or that very name if it is
 * the next of its kind. ERR_STATE, ERR_EXISTS: refused, in words on stderr;
 * ERR_FORMAT: no such kind, no such name.
 */
must_check enum err attempt_name(const struct attempt *a, const char *what,
				 struct name *out);

/*
 * Every rule but the checks themselves. *remarks: lines for the notes, owned by
 * the caller. ERR_STATE: refused, in words on stderr, each reason a line.
 */
must_check enum err attempt_judge(const struct attempt *a, const struct name *n,
				  char **remarks);

/*
 * Runs the checks, or reads their record; then makes the tag, if HEAD and the
 * tree are still what was judged. Takes remarks from attempt_judge.
 */
must_check enum err attempt_tag(const struct attempt *a, const struct name *n,
				const char *remarks);

/* The day that the release is of, for --date: "2026-11-08". */
must_check enum err attempt_day(const char *text, int64_t *seconds);
