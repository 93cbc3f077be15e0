/* SPDX-License-Identifier: MIT */
/* The next name of the stream, and names that it does not take. */
#include "tools/release/stream.h"

const struct name *stream_last(const struct stream *s, enum name_stage from,
			       const struct name *below)
{
	const struct name *best = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct name *n = &s->tags[i].name;

		if (!s->tags[i].behind || n->stage < from)
			continue;
		if (below && name_compare(n, below) >= 0)
			continue;
		if (!best || name_compare(n, best) > 0)
			best = n;
	}
	return best;
}

/* The highest of this month and stage on any branch: a name given once is
 * used up, wherever it was given. */
static unsigned int highest(const struct stream *s, const struct name *like,
			    unsigned int none)
{
	unsigned int best = none;

	for (size_t i = 0; i < s->count; i++) {
		const struct name *n = &s->tags[i].name;

		if (n->year == like->year && n->month == like->month &&
		    n->stage == like->stage &&
		    (best == none || n->number > best))
			best = n->number;
	}
	return best;
}

static enum err refuse(const char **why, const char *text)
{
	*why = text;
	return ERR_STATE;
}

static enum err next_devel(const struct stream *s, struct month now,
			   struct name *out, const char **why)
{
	struct name n = { now.year, now.month, NAME_DEVEL, 1 };
	const struct name *last = stream_last(s, NAME_DEVEL, NULL);

	n.number = highest(s, &n, 0) + 1;
	if (last && last->year == n.year && last->month == n.month &&
	    last->stage != NAME_DEVEL)
		return refuse(why, "this month has a candidate or a stable "
				   "release already; the next development "
				   "release is the next month's");
	*out = n;
	return OK;
}

static enum err next_rc(const struct stream *s, struct name *out,
			const char **why)
{
	const struct name *last = stream_last(s, NAME_DEVEL, NULL);

	if (!last || last->stage == NAME_STABLE)
		return refuse(why, "no development release since the last "
				   "stable one: nothing to stabilise");
	*out = (struct name){ last->year, last->month, NAME_RC, 0 };
	out->number = highest(s, out, 0) + 1;
	return OK;
}

static enum err next_stable(const struct stream *s, struct name *out,
			    const char **why)
{
	const struct name *last = stream_last(s, NAME_DEVEL, NULL);

	if (!last || last->stage != NAME_RC)
		return refuse(why, "the last release is no candidate: a stable "
				   "release needs one before it");
	*out = (struct name){ last->year, last->month, NAME_STABLE, 0 };
	return OK;
}

static enum err next_update(const struct stream *s, struct name *out,
			    const char **why)
{
	const struct name *last = stream_last(s, NAME_DEVEL, NULL);

	if (!last || last->stage != NAME_STABLE)
		return refuse(why, "the last release is not stable: there is "
				   "nothing to update here");
	*out = *last;
	out->number = highest(s, last, 0) + 1;
	return OK;
}

enum err stream_next(const struct stream *s, enum stream_kind kind,
		     struct month now, struct name *out, const char **why)
{
	struct name n;
	enum err e;

	switch (kind) {
	case STREAM_DEVEL:
		e = next_devel(s, now, &n, why);
		break;
	case STREAM_RC:
		e = next_rc(s, &n, why);
		break;
	case STREAM_STABLE:
		e = next_stable(s, &n, why);
		break;
	default:
		e = next_update(s, &n, why);
		break;
	}
	if (e == OK && !name_valid(&n))
		e = refuse(why, "no such name can be written: the date, or the "
				"number, is out of bounds");
	if (e == OK)
		*out = n;
	return e;
}

enum stream_kind stream_kind_of(const struct name *n)
{
	if (n->stage == NAME_DEVEL)
		return STREAM_DEVEL;
	if (n->stage == NAME_RC)
		return STREAM_RC;
	return n->number ? STREAM_UPDATE : STREAM_STABLE;
}

enum err stream_admits(const struct stream *s, const struct name *n,
		       const char **why)
{
	bool update = stream_kind_of(n) == STREAM_UPDATE;

	/* "Exists" is the better reason, so it is looked for first. */
	for (size_t i = 0; i < s->count; i++) {
		if (name_compare(&s->tags[i].name, n) == 0) {
			*why = "this release exists";
			return ERR_EXISTS;
		}
	}
	for (size_t i = 0; i < s->count; i++) {
		if (name_compare(&s->tags[i].name, n) < 0)
			continue;
		if (s->tags[i].behind)
			return refuse(why, "it goes backwards: a higher name "
					   "is behind this commit");
		if (!update)
			return refuse(why, "it goes backwards: the stream has "
					   "a higher name, on another branch");
	}
	return OK;
}
