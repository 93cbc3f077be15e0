/* SPDX-License-Identifier: MIT */
/* Commits between releases, and the notes made of them. */
#pragma once

#include "tools/release/git.h"

/* Commits of the ref or hash `to` since that release (NULL: all). */
must_check enum err changes_between(const struct repo *r,
				    const struct name *since, const char *to,
				    struct commits *out);

/*
 * The notes of the release n at HEAD: since the last stable release for `.0`,
 * since the release before for the others. remarks, proof: whole lines or "".
 * *text is the caller's.
 */
must_check enum err changes_notes(const struct repo *r, const struct stream *s,
				  const struct name *n, const char *remarks,
				  const char *proof, char **text);

/* The same for a commit between releases, by this name. */
must_check enum err changes_notes_between(const struct repo *r,
					  const struct stream *s,
					  const char *name, char **text);
