/* SPDX-License-Identifier: MIT */
/* git's list parsed, hostile subjects included; fixes, impact, freeze, notes. */
/* test-sources: tools/release/commit.c tools/release/freeze.c */
/* test-sources: tools/release/notes.c */
#include "tools/release/commit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/release/freeze.h"
#include "tools/release/notes.h"

#define H1  "1111111111111111111111111111111111111111"
#define H2  "2222222222222222222222222222222222222222"
#define H3  "3333333333333333333333333333333333333333"
#define NOW INT64_C(1800000000)
#define DAY INT64_C(86400)

static enum err parse(const char *text, struct commits *out)
{
	size_t size = strlen(text);

	return commits_parse(strdup(text), size, out);
}

static void test_parse(void **state)
{
	struct commits c;

	(void)state;
	assert_int_equal(parse("\1" H1 " 1700000000\nkernel: a fix\n" H3
			       "\n\n\n\nkernel/main.c\ntests/x.c\n"
			       "\1" H2 " 1600000000\ndocs\n\nBREAKING\nopen\n",
			       &c),
			 OK);
	assert_int_equal(c.count, 2);
	assert_string_equal(c.list[0].hash, H1);
	assert_int_equal(c.list[0].time, 1700000000);
	assert_string_equal(c.list[0].subject, "kernel: a fix");
	assert_string_equal(c.list[0].fixes, H3);
	assert_string_equal(c.list[0].freeze, "");
	assert_int_equal(c.list[0].rooms, COMMIT_IMAGE | COMMIT_TESTS);
	assert_string_equal(c.list[1].impact, "BREAKING");
	assert_string_equal(c.list[1].freeze, "open");
	assert_int_equal(c.list[1].rooms, 0);
	commits_free(&c);
	assert_int_equal(parse("", &c), OK);
	assert_int_equal(c.count, 0);
	commits_free(&c);
}

/* A subject that looks like our mark stays a subject. */
static void test_hostile_subject(void **state)
{
	struct commits c;

	(void)state;
	assert_int_equal(parse("\1" H1 " 1700000000\n\1" H2
			       " 1\n\n\n\n\nkernel/main.c\n",
			       &c),
			 OK);
	assert_int_equal(c.count, 1);
	assert_string_equal(c.list[0].subject, "\1" H2 " 1");
	assert_int_equal(c.list[0].rooms, COMMIT_IMAGE);
	commits_free(&c);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"x",
		"\1\n\n\n\n\n",
		"\1" H1 "\ns\n\n\n\n",
		"\1" H1 " \ns\n\n\n\n",
		"\1" H1 " -5\ns\n\n\n\n",
		"\1" H1 " 5x\ns\n\n\n\n",
		"\1" H1 " 99999999999999999999\ns\n\n\n\n",
		"\1" H1 " 999999999999\ns\n\n\n\n",
		"\1" H1 "0 5\ns\n\n\n\n",
		"\1" H1 " 5\ns\n\n\n",
		"\1" H1 " 5\ns\n",
		"\1" H1 " 5\n",
	};
	struct commits c;
	char *zero = strdup("\1" H1 " 5\ns\n\n\n\nx");

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (parse(texts[i], &c) == OK)
			fail_msg("taken: case %zu", i);
	zero[45] = '\0';
	assert_int_equal(commits_parse(zero, 51, &c), ERR_FORMAT);
}

static void test_rooms(void **state)
{
	static const struct {
		const char *path;
		enum commit_room room;
	} cases[] = {
		{ "docs/release.md", COMMIT_DOCS },
		{ "README.md", COMMIT_DOCS },
		{ "tools/igvmbuild/igvmbuild.1", COMMIT_DOCS },
		{ "LICENSE", COMMIT_DOCS },
		{ "tests/unit/lib/elf_test.c", COMMIT_TESTS },
		{ "proofs/lib/cursor.c", COMMIT_TESTS },
		{ "kernel/main.c", COMMIT_IMAGE },
		{ "config.mk", COMMIT_IMAGE },
		{ "scripts/mk/bare.mk", COMMIT_IMAGE },
		{ "tools/igvmbuild/plan.c", COMMIT_IMAGE },
		{ "tools/coir-vm/main.c", COMMIT_TOOLS },
		{ "emu/main.c", COMMIT_TOOLS },
		{ "scripts/run.sh", COMMIT_TOOLS },
		/* Neither docs nor tests, whatever it looks like. */
		{ "docs", COMMIT_TOOLS },
		{ "\"docs/\\303\\251.c\"", COMMIT_TOOLS },
		{ "kernel/tests/x.c", COMMIT_IMAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (commit_room_of(cases[i].path) != cases[i].room)
			fail_msg("%s", cases[i].path);
}

static struct commit commit(const char *hash, int64_t time, unsigned int rooms,
			    const char *fixes, const char *impact)
{
	return (struct commit){
		hash, time, "a change", fixes, impact, "", rooms
	};
}

static void test_fix(void **state)
{
	struct commit c = commit(H1, NOW, COMMIT_IMAGE, "", "");

	(void)state;
	assert_false(commit_is_fix(&c));
	c.fixes = H2;
	assert_true(commit_is_fix(&c));
	c = commit(H1, NOW, COMMIT_DOCS | COMMIT_TESTS, "", "");
	assert_true(commit_is_fix(&c));
	c.rooms |= COMMIT_TOOLS;
	assert_false(commit_is_fix(&c));
	c.rooms = 0;
	assert_true(commit_is_fix(&c));
}

static void test_impact(void **state)
{
	static const struct {
		unsigned int rooms;
		const char *said;
		enum impact impact;
		bool noted;
	} cases[] = {
		{ COMMIT_TOOLS, "", IMPACT_IMAGE, false },
		{ COMMIT_DOCS, "", IMPACT_IMAGE, false },
		{ COMMIT_IMAGE, "", IMPACT_GUEST, false },
		{ COMMIT_IMAGE, "breaking", IMPACT_BREAKING, false },
		{ COMMIT_TOOLS, "BREAKING", IMPACT_BREAKING, false },
		{ COMMIT_TOOLS, "Guest-Compatible", IMPACT_GUEST, false },
		{ COMMIT_IMAGE, "GUEST-COMPATIBLE", IMPACT_GUEST, false },
		/* A trailer may not play a change down. */
		{ COMMIT_IMAGE, "IMAGE-COMPATIBLE", IMPACT_GUEST, true },
		{ COMMIT_DOCS, "none", IMPACT_BREAKING, true },
		{ COMMIT_DOCS, "BREAKING BREAKING", IMPACT_BREAKING, true },
	};
	const char *note;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct commit c =
			commit(H1, NOW, cases[i].rooms, "", cases[i].said);

		if (commit_impact(&c, &note) != cases[i].impact ||
		    !!note != cases[i].noted)
			fail_msg("case %zu", i);
	}
}

static unsigned int judge(int64_t age, struct commit *frozen, size_t frozens,
			  struct commit *week, size_t weeks)
{
	struct commit all[] = {
		commit(H1, NOW, 0, "", ""),
		commit(H2, NOW - age, 0, "", ""),
	};
	const struct commits since = { all, 2, NULL };
	const struct commits f = { frozen, frozens, NULL };
	const struct commits w = { week, weeks, NULL };
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct freeze freeze;
	unsigned int bad;

	all[1].freeze = "open";
	freeze = freeze_find(&since);
	assert_true(freeze.open);
	assert_string_equal(freeze.hash, H2);
	bad = freeze_judge(&freeze, &f, &w, NOW, to);
	fclose(to);
	assert_int_equal(bad > 0, size > 0);
	free(text);
	return bad;
}

static void test_freeze(void **state)
{
	struct commit fix = commit(H1, NOW, COMMIT_IMAGE, H3, "");
	struct commit change = commit(H1, NOW, COMMIT_IMAGE, "", "");
	/* Its date claims that it came before the freeze; its place does not. */
	struct commit forged = commit(H1, NOW - 90 * DAY, COMMIT_IMAGE, "", "");

	(void)state;
	assert_int_equal(judge(7 * DAY, NULL, 0, NULL, 0), 0);
	assert_int_equal(judge(7 * DAY - 1, NULL, 0, NULL, 0), 1);
	assert_int_equal(judge(8 * DAY, &fix, 1, &fix, 1), 0);
	assert_int_equal(judge(8 * DAY, &change, 1, &change, 1), 1);
	assert_int_equal(judge(8 * DAY, NULL, 0, &change, 1), 1);
	assert_int_equal(judge(8 * DAY, &forged, 1, NULL, 0), 1);
	assert_int_equal(judge(DAY, &change, 1, NULL, 0), 2);
}

static void test_freeze_closed(void **state)
{
	struct commit all[] = {
		commit(H1, NOW, 0, "", ""),
		commit(H2, NOW, 0, "", ""),
		commit(H3, NOW, 0, "", ""),
	};
	const struct commits since = { all, 3, NULL };
	struct freeze f;
	char text[128] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	(void)state;
	f = freeze_find(&since);
	assert_false(f.open);
	assert_int_equal(
		freeze_judge(&f, NULL, &(struct commits){ 0 }, NOW, to), 1);
	fclose(to);
	assert_string_equal(text, "no freeze is open\n");
	all[2].freeze = "open";
	all[1].freeze = "close";
	assert_false(freeze_find(&since).open);
	all[0].freeze = "open";
	assert_true(freeze_find(&since).open);
}

static void test_notes(void **state)
{
	struct commit all[] = {
		commit(H1, NOW, COMMIT_TOOLS, "", ""),
		commit(H2, NOW, COMMIT_IMAGE, "", "IMAGE-COMPATIBLE"),
		commit(H3, NOW, COMMIT_IMAGE, "", "BREAKING"),
	};
	const struct commits in = { all, 3, NULL };
	const struct notes n = { "2026.11.0", "2026.10.0", &in, "Checks: x\n" };
	char text[2048] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	(void)state;
	all[2].subject = "ends\nthe line\033[2J";
	notes_write(&n, to);
	fclose(to);
	assert_string_equal(
		text,
		"Coir 2026.11.0\n\nImpact: BREAKING\n"
		"Since 2026.10.0: 3 commits\nChecks: x\n\n"
		"BREAKING: a guest, a host or a verifier has to change\n\n"
		"- ends?the line?[2J (333333333333)\n\n"
		"GUEST-COMPATIBLE: images are built anew, guests notice "
		"nothing\n\n"
		"- a change (222222222222)\n"
		"  (its Impact: says less than its files)\n\n"
		"IMAGE-COMPATIBLE: images built before go on working as they "
		"are\n\n"
		"- a change (111111111111)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_hostile_subject),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_rooms),
		cmocka_unit_test(test_fix),
		cmocka_unit_test(test_impact),
		cmocka_unit_test(test_freeze),
		cmocka_unit_test(test_freeze_closed),
		cmocka_unit_test(test_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
