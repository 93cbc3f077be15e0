/* SPDX-License-Identifier: MIT */
/* The rules file: every form, and lines that are none. */
/* test-sources: tools/stackuse/rules.c tools/stackuse/graph.c */
/* test-sources: tools/stackuse/vcg.c tools/stackuse/pool.c */
/* test-sources: tools/common/say.c */
#include "tools/stackuse/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct pool pool;
static struct complaints wrong;
static struct rules rules;

static enum err read(const char *text)
{
	wrong = (struct complaints){ .pool = &pool };
	rules = (struct rules){ .pool = &pool };
	return rules_read(&rules, "file", text, &wrong);
}

static int stop(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

static void every_form_is_read(void **state)
{
	const struct rule *r;

	(void)state;
	assert_int_equal(
		read("# a comment\n\nnumbers abi/x.h # and one behind\n"
		     "limit kernel = (A + 2) * B\n"
		     "assembly start 8 calls f\n\tg\n  h\n"
		     "pushes 16 f because of it\n"
		     "slots ops = struct_ops in a.h\n"
		     "call a.c p->* = ops.* f\r\n"
		     "bound 3 f g because \"two words\" and more\n"
		     "frame f because why not\n"
		     "entry \"the first\" = f through g h without i j\n"
		     "\tinterrupted 2 by k limit kernel in debug"),
		OK);
	assert_int_equal(rules.count, 9);
	r = &rules.items[1];
	assert_int_equal(r->kind, RULE_LIMIT);
	assert_string_equal(r->text, "(A + 2) * B");
	r = &rules.items[2];
	assert_int_equal(r->line, 5);
	assert_int_equal(r->words.count, 3);
	assert_string_equal(r->words.items[2], "h");
	r = &rules.items[5];
	assert_int_equal(r->line, 10);
	assert_string_equal(r->text, "p->*");
	assert_string_equal(r->words.items[1], "f");
	r = &rules.items[6];
	assert_int_equal(r->value, 3);
	assert_string_equal(r->because, "two words and more");
	r = &rules.items[8];
	assert_string_equal(r->name, "the first");
	assert_int_equal(r->through.count, 2);
	assert_string_equal(r->without.items[1], "j");
	assert_string_equal(r->interrupt, "k");
	assert_int_equal(r->value, 2);
	assert_string_equal(r->limit, "kernel");
	assert_string_equal(r->build, "debug");
	assert_ptr_equal(rules_find(&rules, RULE_ENTRY, "the first"), r);
	assert_null(rules_find(&rules, RULE_LIMIT, "the first"));
}

static void other_lines_are_named(void **state)
{
	static const char *const bad[] = {
		"unknown x",
		"numbers",
		"numbers a b",
		"limit x",
		"limit x =",
		"assembly f",
		"assembly f x",
		"assembly f -8",
		"assembly f 8 calls",
		"assembly f 8 g",
		"assembly f 99999999999",
		"slots a = b",
		"call a.c x",
		"call a.c x =",
		"bound 0 f because x",
		"bound 2 because x",
		"bound 2 f",
		"bound 2 f because",
		"frame f",
		"entry e = f",
		"entry e = f limit",
		"entry e f limit l",
		"entry e = f through limit l",
		"entry e = f interrupted 0 by g limit l",
		"entry e = f interrupted 2 g limit l",
		"entry e = f limit l in",
		"entry e = f limit l more",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (read(bad[i]) == OK)
			fail_msg("%s", bad[i]);
		assert_int_equal(wrong.count, 1);
		assert_non_null(strstr(wrong.items[0], "file:1: not a rule"));
		assert_int_equal(rules.count, 0);
	}
	/* All of them at once. */
	assert_int_equal(read("a\nnumbers x\n\nb\n"), ERR_FORMAT);
	assert_int_equal(wrong.count, 2);
	assert_non_null(strstr(wrong.items[1], "file:4:"));
}

static void names_mean_functions(void **state)
{
	struct function local = { .symbol = "run.part.0", .file = "a/b.c" };
	struct function global = { .symbol = "run", .file = "" };

	(void)state;
	assert_true(graph_means(&local, "run"));
	assert_true(graph_means(&local, "b.c:run"));
	assert_true(graph_means(&local, "a/b.c:run"));
	assert_false(graph_means(&local, ".c:run"));
	assert_false(graph_means(&local, "c.c:run"));
	assert_false(graph_means(&local, "ru"));
	assert_false(graph_means(&local, "runs"));
	assert_true(graph_means(&global, "run"));
	assert_false(graph_means(&global, "b.c:run"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_form_is_read, stop),
		cmocka_unit_test_teardown(other_lines_are_named, stop),
		cmocka_unit_test_teardown(names_mean_functions, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
