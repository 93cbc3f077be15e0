/* SPDX-License-Identifier: MIT */
/* What a C source says about a call, a table and an argument. */
/* test-sources: tools/stackuse/source.c tools/stackuse/pool.c */
/* test-sources: tools/common/file.c tools/common/say.c */
#include "tools/stackuse/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char text[] = "/* op(1) */ int x = '\"';\n"
			   "\tif (platform->trap(f))\n"
			   "\treturn calls[ req->call[(1)] ](req);\n"
			   "\t(*op)(va);\n"
			   "\ta.b ->c\n"
			   "\t\t(1);\n"
			   "\t\"text(\" x;\n"
			   "\tf(1";

struct world {
	struct pool pool;
	struct sources sources;
	char folder[32];
};

static struct world w;

static int start(void **state)
{
	char path[48];
	FILE *f;

	(void)state;
	memset(&w, 0, sizeof(w));
	strcpy(w.folder, "/tmp/source_test.XXXXXX");
	if (!mkdtemp(w.folder))
		return -1;
	snprintf(path, sizeof(path), "%s/a.c", w.folder);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		return -1;
	w.sources = (struct sources){ .pool = &w.pool, .root = w.folder };
	return 0;
}

static int stop(void **state)
{
	char path[48];

	(void)state;
	snprintf(path, sizeof(path), "%s/a.c", w.folder);
	unlink(path);
	rmdir(w.folder);
	pool_free(&w.pool);
	return 0;
}

static void expression_is(const char *where, const char *expected)
{
	const char *file, *found = source_expression(&w.sources, where, &file);

	if (!expected) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, expected);
	assert_string_equal(file, "a.c");
}

static void callees_are_found(void **state)
{
	(void)state;
	expression_is("a.c:2:6", "platform->trap");
	expression_is("./a.c:2:6", "platform->trap");
	expression_is("a.c:3:9", "calls[req->call[(1)]]");
	expression_is("a.c:4:2", "(*op)");
	expression_is("a.c:5:2", "a.b->c");
	expression_is("a.c:8:2", "f");
}

static void other_places_are_not(void **state)
{
	static const char *const bad[] = {
		"",	    "a.c",     "a.c:2",	   "a.c:0:6",  "a.c:2:0",
		"a.c:2:99", "a.c:9:1", "b.c:2:6",  "a.c:x:6",  "a.c:2:6x",
		":2:6",	    "a.c::6",  "a.c:1:4",  "a.c:1:20", "a.c:7:2",
		"a.c:2:24", "::",      "a.c:2:-1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		expression_is(bad[i], NULL);
}

static void words_are(const struct words *words, const char *expected)
{
	char all[256] = "";

	for (size_t i = 0; i < words->count; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i ? " " : "", words->items[i]);
	assert_string_equal(all, expected);
}

static void members_are_listed(void **state)
{
	struct words words = { NULL, 0, 0, 0 };

	(void)state;
	assert_true(source_members(
		&w.pool,
		"struct ops; extern const struct ops *ops;\nstruct ops {\n"
		"const char *name;\nvoid (*init)(int (*)(void), int x);\n"
		"__attribute__((noreturn)) void (*end)(void);\n"
		"must_check enum err (*two)(void);\nvoid *last;\n\n};",
		"ops", &words));
	words_are(&words, "name init end two last");
}

static void other_structs_are_refused(void **state)
{
	static const char *const bad[] = {
		"struct ops { int x; };",
		"struct ops { void (*f)(void); int n; };",
		"struct ops { };",
		"struct ops { void (*f)(void)",
		"struct ops { void (*f)(void; };",
		"struct other { void (*f)(void); };",
		"struct ops;",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct words words = { NULL, 0, 0, 0 };

		assert_false(source_members(&w.pool, bad[i], "ops", &words));
	}
}

static void arguments_are_found(void **state)
{
	static const char source[] =
		"static int op(int a, int (*f)(int, int));\n"
		"static int op(int a, int (*f)(int, int))\n{\n\treturn f(a);\n}\n"
		"int g(void)\n{\n\tif (op(h(1, 2), platform -> grant) || "
		"op (a[1, 2], &keep))\n\t\tloop(1);\n\treturn op(op(3, in), "
		"out);\n}\n";
	struct words words = { NULL, 0, 0, 0 }, none = { NULL, 0, 0, 0 };

	(void)state;
	assert_true(source_arguments(&w.pool, source, "op", 2, &words));
	words_are(&words, "platform->grant &keep out in");
	assert_false(source_arguments(&w.pool, source, "op", 3, &none));
	assert_true(source_arguments(&w.pool, source, "nobody", 1, &none));
	assert_int_equal(none.count, 0);
	/* Its address goes away: who calls it then, and with what? */
	assert_false(source_arguments(&w.pool, "int g(void)\n{\nx = op;\n}",
				      "op", 1, &none));
	assert_false(source_arguments(&w.pool, "int g(void)\n{\nop(1", "op", 1,
				      &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(callees_are_found, start, stop),
		cmocka_unit_test_setup_teardown(other_places_are_not, start,
						stop),
		cmocka_unit_test_setup_teardown(members_are_listed, start,
						stop),
		cmocka_unit_test_setup_teardown(other_structs_are_refused,
						start, stop),
		cmocka_unit_test_setup_teardown(arguments_are_found, start,
						stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
