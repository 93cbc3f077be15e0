/* SPDX-License-Identifier: MIT */
/* Names of releases: parse, format, order. */
#include "tools/release/name.h"

#include <stdio.h>
#include <string.h>

#define YEAR_MIN 2000u
#define YEAR_MAX 2999u

/* Digits of exactly this width; moves *at behind them. */
static bool fixed(const char **at, unsigned int width, unsigned int *value)
{
	*value = 0;
	for (unsigned int i = 0; i < width; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (unsigned int)(**at - '0');
	}
	return true;
}

/* The rest of the text is one number without leading zeroes. */
static bool number(const char *at, unsigned int *value)
{
	size_t width = strlen(at);

	if (width < 1 || width > 3 || (at[0] == '0' && width > 1))
		return false;
	return fixed(&at, (unsigned int)width, value);
}

static bool after(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		return false;
	*at += length;
	return true;
}

static bool stage(const char *at, struct name *n)
{
	if (after(&at, "-devel")) {
		n->stage = NAME_DEVEL;
		n->number = 1;
		/* The first of a month is plain: `-devel.1` would be a second
		 * spelling. */
		return !*at || (after(&at, ".") && number(at, &n->number) &&
				n->number > 1);
	}
	if (after(&at, "-rc")) {
		n->stage = NAME_RC;
		return number(at, &n->number);
	}
	n->stage = NAME_STABLE;
	return after(&at, ".") && number(at, &n->number);
}

bool name_valid(const struct name *n)
{
	return n->year >= YEAR_MIN && n->year <= YEAR_MAX && n->month >= 1 &&
	       n->month <= 12 && n->stage <= NAME_STABLE &&
	       n->number <= NAME_NUMBER_MAX &&
	       (n->stage == NAME_STABLE || n->number >= 1);
}

enum err name_parse(const char *text, struct name *out)
{
	struct name n = { .year = 0 };

	if (!fixed(&text, 4, &n.year) || !after(&text, ".") ||
	    !fixed(&text, 2, &n.month) || !stage(text, &n) || !name_valid(&n))
		return ERR_FORMAT;
	*out = n;
	return OK;
}

static void format(const struct name *n, char mark, char text[NAME_SIZE])
{
	int used = snprintf(text, NAME_SIZE, "%04u.%02u", n->year % 10000,
			    n->month % 100);
	char *rest = text + used;
	size_t room = NAME_SIZE - (size_t)used;

	if (n->stage == NAME_STABLE)
		snprintf(rest, room, ".%u", n->number);
	else if (n->stage == NAME_RC)
		snprintf(rest, room, "%crc%u", mark, n->number);
	else if (n->number == 1)
		snprintf(rest, room, "%cdevel", mark);
	else
		snprintf(rest, room, "%cdevel.%u", mark, n->number);
}

void name_format(const struct name *n, char text[NAME_SIZE])
{
	format(n, '-', text);
}

/* dpkg sorts `~` before everything, the end of the text included. */
void name_debian(const struct name *n, char text[NAME_SIZE])
{
	format(n, '~', text);
}

static int order(unsigned int a, unsigned int b)
{
	return (a > b) - (a < b);
}

int name_compare(const struct name *a, const struct name *b)
{
	int o = order(a->year, b->year);

	if (!o)
		o = order(a->month, b->month);
	if (!o)
		o = order(a->stage, b->stage);
	return o ? o : order(a->number, b->number);
}
