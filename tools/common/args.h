/* SPDX-License-Identifier: MIT */
/*
 * Command lines from a table. The table is also the help text, so the two
 * cannot disagree. Understood: --name VALUE, --name=VALUE, -x VALUE, -xVALUE, -xy,
 * options and words in any order, and everything after "--" left alone.
 * --help (-h) and --version are there without being listed.
 *
 *	static bool json;
 *	static uint64_t memory = 512 << 20;
 *	static const struct arg_option options[] = {
 *		{ "json", 'j', NULL, "print JSON", ARG_FLAG, &json },
 *		{ "memory", 'm', "SIZE", "guest RAM", ARG_SIZE, &memory },
 *	};
 *	static const struct arg_program program = {
 *		.name = "tool", .usage = "FILE [OPTIONS]", .summary = "...",
 *		.options = options, .option_count = ARRAY_COUNT(options),
 *		.words_min = 1, .words_max = 1,
 *	};
 *	int code;
 *	if (!args_parse(&program, argc, argv, &args, &code))
 *		return code;
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum arg_kind {
	ARG_FLAG,   /* bool: set to true, takes no value */
	ARG_TEXT,   /* const char *: points into argv */
	ARG_NUMBER, /* uint64_t: decimal, or hexadecimal after 0x */
	ARG_SIZE,   /* uint64_t: bytes, with an optional K, M or G */
	ARG_LIST,   /* struct arg_list: may be given again and again */
};

#define ARG_LIST_MAX   64
#define ARG_WORDS_MAX  16
#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct arg_list {
	const char *texts[ARG_LIST_MAX];
	size_t count;
};

struct arg_option {
	const char *name;  /* without the dashes */
	char letter;	   /* short form, or 0 */
	const char *value; /* what the help calls the value; NULL for flags */
	const char *help;  /* NULL hides the option from the help */
	enum arg_kind kind;
	void *to; /* where the value goes, as the kind says */
};

struct arg_program {
	const char *name;
	const char *usage;   /* what follows the name on the usage line */
	const char *summary; /* one or two lines */
	const char *footer;  /* exit codes, examples; may be NULL */
	const struct arg_option *options;
	size_t option_count;
	size_t words_min, words_max; /* words that are no options */
	bool takes_rest;	     /* is "-- ..." allowed? */
};

struct args {
	const char *words[ARG_WORDS_MAX];
	size_t word_count;
	char **rest; /* what stands after "--" */
	size_t rest_count;
};

/*
 * True: run. False: stop with *exit_code (tools/common/say.h); help, version or
 * a complaint has been printed. Sets the name for say_error.
 */
bool args_parse(const struct arg_program *program, int argc, char **argv,
		struct args *out, int *exit_code);

/* "512M" and the like; ARG_SIZE and ARG_NUMBER use them. False: not one. */
bool args_size(const char *text, unsigned long *bytes);
bool args_number(const char *text, unsigned long *value);
