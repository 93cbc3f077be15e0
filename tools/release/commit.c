/* SPDX-License-Identifier: MIT */
/* git's list of commits, and what each of them means for a release. */
#include "tools/release/commit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MARK	     '\1'
#define COMMIT_LINES 4		  /* behind the mark's line */
#define TIME_MAX     253402300799 /* the end of the year 9999 */
#define TIME_DIGITS  12

/* Cuts the line off that *at begins with. NULL: no line is left. */
static char *take_line(char **at)
{
	char *line = *at, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (end)
		*end++ = '\0';
	*at = end;
	return line;
}

/* "HASH TIME", and nothing else. */
static enum err parse_mark(char *line, struct commit *c)
{
	size_t hex = strspn(line, "0123456789abcdef"), digits;

	if ((hex != 40 && hex != 64) || line[hex] != ' ')
		return ERR_FORMAT;
	line[hex] = '\0';
	c->hash = line;
	line += hex + 1;
	digits = strspn(line, "0123456789");
	if (!digits || digits > TIME_DIGITS || line[digits])
		return ERR_FORMAT;
	c->time = strtoll(line, NULL, 10);
	return c->time <= TIME_MAX ? OK : ERR_RANGE;
}

static enum err parse_one(char **at, struct commit *c)
{
	const char **const fields[COMMIT_LINES] = { &c->subject, &c->fixes,
						    &c->impact, &c->freeze };
	char *line = take_line(at);

	if (!line || line[0] != MARK)
		return ERR_FORMAT;
	if (parse_mark(line + 1, c) != OK)
		return ERR_FORMAT;
	for (size_t i = 0; i < COMMIT_LINES; i++) {
		/* An empty line is a field, the end of the text is none. */
		line = take_line(at);
		if (!line)
			return ERR_FORMAT;
		*fields[i] = line;
	}
	while (*at && **at && **at != MARK) {
		line = take_line(at);
		if (line && *line)
			c->rooms |= commit_room_of(line);
	}
	return OK;
}

static enum err parse_all(char *text, struct commits *c)
{
	size_t room = 0;

	while (text && *text) {
		if (c->count == room) {
			size_t more = room ? 2 * room : 256;
			struct commit *list =
				realloc(c->list, more * sizeof(*list));

			if (!list)
				return ERR_NOMEM;
			c->list = list;
			room = more;
		}
		c->list[c->count] = (struct commit){ .rooms = 0 };
		if (parse_one(&text, &c->list[c->count++]) != OK)
			return ERR_FORMAT;
	}
	return OK;
}

enum err commits_parse(char *text, size_t size, struct commits *out)
{
	struct commits c = { NULL, 0, text };
	enum err e = ERR_FORMAT;

	/* git cuts a message at a zero byte; one here would hide commits. */
	if (strlen(text) == size)
		e = parse_all(text, &c);
	if (e == OK)
		*out = c;
	else
		commits_free(&c);
	return e;
}

void commits_free(struct commits *c)
{
	free(c->list);
	free(c->text);
	*c = (struct commits){ NULL, 0, NULL };
}

static bool starts(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

static bool ends(const char *path, const char *with)
{
	size_t length = strlen(path), tail = strlen(with);

	return length > tail && strcmp(path + length - tail, with) == 0;
}

/* What decides on the bytes of an image, or on what is loaded with it. */
static bool is_image(const char *path)
{
	static const char *const rooms[] = {
		"abi/",
		"lib/",
		"hw/",
		"boot/",
		"kernel/",
		"services/",
		"config.mk",
		"Makefile",
		"scripts/mk/",
		"tools/igvmbuild/",
		"scripts/symbols.sh",
	};

	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++)
		if (starts(path, rooms[i]))
			return true;
	return false;
}

/* A path that git had to quote starts with '"' and so counts as a tool. */
enum commit_room commit_room_of(const char *path)
{
	bool manual = starts(path, "tools/") && ends(path, ".1");

	if (starts(path, "tests/") || starts(path, "proofs/"))
		return COMMIT_TESTS;
	if (starts(path, "docs/") || manual || ends(path, ".md") ||
	    strcmp(path, "LICENSE") == 0)
		return COMMIT_DOCS;
	return is_image(path) ? COMMIT_IMAGE : COMMIT_TOOLS;
}

bool commit_is_fix(const struct commit *c)
{
	return c->fixes[0] || !(c->rooms & (COMMIT_TOOLS | COMMIT_IMAGE));
}

const char *impact_word(enum impact impact)
{
	static const char *const words[] = {
		[IMPACT_IMAGE] = "IMAGE-COMPATIBLE",
		[IMPACT_GUEST] = "GUEST-COMPATIBLE",
		[IMPACT_BREAKING] = "BREAKING",
	};

	return words[impact];
}

enum impact commit_impact(const struct commit *c, const char **note)
{
	enum impact least = c->rooms & COMMIT_IMAGE ? IMPACT_GUEST
						    : IMPACT_IMAGE;

	*note = NULL;
	if (!c->impact[0])
		return least;
	for (int i = IMPACT_IMAGE; i <= IMPACT_BREAKING; i++) {
		if (strcasecmp(c->impact, impact_word((enum impact)i)) != 0)
			continue;
		if ((enum impact)i >= least)
			return (enum impact)i;
		*note = "its Impact: says less than its files";
		return least;
	}
	*note = "its Impact: is no word we know";
	return IMPACT_BREAKING;
}
