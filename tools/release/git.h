/* SPDX-License-Identifier: MIT */
/*
 * What a release needs of git. Each function runs git once, without a shell, and
 * says on stderr why it failed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "tools/release/commit.h"
#include "tools/release/stream.h"

#define GIT_PATH_MAX 4096u

struct repo {
	char top[GIT_PATH_MAX]; /* of the work tree */
	char head[COMMIT_HASH_SIZE];
};

struct tags {
	struct stream_tag *list; /* owned */
	size_t count;
};

/* ERR_ABSENT: `folder` is in no work tree, or there is no commit yet. */
must_check enum err git_open(const char *folder, struct repo *out);

/* *clean: no change, staged or not, and no file that git does not know. */
must_check enum err git_clean(const struct repo *r, bool *clean);

/* Tags that are names of releases; others are nobody's business here. */
must_check enum err git_tags(const struct repo *r, struct tags *out);
void tags_free(struct tags *tags);

/* The release whose tag HEAD bears; *found: whether it bears one. */
must_check enum err git_tag_here(const struct repo *r, struct name *out,
				 bool *found);

/*
 * Commits of `to` that are not of `from` (NULL: all of them), newest first. Both
 * are hashes or refs made by us. since: only those of that time or later, 0: all.
 */
must_check enum err git_log(const struct repo *r, const char *from,
			    const char *to, int64_t since, struct commits *out);

/* *set: is there a key to sign with? */
must_check enum err git_has_key(const struct repo *r, bool *set);

/*
 * An annotated tag at the commit `hash`, signed if asked; fails if it exists.
 * A commit without changes on top of HEAD.
 */
must_check enum err git_tag(const struct repo *r, const char *name,
			    const char *hash, const char *message, bool sign);
must_check enum err git_commit(const struct repo *r, const char *message,
			       bool sign);
