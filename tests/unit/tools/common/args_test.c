/* SPDX-License-Identifier: MIT */
/* Option tables: all forms, all complaints. */
/* test-sources: tools/common/args.c lib/version.c tools/common/say.c tests/vectors/child.c */
#include "tools/common/args.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vectors/child.h"

static struct child child;

/* Prints what it understood, so that the parent can compare. */
static int show(int argc, char **argv)
{
	bool json = false, quick = false;
	const char *name = "none";
	uint64_t cpus = 1, memory = 0;
	static struct arg_list list;
	const struct arg_option options[] = {
		{ "json", 'j', NULL, "JSON", ARG_FLAG, &json },
		{ "quick", 'q', NULL, NULL, ARG_FLAG, &quick },
		{ "name", 'n', "TEXT", "a name", ARG_TEXT, &name },
		{ "cpus", 'c', "N", "CPUs", ARG_NUMBER, &cpus },
		{ "memory", 'm', "SIZE", "RAM", ARG_SIZE, &memory },
		{ "add", 0, "TEXT", "more", ARG_LIST, &list },
	};
	const struct arg_program program = {
		.name = "show",
		.usage = "A [B] [OPTIONS] [-- REST]",
		.summary = "Shows.",
		.options = options,
		.option_count = ARRAY_COUNT(options),
		.words_min = 1,
		.words_max = 2,
		.takes_rest = true,
	};
	struct args args;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code;
	printf("%d %d %s %llu %llu", json, quick, name,
	       (unsigned long long)cpus, (unsigned long long)memory);
	for (size_t i = 0; i < args.word_count; i++)
		printf(" w%s", args.words[i]);
	for (size_t i = 0; i < list.count; i++)
		printf(" l%s", list.texts[i]);
	for (size_t i = 0; i < args.rest_count; i++)
		printf(" r%s", args.rest[i]);
	return 0;
}

static void good(const char *const *arguments, const char *expected)
{
	child_run(&child, show, arguments);
	assert_string_equal(child.err, "");
	assert_int_equal(child.status, 0);
	assert_string_equal(child.out, expected);
}

static void bad(const char *a, const char *b, const char *text)
{
	const char *const arguments[] = { "show", a, b, NULL };

	child_run(&child, show, arguments);
	assert_int_equal(child.status, 1);
	assert_string_equal(child.out, "");
	if (!strstr(child.err, text))
		print_error("%s", child.err);
	assert_non_null(strstr(child.err, text));
}

#define LIST(...) ((const char *const[]){ "show", __VA_ARGS__, NULL })

static void test_forms(void **state)
{
	(void)state;
	good(LIST("x"), "0 0 none 1 0 wx");
	good(LIST("-jq", "x", "y"), "1 1 none 1 0 wx wy");
	good(LIST("-jn", "z", "x"), "1 0 z 1 0 wx");
	good(LIST("-nz", "--cpus=4", "x", "-m", "2G"), "0 0 z 4 2147483648 wx");
	good(LIST("--cpus", "0x10", "x", "--memory=64K"),
	     "0 0 none 16 65536 wx");
	good(LIST("--add", "a", "x", "--add=b=c", "--name="),
	     "0 0  1 0 wx la lb=c");
	good(LIST("-", "--", "-j", "--help"), "0 0 none 1 0 w- r-j r--help");
}

static void test_complaints(void **state)
{
	(void)state;
	bad(NULL, NULL, "usage: show A [B]");
	bad("x", "--nothing", "no such option");
	bad("x", "-z", "no such option");
	bad("x", "-jz", "no such option");
	bad("x", "--json=1", "takes no value");
	bad("x", "--name", "wants a value");
	bad("x", "--cpus=four", "wants a number");
	bad("x", "--cpus=-1", "wants a number");
	bad("x", "--cpus=", "wants a number");
	bad("x", "--cpus=99999999999999999999", "wants a number");
	bad("x", "--memory=1T", "wants a size");
	bad("x", "--memory=G", "wants a size");
	bad("x", "--memory=99999999999999G", "wants a size");
	bad("x", "-m", "wants a value");
	bad("--no\x1b[31m\n", NULL, "--no?[31m?: no such option");
}

static void test_too_many(void **state)
{
	(void)state;
	child_run(&child, show, LIST("a", "b", "c"));
	assert_int_equal(child.status, 1);
	assert_non_null(strstr(child.err, "c: one word too many"));
}

static void test_help(void **state)
{
	(void)state;
	child_run(&child, show, LIST("x", "-h"));
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "-m, --memory SIZE"));
	assert_null(strstr(child.out, "--quick"));
	child_run(&child, show, LIST("--version"));
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.out, "show (Coir) "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
