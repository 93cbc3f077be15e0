/* SPDX-License-Identifier: MIT */
/* What came since which release. */
#include "tools/release/changes.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/release/notes.h"

enum err changes_between(const struct repo *r, const struct name *since,
			 const char *to, struct commits *out)
{
	char name[NAME_SIZE], ref[NAME_SIZE + 16];

	if (!since)
		return git_log(r, NULL, to, 0, out);
	name_format(since, name);
	/* In full: a branch may have the same name. */
	snprintf(ref, sizeof(ref), "refs/tags/%s", name);
	return git_log(r, ref, to, 0, out);
}

static enum err write_notes(const struct repo *r, const struct name *since,
			    const char *name, const char *remarks, char **text)
{
	char before[NAME_SIZE];
	struct commits in;
	struct notes notes = { name, NULL, &in, remarks };
	size_t size;
	FILE *to;
	enum err e = changes_between(r, since, r->head, &in);

	if (e != OK)
		return e;
	if (since) {
		name_format(since, before);
		notes.since = before;
	}
	*text = NULL;
	to = open_memstream(text, &size);
	if (to)
		notes_write(&notes, to);
	if (!to || fclose(to) != 0)
		e = ERR_NOMEM;
	commits_free(&in);
	return e;
}

/* Who goes from stable to stable has not seen what lies between. */
static const struct name *before(const struct stream *s, const struct name *n)
{
	const struct name *last = NULL;

	if (stream_kind_of(n) == STREAM_STABLE)
		last = stream_last(s, NAME_STABLE, n);
	return last ? last : stream_last(s, NAME_DEVEL, n);
}

enum err changes_notes(const struct repo *r, const struct stream *s,
		       const struct name *n, const char *remarks,
		       const char *proof, char **text)
{
	char name[NAME_SIZE], *lines;
	enum err e;

	name_format(n, name);
	if (asprintf(&lines, "%s%s", remarks, proof) < 0)
		return ERR_NOMEM;
	e = write_notes(r, before(s, n), name, lines, text);
	free(lines);
	return e;
}

enum err changes_notes_between(const struct repo *r, const struct stream *s,
			       const char *name, char **text)
{
	return write_notes(r, stream_last(s, NAME_DEVEL, NULL), name, "", text);
}
