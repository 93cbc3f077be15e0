/* SPDX-License-Identifier: MIT */
/* Command lines from a table. */
#include "tools/common/args.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/version.h"
#include "tools/common/say.h"

struct parser {
	const struct arg_program *program;
	int argc;
	char **argv;
	int at;
	struct args *out;
	int exit_code;
};

bool args_number(const char *text, unsigned long *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	char *end;

	/* strtoul alone would take blanks and signs. */
	if (!strchr(hex ? "0123456789abcdefABCDEF" : "0123456789", *digits) ||
	    !*digits)
		return false;
	errno = 0;
	*value = strtoul(digits, &end, hex ? 16 : 10);
	return *end == '\0' && errno == 0;
}

bool args_size(const char *text, unsigned long *bytes)
{
	static const char units[] = "KMG";
	size_t length = strlen(text);
	const char *unit = length ? strchr(units, text[length - 1]) : NULL;
	unsigned int shift = 0;
	char digits[32];
	unsigned long v;

	if (!length || length >= sizeof(digits))
		return false;
	memcpy(digits, text, length + 1);
	if (unit) {
		shift = 10u * (unsigned int)(unit - units + 1);
		digits[length - 1] = '\0';
	}
	if (!args_number(digits, &v) || v > ULONG_MAX >> shift)
		return false;
	*bytes = v << shift;
	return true;
}

static bool stop(struct parser *p, int code)
{
	p->exit_code = code;
	return false;
}

static bool wrong(struct parser *p, const char *text, const char *what)
{
	say_error("%s: %s (see %s --help)", text, what, p->program->name);
	return stop(p, TOOL_USAGE);
}

/* "  -m, --memory SIZE   help", columns aligned. */
static void print_option(const struct arg_option *o)
{
	char left[64];
	char letter[8] = "    ";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name,
		 o->value ? " " : "", o->value ? o->value : "");
	printf("  %-28s %s\n", left, o->help);
}

static void print_help(const struct arg_program *program)
{
	static const struct arg_option standard[] = {
		{ "help", 'h', NULL, "print this text", ARG_FLAG, NULL },
		{ "version", 0, NULL, "print the version", ARG_FLAG, NULL },
	};

	printf("Usage: %s %s\n%s\n\nOptions:\n", program->name, program->usage,
	       program->summary);
	for (size_t i = 0; i < program->option_count; i++)
		if (program->options[i].help)
			print_option(&program->options[i]);
	for (size_t i = 0; i < ARRAY_COUNT(standard); i++)
		print_option(&standard[i]);
	if (program->footer)
		printf("\n%s\n", program->footer);
}

static bool store_number(struct parser *p, const struct arg_option *o,
			 const char *name, const char *value)
{
	unsigned long v = 0;

	if (o->kind == ARG_SIZE && !args_size(value, &v))
		return wrong(p, name, "wants a size such as 4096, 64K or 2G");
	if (o->kind == ARG_NUMBER && !args_number(value, &v))
		return wrong(p, name, "wants a number");
	*(uint64_t *)o->to = v;
	return true;
}

static bool store_list(struct parser *p, struct arg_list *list,
		       const char *name, const char *value)
{
	if (list->count == ARG_LIST_MAX)
		return wrong(p, name, "given too often");
	list->texts[list->count++] = value;
	return true;
}

/* value is NULL when nothing is attached; the next word is then taken. */
static bool store(struct parser *p, const struct arg_option *o,
		  const char *name, const char *value)
{
	if (o->kind == ARG_FLAG) {
		if (value)
			return wrong(p, name, "takes no value");
		*(bool *)o->to = true;
		return true;
	}
	if (!value) {
		if (p->at == p->argc)
			return wrong(p, name, "wants a value");
		value = p->argv[p->at++];
	}
	switch (o->kind) {
	case ARG_TEXT:
		*(const char **)o->to = value;
		return true;
	case ARG_LIST:
		return store_list(p, o->to, name, value);
	default:
		return store_number(p, o, name, value);
	}
}

/* Asked last, so that a table may have its own -h. */
static bool standard_option(struct parser *p, const char *word)
{
	if (!strcmp(word, "--version")) {
		printf("%s (Coir) %s\n", p->program->name, coir_version);
		return stop(p, TOOL_OK);
	}
	if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
		print_help(p->program);
		return stop(p, TOOL_OK);
	}
	return wrong(p, word, "no such option");
}

/* The whole name must match: abbreviations break when options are added. */
static bool long_option(struct parser *p, const char *word)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : NULL;

	for (size_t i = 0; i < p->program->option_count; i++) {
		const struct arg_option *o = &p->program->options[i];

		if (strlen(o->name) == length && !memcmp(o->name, name, length))
			return store(p, o, word, value);
	}
	return standard_option(p, word);
}

static const struct arg_option *find_letter(const struct parser *p, char c)
{
	for (size_t i = 0; c && i < p->program->option_count; i++)
		if (p->program->options[i].letter == c)
			return &p->program->options[i];
	return NULL;
}

/* -x, -xVALUE, -x VALUE, and flags in a row, such as -jv. */
static bool short_option(struct parser *p, const char *word)
{
	for (const char *c = word + 1; *c; c++) {
		const struct arg_option *o = find_letter(p, *c);

		if (!o)
			return standard_option(p, word);
		if (o->kind != ARG_FLAG)
			return store(p, o, word, c[1] ? c + 1 : NULL);
		if (!store(p, o, word, NULL))
			return false;
	}
	return true;
}

/* A lone "-" is a word, too: many programs take it for standard input. */
static bool plain_word(struct parser *p, const char *word)
{
	struct args *out = p->out;

	if (out->word_count == p->program->words_max ||
	    out->word_count == ARG_WORDS_MAX)
		return wrong(p, word, "one word too many");
	out->words[out->word_count++] = word;
	return true;
}

/* Behind "--" nothing is ours, not even --help. */
static bool rest(struct parser *p)
{
	if (!p->program->takes_rest && p->at < p->argc)
		return wrong(p, "--", "nothing may follow");
	p->out->rest = p->argv + p->at;
	p->out->rest_count = (size_t)(p->argc - p->at);
	p->at = p->argc;
	return true;
}

static bool parse_word(struct parser *p)
{
	const char *word = p->argv[p->at++];

	if (word[0] != '-' || !word[1])
		return plain_word(p, word);
	if (word[1] != '-')
		return short_option(p, word);
	return word[2] ? long_option(p, word) : rest(p);
}

static bool missing(struct parser *p)
{
	say_error("too few words; usage: %s %s", p->program->name,
		  p->program->usage);
	return stop(p, TOOL_USAGE);
}

bool args_parse(const struct arg_program *program, int argc, char **argv,
		struct args *out, int *exit_code)
{
	struct parser p = { program, argc, argv, 1, out, TOOL_OK };
	bool good = true;

	say_name(program->name);
	*out = (struct args){ .word_count = 0 };
	while (good && p.at < argc)
		good = parse_word(&p);
	if (good && out->word_count < program->words_min)
		good = missing(&p);
	*exit_code = p.exit_code;
	return good;
}
