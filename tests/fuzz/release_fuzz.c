/* SPDX-License-Identifier: MIT */
/*
 * A list of commits as git prints it, and names of releases. What is taken as a
 * list has whole fields, and as many commits as marks that start a line; its
 * notes are lines without control characters. What is taken as a name is
 * printed as it was.
 */
/* test-sources: tools/release/commit.c tools/release/notes.c */
/* test-sources: tools/release/freeze.c tools/release/name.c */
#include "tools/release/commit.h"

#include <stdlib.h>
#include <string.h>

#include "tools/release/freeze.h"
#include "tools/release/name.h"
#include "tools/release/notes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool condition)
{
	if (!condition)
		abort();
}

static void check_name(const char *text)
{
	char again[NAME_SIZE];
	struct name n;

	if (name_parse(text, &n) != OK)
		return;
	insist(name_valid(&n) && name_compare(&n, &n) == 0);
	name_format(&n, again);
	insist(strcmp(again, text) == 0);
}

static void check_notes(const struct commits *c)
{
	const struct notes n = { "2026.11.0", NULL, c, "" };
	struct freeze f = freeze_find(c);
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	insist(to != NULL);
	notes_write(&n, to);
	freeze_judge(&f, c, c, 0, to);
	fclose(to);
	for (size_t i = 0; i < size; i++)
		insist((unsigned char)text[i] >= ' ' || text[i] == '\n');
	free(text);
}

static void check_commits(const struct commits *c)
{
	const char *note;

	for (size_t i = 0; i < c->count; i++) {
		const struct commit *one = &c->list[i];
		size_t hash = strlen(one->hash);

		insist(hash == 40 || hash == 64);
		insist(one->time >= 0);
		insist(one->subject && one->fixes && one->impact &&
		       one->freeze);
		/* One line each, or a commit could have been hidden in it. */
		insist(!strchr(one->subject, '\n') &&
		       !strchr(one->impact, '\n'));
		insist(commit_impact(one, &note) <= notes_impact(c));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct commits c;

	insist(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_name(text);
	if (commits_parse(text, size, &c) != OK)
		return 0;
	check_commits(&c);
	check_notes(&c);
	commits_free(&c);
	return 0;
}
