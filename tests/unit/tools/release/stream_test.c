/* SPDX-License-Identifier: MIT */
/* Which name comes next, and which may not come. */
/* test-sources: tools/release/stream.c tools/release/name.c */
#include "tools/release/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct stream_tag list[32];

/* Words apart by blanks; a name with `!` in front is not behind HEAD. */
static struct stream stream(const char *words)
{
	struct stream s = { list, 0 };
	char text[512], *rest = NULL;

	snprintf(text, sizeof(text), "%s", words);
	for (char *word = strtok_r(text, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		list[s.count].behind = word[0] != '!';
		assert_int_equal(name_parse(word + !list[s.count].behind,
					    &list[s.count].name),
				 OK);
		s.count++;
	}
	return s;
}

struct next_case {
	const char *tags;
	enum stream_kind kind;
	const char *next; /* NULL: refused */
};

#define ALL_OF_NOVEMBER "2026.11-devel 2026.11-devel.2 2026.11-rc1 2026.11.0"

static const struct next_case next_cases[] = {
	{ "", STREAM_DEVEL, "2026.11-devel" },
	{ "", STREAM_RC, NULL },
	{ "", STREAM_STABLE, NULL },
	{ "", STREAM_UPDATE, NULL },
	{ "2026.10-devel", STREAM_DEVEL, "2026.11-devel" },
	{ "2026.11-devel", STREAM_DEVEL, "2026.11-devel.2" },
	{ "2026.11-devel 2026.11-devel.2", STREAM_DEVEL, "2026.11-devel.3" },
	/* A name is used up wherever it was given. */
	{ "2026.11-devel !2026.11-devel.2", STREAM_DEVEL, "2026.11-devel.3" },
	{ "2026.11-devel 2026.11-rc1", STREAM_DEVEL, NULL },
	{ ALL_OF_NOVEMBER, STREAM_DEVEL, NULL },
	{ "2026.11-devel", STREAM_RC, "2026.11-rc1" },
	{ "2026.11-devel 2026.11-rc1", STREAM_RC, "2026.11-rc2" },
	/* The month is the development release's, not the date's. */
	{ "2026.09-devel", STREAM_RC, "2026.09-rc1" },
	{ ALL_OF_NOVEMBER, STREAM_RC, NULL },
	{ "2026.11-devel", STREAM_STABLE, NULL },
	{ "2026.11-devel 2026.11-rc1", STREAM_STABLE, "2026.11.0" },
	{ "2026.09-devel 2026.09-rc1", STREAM_STABLE, "2026.09.0" },
	{ ALL_OF_NOVEMBER, STREAM_STABLE, NULL },
	{ ALL_OF_NOVEMBER, STREAM_UPDATE, "2026.11.1" },
	{ ALL_OF_NOVEMBER " 2026.11.1", STREAM_UPDATE, "2026.11.2" },
	{ ALL_OF_NOVEMBER " !2026.11.1", STREAM_UPDATE, "2026.11.2" },
	{ ALL_OF_NOVEMBER " !2026.12-devel", STREAM_UPDATE, "2026.11.1" },
	{ ALL_OF_NOVEMBER " 2026.12-devel", STREAM_UPDATE, NULL },
	{ "2026.11-devel 2026.11-rc1", STREAM_UPDATE, NULL },
	{ "2026.11-devel.999", STREAM_DEVEL, NULL },
};

static void test_next(void **state)
{
	const struct month november = { 2026, 11 };

	(void)state;
	for (size_t i = 0; i < sizeof(next_cases) / sizeof(next_cases[0]);
	     i++) {
		const struct next_case *c = &next_cases[i];
		struct stream s = stream(c->tags);
		char text[NAME_SIZE] = "refused";
		const char *why = NULL;
		struct name n;
		enum err e = stream_next(&s, c->kind, november, &n, &why);

		if (e == OK)
			name_format(&n, text);
		if (strcmp(text, c->next ? c->next : "refused") != 0)
			fail_msg("case %zu: %s", i, text);
		assert_true(e == OK || why);
	}
}

struct admit_case {
	const char *tags, *name;
	enum err e;
};

static const struct admit_case admit_cases[] = {
	{ "", "2026.11-devel", OK },
	{ "2026.11-devel", "2026.11-devel", ERR_EXISTS },
	{ "!2026.11-devel", "2026.11-devel", ERR_EXISTS },
	{ "2026.11-devel", "2026.10-devel", ERR_STATE },
	{ "2026.11-devel.2", "2026.11-devel", ERR_STATE },
	{ "2026.11-rc1", "2026.11-devel.2", ERR_STATE },
	{ "2026.11.0", "2026.11-rc2", ERR_STATE },
	{ "2026.11-rc1", "2026.11.0", OK },
	{ "2026.11.0", "2026.11.1", OK },
	{ "2026.11.1 2026.11.0", "2026.11.0", ERR_EXISTS },
	{ "2026.11.0 2026.12-devel", "2026.11.1", ERR_STATE },
	{ "2026.11.0 !2026.12-devel", "2026.11.1", OK },
	/* Only an update may stand behind the stream's front. */
	{ "2026.11-rc1 !2026.12-devel", "2026.11.0", ERR_STATE },
	{ "2026.11-devel !2026.12-devel", "2026.11-rc1", ERR_STATE },
	{ "2026.10.0 !2026.12-devel", "2026.11-devel", ERR_STATE },
	{ "!2027.01-devel", "2026.12-devel", ERR_STATE },
};

static void test_admits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(admit_cases) / sizeof(admit_cases[0]);
	     i++) {
		const struct admit_case *c = &admit_cases[i];
		struct stream s = stream(c->tags);
		const char *why = NULL;
		struct name n;

		assert_int_equal(name_parse(c->name, &n), OK);
		if (stream_admits(&s, &n, &why) != c->e)
			fail_msg("case %zu", i);
		assert_true(c->e == OK || why);
	}
}

static void test_last(void **state)
{
	struct stream s = stream(ALL_OF_NOVEMBER " !2026.12-devel 2026.10.3");
	const struct name *all = stream_last(&s, NAME_DEVEL, NULL);
	const struct name *before = stream_last(&s, NAME_STABLE, all);
	char text[NAME_SIZE];

	(void)state;
	name_format(all, text);
	assert_string_equal(text, "2026.11.0");
	name_format(before, text);
	assert_string_equal(text, "2026.10.3");
	assert_null(stream_last(&s, NAME_STABLE, before));
}

/* Whatever the tags: the next name is admitted, or is refused by one of both;
 * and once taken, the one after it is higher. */
static void test_rises(void **state)
{
	static const enum stream_kind year[] = {
		STREAM_DEVEL,  STREAM_DEVEL,  STREAM_RC,     STREAM_RC,
		STREAM_STABLE, STREAM_UPDATE, STREAM_UPDATE,
	};
	struct stream s = { list, 0 };
	const char *why;

	(void)state;
	for (unsigned int month = 9; month <= 12; month++)
		for (size_t i = 0; i < sizeof(year) / sizeof(year[0]); i++) {
			const struct month now = { 2026, month };
			struct name n;

			assert_int_equal(
				stream_next(&s, year[i], now, &n, &why), OK);
			assert_int_equal(stream_admits(&s, &n, &why), OK);
			assert_int_equal(stream_kind_of(&n), year[i]);
			if (s.count)
				assert_true(
					name_compare(&n,
						     &list[s.count - 1].name) >
					0);
			list[s.count++] = (struct stream_tag){ n, true };
		}
	assert_int_equal(s.count, 28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_admits),
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_rises),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
