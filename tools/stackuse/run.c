/* SPDX-License-Identifier: MIT */
/* Options of stackuse and its flow: read, judge, print, complain. */
#include "tools/stackuse/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/args.h"
#include "tools/common/file.h"
#include "tools/common/say.h"
#include "tools/stackuse/page.h"
#include "tools/stackuse/report.h"
#include "tools/stackuse/svg.h"

#define INPUT_MAX  (64u << 20)
#define BUILDS_MAX 8u

struct options {
	const char *rules, *root, *svg, *check, *update;
	struct arg_list builds;
	bool tree, json, markdown, part, quiet;
};

/* All of a run; texts and files live in the pool. */
struct run {
	struct options options;
	struct pool pool;
	struct rules rules;
	struct numbers numbers;
	struct sources sources;
	struct complaints wrong, broken;
	struct build builds[BUILDS_MAX];
	size_t count;
};

/* NULL: not readable, which has been said. */
static const char *text_read(struct run *r, const char *path, size_t *size)
{
	struct file_bytes file;
	const char *text;

	if (file_read(path, INPUT_MAX, &file) != OK)
		return NULL;
	*size = file.size;
	text = pool_text(&r->pool, (char *)file.bytes, file.size);
	file_free(&file);
	return text;
}

static int rules_load(struct run *r)
{
	size_t size;
	const char *text = text_read(r, r->options.rules, &size);

	if (!text)
		return TOOL_USAGE;
	if (rules_read(&r->rules, r->options.rules, text, &r->wrong) != OK)
		return TOOL_BAD_INPUT;
	for (size_t i = 0; i < r->rules.count; i++) {
		const struct rule *rule = &r->rules.items[i];

		if (rule->kind != RULE_NUMBERS)
			continue;
		text = source_text(&r->sources, rule->name);
		if (!text)
			return TOOL_USAGE;
		numbers_add(&r->numbers, text);
	}
	return TOOL_OK;
}

/* The list has the paths of the call graphs, separated by blanks. */
static int graphs_load(struct run *r, struct build *b, const char *list)
{
	size_t size, length;
	const char *text = text_read(r, list, &size);

	if (!text)
		return TOOL_USAGE;
	for (; *text; text += length) {
		const char *path, *graph;

		text += strspn(text, " \t\r\n");
		length = strcspn(text, " \t\r\n");
		if (!length)
			break;
		path = pool_text(&r->pool, text, length);
		graph = text_read(r, path, &size);
		if (!graph)
			return TOOL_USAGE;
		if (graph_add(&b->graph, path, graph, size, &r->wrong) != OK)
			return TOOL_BAD_INPUT;
	}
	return TOOL_OK;
}

/* NAME=ELF,LIST */
static int build_load(struct run *r, const char *text)
{
	const char *equals = strchr(text, '=');
	const char *comma = equals ? strchr(equals, ',') : NULL;
	struct build *b = &r->builds[r->count];
	const char *elf, *bytes;
	size_t size;
	int code;

	if (!comma || equals == text || r->count == BUILDS_MAX) {
		say_error("--build: not NAME=ELF,LIST: %s", text);
		return TOOL_USAGE;
	}
	r->count++;
	b->pool = &r->pool;
	b->name = pool_text(&r->pool, text, (size_t)(equals - text));
	graph_init(&b->graph, &r->pool);
	elf = pool_text(&r->pool, equals + 1, (size_t)(comma - equals - 1));
	bytes = text_read(r, elf, &size);
	if (!bytes)
		return TOOL_USAGE;
	code = graphs_load(r, b, comma + 1);
	if (code != TOOL_OK)
		return code;
	return binary_open(&b->binary, &r->pool, elf, bytes, size, &r->wrong) ==
			       OK
		       ? TOOL_OK
		       : TOOL_BAD_INPUT;
}

static int load(struct run *r)
{
	int code = rules_load(r);

	for (size_t i = 0; code == TOOL_OK && i < r->options.builds.count; i++)
		code = build_load(r, r->options.builds.texts[i]);
	return code;
}

static void judge(struct run *r)
{
	for (size_t i = 0; i < r->count; i++)
		build_judge(&r->builds[i], &r->rules, &r->numbers, &r->sources,
			    &r->wrong, &r->broken);
	if (!r->options.part)
		rules_rot(&r->rules, r->options.rules, &r->wrong);
}

static void print(struct run *r)
{
	if (r->options.json)
		report_json(stdout, r->builds, r->count);
	if (r->options.markdown)
		page_table(stdout, r->builds, r->count);
	for (size_t i = 0; i < r->count; i++) {
		if (!r->options.json && !r->options.markdown &&
		    !r->options.quiet)
			report_text(stdout, &r->builds[i]);
		if (r->options.tree)
			report_tree(stdout, &r->builds[i]);
	}
}

static int picture(struct run *r)
{
	char *made = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&made, &size);
	enum err e = ERR_NOMEM;

	if (to) {
		svg_write(to, r->builds, r->count);
		if (fclose(to) == 0 && made)
			e = file_write(r->options.svg, made, size);
	}
	free(made);
	return e == OK ? TOOL_OK : TOOL_USAGE;
}

static int page(struct run *r, const char *path, bool update)
{
	size_t size;
	const char *text = text_read(r, path, &size);

	if (!text)
		return TOOL_USAGE;
	if (!update) {
		page_check(path, text, r->builds, r->count, &r->broken);
		return TOOL_OK;
	}
	text = page_update(&r->pool, text, r->builds, r->count);
	if (!text) {
		say_error("%s: no table between the comments", path);
		return TOOL_BAD_INPUT;
	}
	return file_write(path, text, strlen(text)) == OK ? TOOL_OK
							  : TOOL_USAGE;
}

static int answer(struct run *r)
{
	int code = TOOL_OK;

	judge(r);
	print(r);
	if (r->options.svg)
		code = picture(r);
	if (code == TOOL_OK && r->options.update)
		code = page(r, r->options.update, true);
	if (code == TOOL_OK && r->options.check)
		code = page(r, r->options.check, false);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_error("standard output: cannot be written");
		return TOOL_USAGE;
	}
	return code;
}

static int verdict(const struct run *r, int code)
{
	for (size_t i = 0; i < r->wrong.count; i++)
		say_error("%s", r->wrong.items[i]);
	for (size_t i = 0; i < r->broken.count; i++)
		say_error("%s", r->broken.items[i]);
	if (code != TOOL_OK)
		return code;
	if (r->wrong.count)
		return TOOL_BAD_INPUT;
	return r->broken.count ? TOOL_USAGE : TOOL_OK;
}

static bool parse(struct options *o, int argc, char **argv, int *code)
{
	const struct arg_option options[] = {
		{ "rules", 'r', "FILE", "what the compiler cannot know",
		  ARG_TEXT, &o->rules },
		{ "build", 'b', "NAME=ELF,LIST",
		  "image and list of its .ci files; may be repeated", ARG_LIST,
		  &o->builds },
		{ "source", 's', "DIR", "folder that paths are relative to",
		  ARG_TEXT, &o->root },
		{ "tree", 't', NULL, "print the deepest paths", ARG_FLAG,
		  &o->tree },
		{ "svg", 0, "FILE", "draw the deepest paths", ARG_TEXT,
		  &o->svg },
		{ "json", 'j', NULL, "print JSON instead", ARG_FLAG, &o->json },
		{ "markdown", 0, NULL, "print the table of the page instead",
		  ARG_FLAG, &o->markdown },
		{ "check", 0, "FILE", "is the table in this page true?",
		  ARG_TEXT, &o->check },
		{ "update", 0, "FILE", "write the table into this page",
		  ARG_TEXT, &o->update },
		{ "part", 0, NULL, "not all builds: unused rules are no fault",
		  ARG_FLAG, &o->part },
		{ "quiet", 'q', NULL, "print complaints only", ARG_FLAG,
		  &o->quiet },
	};
	const struct arg_program program = {
		.name = "stackuse",
		.usage = "--rules FILE --build NAME=ELF,LIST [OPTIONS]",
		.summary = "Worst-case depth of every stack of a kernel, from "
			   "gcc's call graphs.",
		.footer = "Exit status: 0 within the limits, 1 a limit is "
			  "broken or wrong usage,\n2 something is not known or "
			  "not understood.",
		.options = options,
		.option_count = ARRAY_COUNT(options),
	};
	struct args args;

	if (!args_parse(&program, argc, argv, &args, code))
		return false;
	if (o->rules && o->builds.count)
		return true;
	say_error("--rules and --build are needed; see --help");
	*code = TOOL_USAGE;
	return false;
}

int stackuse_run(int argc, char **argv)
{
	static struct run run;
	struct run *r = &run;
	int code;

	memset(r, 0, sizeof(*r));
	r->options.root = ".";
	if (!parse(&r->options, argc, argv, &code))
		return code;
	r->rules.pool = r->numbers.pool = r->sources.pool = &r->pool;
	r->wrong.pool = r->broken.pool = &r->pool;
	r->sources.root = r->options.root;
	code = load(r);
	if (code == TOOL_OK)
		code = answer(r);
	code = verdict(r, code);
	pool_free(&r->pool);
	return code;
}
