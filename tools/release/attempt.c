/* SPDX-License-Identifier: MIT */
/* An attempt at a release: the rules, then the checks, then the tag. */
#include "tools/release/attempt.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/common/say.h"
#include "tools/release/changes.h"
#include "tools/release/notes.h"
#include "tools/release/proof.h"

#define DAY_SECONDS 86400

/* The last second of that day: what happened on it lies behind us. */
enum err attempt_day(const char *text, int64_t *seconds)
{
	struct tm day = { .tm_sec = 0 };
	char again[16];
	const char *end = strptime(text, "%Y-%m-%d", &day);
	time_t t;

	if (!end || *end || strlen(text) != 10)
		return ERR_FORMAT;
	t = timegm(&day);
	/* The 31st of a shorter month would be another day. */
	if (t < 0 || !strftime(again, sizeof(again), "%Y-%m-%d", &day) ||
	    strcmp(again, text) != 0)
		return ERR_FORMAT;
	*seconds = t + DAY_SECONDS - 1;
	return OK;
}

static enum err clock_read(struct attempt *a)
{
	const char *date = a->options->date;
	struct tm day;
	time_t t;

	a->now = time(NULL);
	if (date && attempt_day(date, &a->now) != OK) {
		say_error("--date %s: no day such as 2026-11-08", date);
		return ERR_FORMAT;
	}
	t = a->now;
	if (!gmtime_r(&t, &day))
		return ERR_RANGE;
	a->month = (struct month){ (unsigned int)day.tm_year + 1900,
				   (unsigned int)day.tm_mon + 1 };
	return OK;
}

/* The last development release behind HEAD. */
static const struct name *last_devel(const struct stream *s)
{
	const struct name *best = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct stream_tag *t = &s->tags[i];

		if (t->behind && t->name.stage == NAME_DEVEL &&
		    (!best || name_compare(&t->name, best) > 0))
			best = &t->name;
	}
	return best;
}

enum err attempt_open(const struct attempt_options *options,
		      struct attempt *out)
{
	struct attempt a = { .options = options };
	enum err e = clock_read(&a);

	if (e == OK)
		e = git_open(options->repo, &a.repo);
	if (e == OK)
		e = git_tags(&a.repo, &a.tags);
	if (e != OK)
		return e;
	a.stream = (struct stream){ a.tags.list, a.tags.count };
	e = changes_between(&a.repo, last_devel(&a.stream), a.repo.head,
			    &a.since);
	if (e != OK) {
		tags_free(&a.tags);
		return e;
	}
	a.freeze = freeze_find(&a.since);
	*out = a;
	return OK;
}

void attempt_close(struct attempt *a)
{
	commits_free(&a->since);
	tags_free(&a->tags);
}

static bool kind_parse(const char *text, enum stream_kind *kind)
{
	static const char *const words[] = {
		[STREAM_DEVEL] = "devel",
		[STREAM_RC] = "rc",
		[STREAM_STABLE] = "stable",
		[STREAM_UPDATE] = "update",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*kind = (enum stream_kind)i;
		return true;
	}
	return false;
}

/* A name that was given must be the one that comes. */
static enum err given(const struct attempt *a, const char *text,
		      const struct name *n, struct name *out)
{
	char next_text[NAME_SIZE];
	const char *why;
	struct name next;
	enum err e = stream_admits(&a->stream, n, &why);

	if (e == OK)
		e = stream_next(&a->stream, stream_kind_of(n), a->month, &next,
				&why);
	if (e != OK) {
		say_error("%s: %s", text, why);
		return e;
	}
	if (name_compare(n, &next) != 0) {
		name_format(&next, next_text);
		say_error("%s: the next of its kind is %s", text, next_text);
		return ERR_STATE;
	}
	*out = next;
	return OK;
}

enum err attempt_name(const struct attempt *a, const char *what,
		      struct name *out)
{
	enum stream_kind kind;
	const char *why;
	struct name n;
	enum err e;

	if (name_parse(what, &n) == OK)
		return given(a, what, &n, out);
	if (!kind_parse(what, &kind)) {
		say_error("%s: neither devel, rc, stable, update nor a "
			  "release's name",
			  what);
		return ERR_FORMAT;
	}
	e = stream_next(&a->stream, kind, a->month, &n, &why);
	if (e == OK)
		e = stream_admits(&a->stream, &n, &why);
	if (e != OK)
		say_error("%s: %s", what, why);
	else
		*out = n;
	return e;
}

/* Each line of text as a complaint of its own. */
static void say_lines(char *text)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		say_error("%s", line);
}

static enum err freeze_read(const struct attempt *a, FILE *to,
			    unsigned int *bad)
{
	struct commits week, frozen = { NULL, 0, NULL };
	enum err e = git_log(&a->repo, NULL, a->repo.head,
			     a->now - FREEZE_SECONDS, &week);

	if (e != OK)
		return e;
	if (a->freeze.open)
		e = git_log(&a->repo, a->freeze.hash, a->repo.head, 0, &frozen);
	if (e == OK)
		*bad = freeze_judge(&a->freeze, &frozen, &week, a->now, to);
	commits_free(&frozen);
	commits_free(&week);
	return e;
}

/* The freeze's line for the notes, or the reasons to refuse. */
static enum err freeze_rule(const struct attempt *a, FILE *remarks, bool *good)
{
	char *text = NULL;
	size_t size = 0;
	unsigned int bad = 0;
	FILE *to = open_memstream(&text, &size);
	enum err e;

	if (!to)
		return ERR_NOMEM;
	e = freeze_read(a, to, &bad);
	fclose(to);
	if (e == OK && bad && !a->options->no_freeze) {
		say_lines(text);
		say_error("the freeze was not kept; --no-freeze releases all "
			  "the same, and the notes will say so");
		*good = false;
	} else if (e == OK && bad) {
		fprintf(remarks, "Freeze: OVERRIDDEN (--no-freeze):\n%s", text);
	} else if (e == OK) {
		fprintf(remarks, "Freeze: kept\n");
	}
	free(text);
	return e;
}

static enum err rules(const struct attempt *a, const struct name *n,
		      FILE *remarks, bool *good)
{
	struct name here;
	char text[NAME_SIZE];
	bool clean, found;
	enum err e = git_clean(&a->repo, &clean);

	if (e == OK)
		e = git_tag_here(&a->repo, &here, &found);
	if (e != OK)
		return e;
	if (!clean) {
		say_error("the tree has changes, or files that git does not "
			  "know");
		*good = false;
	}
	/* Or two builds of one commit could tell two versions. */
	if (found) {
		name_format(&here, text);
		say_error("this commit is %s; a release has a commit of its "
			  "own",
			  text);
		*good = false;
	}
	if (a->options->date)
		fprintf(remarks, "Date: given as %s\n", a->options->date);
	return n->stage == NAME_DEVEL ? freeze_rule(a, remarks, good) : OK;
}

enum err attempt_judge(const struct attempt *a, const struct name *n,
		       char **remarks)
{
	size_t size = 0;
	bool good = true;
	FILE *to;
	enum err e;

	*remarks = NULL;
	to = open_memstream(remarks, &size);
	if (!to)
		return ERR_NOMEM;
	e = rules(a, n, to, &good);
	if (fclose(to) != 0 && e == OK)
		e = ERR_NOMEM;
	if (e == OK && !good)
		e = ERR_STATE;
	if (e != OK) {
		free(*remarks);
		*remarks = NULL;
	}
	return e;
}

/* The checks took their time: is it still the commit that they were for? */
static enum err still_there(const struct attempt *a)
{
	struct repo now;
	bool clean;
	enum err e = git_open(a->repo.top, &now);

	if (e == OK)
		e = git_clean(&now, &clean);
	if (e != OK)
		return e;
	if (!clean || strcmp(now.head, a->repo.head) != 0) {
		say_error("the tree has changed while it was checked");
		return ERR_STATE;
	}
	return OK;
}

static enum err tag(const struct attempt *a, const struct name *n,
		    const char *remarks, const char *proof)
{
	char name[NAME_SIZE], *message = NULL;
	bool key;
	enum err e = git_has_key(&a->repo, &key);

	if (e != OK)
		return e;
	name_format(n, name);
	e = changes_notes(&a->repo, &a->stream, n, remarks, proof, &message);
	if (e == OK)
		e = git_tag(&a->repo, name, a->repo.head, message, key);
	if (e == OK && !key)
		say_error("%s is not signed: git knows no user.signingKey",
			  name);
	free(message);
	return e;
}

enum err attempt_tag(const struct attempt *a, const struct name *n,
		     const char *remarks)
{
	char proof[PROOF_LINE_MAX];
	enum err e =
		a->options->checked
			? proof_read(a->options->checked, a->repo.head, proof)
			: proof_run(a->options->check, a->repo.top, proof);

	if (e == OK)
		e = still_there(a);
	return e == OK ? tag(a, n, remarks, proof) : e;
}
