/* SPDX-License-Identifier: MIT */
/* git, asked by argument vectors. */
#include "tools/release/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/common/say.h"
#include "tools/release/run.h"

#define GIT_ARGS_MAX 32u

/* Settings of the user that would change what we read. */
static const char *const settings[] = {
	"-c", "core.quotePath=true",
	"-c", "log.showSignature=false",
	"-c", "log.showRoot=true",
	"-c", "trailer.separators=:",
	"-c", "status.branch=false",
	"-c", "status.showStash=false",
	"-c", "tag.forceSignAnnotated=false",
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

struct vector {
	const char *args[GIT_ARGS_MAX];
	size_t count;
};

static void add(struct vector *v, const char *arg)
{
	/* The last place stays NULL; every caller here is far from it. */
	if (v->count < GIT_ARGS_MAX - 1)
		v->args[v->count++] = arg;
}

static struct vector vector(const char *folder)
{
	struct vector v = { .count = 0 };

	add(&v, "git");
	add(&v, "-C");
	add(&v, folder);
	for (size_t i = 0; i < SETTINGS; i++)
		add(&v, settings[i]);
	add(&v, "--no-pager");
	return v;
}

static enum err ask(const struct vector *v, bool silent, struct run_output *out)
{
	return run_capture((char *const *)v->args, silent, out);
}

/* As ask(), and any other status than 0 is an error. */
static enum err must(const struct vector *v, struct run_output *out)
{
	enum err e = ask(v, false, out);

	if (e == OK && out->status != 0) {
		say_error("git failed with status %d", out->status);
		run_free(out);
		return ERR_HOST;
	}
	return e;
}

/* The whole answer is one line; it goes into to[size]. */
static enum err one_line(const struct vector *v, char *to, size_t size)
{
	struct run_output out;
	enum err e = ask(v, true, &out);
	size_t length;

	if (e != OK)
		return e;
	length = out.size;
	if (length && out.text[length - 1] == '\n')
		length--;
	if (out.status != 0 || !length || length >= size ||
	    memchr(out.text, '\n', length) || memchr(out.text, '\0', length))
		e = ERR_ABSENT;
	if (e == OK) {
		memcpy(to, out.text, length);
		to[length] = '\0';
	}
	run_free(&out);
	return e;
}

enum err git_open(const char *folder, struct repo *out)
{
	struct vector top = vector(folder), head = vector(folder);

	add(&top, "rev-parse");
	add(&top, "--show-toplevel");
	add(&head, "rev-parse");
	add(&head, "--verify");
	add(&head, "HEAD^{commit}");
	if (one_line(&top, out->top, sizeof(out->top)) != OK) {
		say_error("%s: no work tree of git", folder);
		return ERR_ABSENT;
	}
	if (one_line(&head, out->head, sizeof(out->head)) != OK) {
		say_error("%s: no commit yet", folder);
		return ERR_ABSENT;
	}
	return OK;
}

enum err git_clean(const struct repo *r, bool *clean)
{
	struct vector v = vector(r->top);
	struct run_output out;
	enum err e;

	add(&v, "status");
	add(&v, "--porcelain");
	add(&v, "--untracked-files=normal");
	add(&v, "--ignore-submodules=none");
	e = must(&v, &out);
	if (e != OK)
		return e;
	*clean = out.size == 0;
	run_free(&out);
	return OK;
}

/* Every name that some option of for-each-ref selects. */
static enum err names(const struct repo *r, const char *option,
		      struct tags *out)
{
	struct vector v = vector(r->top);
	struct run_output said;
	struct tags tags = { NULL, 0 };
	char *rest = NULL;
	struct name n;
	enum err e;

	add(&v, "for-each-ref");
	add(&v, "--format=%(refname:strip=2)");
	add(&v, option ? option : "--sort=refname");
	add(&v, "refs/tags");
	e = must(&v, &said);
	if (e != OK)
		return e;
	tags.list = calloc(STREAM_TAGS_MAX, sizeof(*tags.list));
	if (!tags.list)
		e = ERR_NOMEM;
	for (char *line = strtok_r(said.text, "\n", &rest); e == OK && line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (name_parse(line, &n) != OK)
			continue;
		if (tags.count == STREAM_TAGS_MAX)
			e = ERR_RANGE;
		else
			tags.list[tags.count++].name = n;
	}
	run_free(&said);
	if (e == OK)
		*out = tags;
	else
		tags_free(&tags);
	return e;
}

void tags_free(struct tags *tags)
{
	free(tags->list);
	*tags = (struct tags){ NULL, 0 };
}

static bool among(const struct tags *tags, const struct name *n)
{
	for (size_t i = 0; i < tags->count; i++)
		if (name_compare(&tags->list[i].name, n) == 0)
			return true;
	return false;
}

enum err git_tags(const struct repo *r, struct tags *out)
{
	struct tags all, behind;
	enum err e = names(r, NULL, &all);

	if (e == OK)
		e = names(r, "--merged=HEAD", &behind);
	if (e != OK) {
		say_error("the tags cannot be read");
		return e;
	}
	for (size_t i = 0; i < all.count; i++)
		all.list[i].behind = among(&behind, &all.list[i].name);
	tags_free(&behind);
	*out = all;
	return OK;
}

enum err git_tag_here(const struct repo *r, struct name *out, bool *found)
{
	struct tags here;
	enum err e = names(r, "--points-at=HEAD", &here);

	if (e != OK)
		return e;
	*found = here.count > 0;
	if (*found)
		*out = here.list[0].name;
	tags_free(&here);
	return OK;
}

enum err git_log(const struct repo *r, const char *from, const char *to,
		 int64_t since, struct commits *out)
{
	struct vector v = vector(r->top);
	char after[64], not_from[COMMIT_HASH_SIZE + NAME_SIZE + 16];
	struct run_output said;
	enum err e;

	add(&v, "log");
	add(&v, "--topo-order");
	add(&v, "--name-only");
	/* A merge shows what it changed beyond its parents: the place to hide
	 * a change from those who skip merges. */
	add(&v, "--diff-merges=combined");
	add(&v, "--no-renames");
	add(&v, "--no-ext-diff");
	add(&v, "--no-color");
	add(&v, "--no-notes");
	add(&v, "--encoding=UTF-8");
	add(&v, "--format=" COMMIT_FORMAT);
	if (since) {
		snprintf(after, sizeof(after), "--since-as-filter=@%lld",
			 (long long)since);
		add(&v, after);
	}
	add(&v, to);
	if (from) {
		snprintf(not_from, sizeof(not_from), "^%s", from);
		add(&v, not_from);
	}
	add(&v, "--");
	e = must(&v, &said);
	if (e != OK)
		return e;
	e = commits_parse(said.text, said.size, out);
	if (e != OK)
		say_error("git's list of commits cannot be read");
	return e;
}

enum err git_has_key(const struct repo *r, bool *set)
{
	struct vector v = vector(r->top);
	struct run_output out;
	enum err e;

	add(&v, "config");
	add(&v, "--get");
	add(&v, "user.signingKey");
	e = ask(&v, true, &out);
	if (e != OK)
		return e;
	*set = out.status == 0 && out.size > 1;
	run_free(&out);
	return OK;
}

/* Runs git with `-F` and this text: a file without a name that it inherits. */
static enum err with_message(struct vector *v, const char *message)
{
	struct run_output out;
	size_t size = strlen(message);
	int fd = memfd_create("message", 0);
	char path[64];
	enum err e;

	if (fd < 0 || write(fd, message, size) != (ssize_t)size) {
		say_error("no memory for a message");
		if (fd >= 0)
			close(fd);
		return ERR_NOMEM;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	add(v, "-F");
	add(v, path);
	e = must(v, &out);
	close(fd);
	if (e == OK)
		run_free(&out);
	return e;
}

enum err git_tag(const struct repo *r, const char *name, const char *hash,
		 const char *message, bool sign)
{
	struct vector v = vector(r->top);

	add(&v, "tag");
	add(&v, sign ? "-s" : "-a");
	add(&v, "--cleanup=verbatim");
	add(&v, name);
	add(&v, hash);
	return with_message(&v, message);
}

enum err git_commit(const struct repo *r, const char *message, bool sign)
{
	struct vector v = vector(r->top);

	add(&v, "commit");
	add(&v, "--quiet");
	add(&v, "--allow-empty");
	add(&v, "--cleanup=verbatim");
	add(&v, sign ? "--gpg-sign" : "--no-gpg-sign");
	return with_message(&v, message);
}
