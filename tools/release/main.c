/* SPDX-License-Identifier: MIT */
/* release: names, freezes, rules and tags of Coir's releases. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/common/args.h"
#include "tools/common/say.h"
#include "tools/release/attempt.h"
#include "tools/release/changes.h"

#define EXIT_REFUSED 3
#define NAMES_MAX    STREAM_TAGS_MAX

static struct attempt_options opt = { .repo = ".", .check = ".ci/run" };

static const struct arg_option options[] = {
	{ "repo", 'C', "FOLDER", "a folder of the work tree (.)", ARG_TEXT,
	  &opt.repo },
	{ "date", 0, "YYYY-MM-DD", "this day instead of the clock's, in UTC",
	  ARG_TEXT, &opt.date },
	{ "no-freeze", 0, NULL,
	  "development release without a freeze; the "
	  "notes say so",
	  ARG_FLAG, &opt.no_freeze },
	{ "check", 0, "PROGRAM", "what checks the tree before a tag (.ci/run)",
	  ARG_TEXT, &opt.check },
	{ "checked", 0, "FILE",
	  "record of `make check` for this commit, "
	  "instead",
	  ARG_TEXT, &opt.checked },
};

static const struct arg_program program = {
	.name = "release",
	.usage = "COMMAND [WORD...] [OPTIONS]",
	.summary =
		"The stream of releases: names, freezes, rules, tags.\n\n"
		"  next KIND           name of the next release: devel, rc, "
		"stable, update\n"
		"  status              last release, freeze, next names\n"
		"  freeze open|close   a commit that says so\n"
		"  check KIND|NAME     may HEAD be that release now?\n"
		"  tag KIND|NAME       check HEAD, and make it that release\n"
		"  notes [NAME]        changes of HEAD since the release "
		"before\n"
		"  compare NAME NAME   prints <, = or >\n"
		"  order               names from standard input, sorted\n"
		"  debian NAME         the same as a version of Debian's",
	.footer = "Exit status: 0 done, 1 wrong usage or git failed, 2 no "
		  "name of a release,\n  3 refused, with the reasons.",
	.options = options,
	.option_count = ARRAY_COUNT(options),
	.words_min = 1,
	.words_max = 3,
};

static int code_of(enum err e)
{
	switch (e) {
	case OK:
		return TOOL_OK;
	case ERR_FORMAT:
		return TOOL_BAD_INPUT;
	case ERR_STATE:
	case ERR_EXISTS:
		return EXIT_REFUSED;
	default:
		return TOOL_USAGE;
	}
}

static enum err parse(const char *text, struct name *n)
{
	enum err e = name_parse(text, n);

	if (e != OK)
		say_error("%s: no name of a release", text);
	return e;
}

static void print(const struct name *n)
{
	char text[NAME_SIZE];

	name_format(n, text);
	puts(text);
}

static enum err do_next(const struct attempt *a, const struct args *args)
{
	struct name n;
	enum err e = attempt_name(a, args->words[1], &n);

	if (e == OK)
		print(&n);
	return e;
}

static void print_next(const struct attempt *a, const char *word,
		       enum stream_kind kind)
{
	char text[NAME_SIZE];
	const char *why;
	struct name n;
	enum err e = stream_next(&a->stream, kind, a->month, &n, &why);

	if (e == OK)
		e = stream_admits(&a->stream, &n, &why);
	if (e == OK)
		name_format(&n, text);
	printf("next %-7s %s%s%s\n", word, e == OK ? text : "none (",
	       e == OK ? "" : why, e == OK ? "" : ")");
}

static enum err do_status(const struct attempt *a, const struct args *args)
{
	const struct name *last = stream_last(&a->stream, NAME_DEVEL, NULL);
	long long days = (a->now - a->freeze.since) / 86400;
	char text[NAME_SIZE] = "none yet";

	(void)args;
	if (last)
		name_format(last, text);
	printf("last release %s\n", text);
	if (a->freeze.open)
		printf("freeze       open for %lld days, of %d (%.*s)\n", days,
		       FREEZE_DAYS, COMMIT_SHORT, a->freeze.hash);
	else
		printf("freeze       none\n");
	print_next(a, "devel", STREAM_DEVEL);
	print_next(a, "rc", STREAM_RC);
	print_next(a, "stable", STREAM_STABLE);
	print_next(a, "update", STREAM_UPDATE);
	return OK;
}

static enum err freeze_commit(const struct attempt *a, bool open)
{
	char message[256];
	bool clean, key;
	enum err e = git_clean(&a->repo, &clean);

	if (e == OK && !clean) {
		say_error("the tree has changes, or files that git does not "
			  "know");
		e = ERR_STATE;
	}
	if (e == OK)
		e = git_has_key(&a->repo, &key);
	if (e != OK)
		return e;
	snprintf(message, sizeof(message),
		 "release: the freeze %s\n\n%s\n\nFreeze: %s\n",
		 open ? "opens" : "ends",
		 open ? "For a week, until the next development release, only "
			"fixes, docs and\ntests go in."
		      : "There will be no development release for now.",
		 open ? "open" : "close");
	return git_commit(&a->repo, message, key);
}

static enum err do_freeze(const struct attempt *a, const struct args *args)
{
	bool open = strcmp(args->words[1], "open") == 0;

	if (!open && strcmp(args->words[1], "close") != 0) {
		say_error("freeze: open or close?");
		return ERR_RANGE;
	}
	if (open == a->freeze.open) {
		say_error("%s", open ? "a freeze is open"
				     : "no freeze is "
				       "open");
		return ERR_STATE;
	}
	return freeze_commit(a, open);
}

static enum err attempt(const struct attempt *a, const char *what, bool tag)
{
	char *remarks = NULL;
	struct name n;
	enum err e = attempt_name(a, what, &n);

	if (e == OK)
		e = attempt_judge(a, &n, &remarks);
	if (e == OK && tag)
		e = attempt_tag(a, &n, remarks);
	if (e == OK)
		print(&n);
	free(remarks);
	return e;
}

static enum err do_check(const struct attempt *a, const struct args *args)
{
	return attempt(a, args->words[1], false);
}

static enum err do_tag(const struct attempt *a, const struct args *args)
{
	return attempt(a, args->words[1], true);
}

static enum err do_notes(const struct attempt *a, const struct args *args)
{
	const char *name = args->word_count > 1 ? args->words[1] : "next";
	struct name n;
	char *text;
	enum err e;

	if (name_parse(name, &n) == OK)
		e = changes_notes(&a->repo, &a->stream, &n, "", "", &text);
	else
		e = changes_notes_between(&a->repo, &a->stream, name, &text);
	if (e != OK)
		return e;
	fputs(text, stdout);
	free(text);
	return OK;
}

static enum err do_compare(const struct attempt *a, const struct args *args)
{
	struct name one, two;
	int order;

	(void)a;
	if (parse(args->words[1], &one) != OK ||
	    parse(args->words[2], &two) != OK)
		return ERR_FORMAT;
	order = name_compare(&one, &two);
	puts(order < 0 ? "<" : order > 0 ? ">" : "=");
	return OK;
}

static int by_order(const void *a, const void *b)
{
	return name_compare(a, b);
}

static enum err do_order(const struct attempt *a, const struct args *args)
{
	static struct name names[NAMES_MAX];
	char line[256];
	size_t count = 0;

	(void)a;
	(void)args;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (count == NAMES_MAX) {
			say_error("more than %u names", NAMES_MAX);
			return ERR_RANGE;
		}
		if (parse(line, &names[count]) != OK)
			return ERR_FORMAT;
		count++;
	}
	qsort(names, count, sizeof(names[0]), by_order);
	for (size_t i = 0; i < count; i++)
		print(&names[i]);
	return OK;
}

static enum err do_debian(const struct attempt *a, const struct args *args)
{
	char text[NAME_SIZE];
	struct name n;

	(void)a;
	if (parse(args->words[1], &n) != OK)
		return ERR_FORMAT;
	name_debian(&n, text);
	puts(text);
	return OK;
}

struct command {
	const char *word;
	size_t min, max; /* words with the command itself */
	bool asks_git;
	enum err (*run)(const struct attempt *a, const struct args *args);
};

static const struct command commands[] = {
	{ "next", 2, 2, true, do_next },
	{ "status", 1, 1, true, do_status },
	{ "freeze", 2, 2, true, do_freeze },
	{ "check", 2, 2, true, do_check },
	{ "tag", 2, 2, true, do_tag },
	{ "notes", 1, 2, true, do_notes },
	{ "compare", 3, 3, false, do_compare },
	{ "order", 1, 1, false, do_order },
	{ "debian", 2, 2, false, do_debian },
};

static enum err run(const struct command *c, const struct args *args)
{
	struct attempt a;
	enum err e;

	if (!c->asks_git)
		return c->run(NULL, args);
	e = attempt_open(&opt, &a);
	if (e != OK)
		return e;
	e = c->run(&a, args);
	attempt_close(&a);
	return e;
}

int main(int argc, char **argv)
{
	struct args args;
	enum err e;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code;
	/* Inside a hook these name another repository than --repo. */
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
	for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
		const struct command *c = &commands[i];

		if (strcmp(args.words[0], c->word) != 0)
			continue;
		if (args.word_count < c->min || args.word_count > c->max) {
			say_error("%s: too few words, or too many (see release "
				  "--help)",
				  c->word);
			return TOOL_USAGE;
		}
		e = run(c, &args);
		if (fflush(stdout) != 0 && e == OK)
			e = ERR_HOST;
		return code_of(e);
	}
	say_error("%s: no such command (see release --help)", args.words[0]);
	return TOOL_USAGE;
}
