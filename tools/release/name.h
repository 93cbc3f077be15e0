/* SPDX-License-Identifier: MIT */
/*
 * Names of releases, one stream (docs/release.md):
 *
 *	2026.11-devel < 2026.11-devel.2 < 2026.11-rc1 < 2026.11.0 < 2026.11.1
 *	< 2026.12-devel
 *
 * Every release has one spelling: what parses is what would be printed. So no
 * `-devel.1`, no `-rc0`, no leading zero, no sign, nothing behind.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

/* In the order in which a month passes them. */
enum name_stage { NAME_DEVEL, NAME_RC, NAME_STABLE };

struct name {
	unsigned int year;  /* 2000 to 2999 */
	unsigned int month; /* 1 to 12 */
	enum name_stage stage;
	/* DEVEL: 1 (not printed) and up; RC: 1 and up; STABLE: 0 and up. */
	unsigned int number;
};

#define NAME_NUMBER_MAX 999u
/* The longest, "2026.11-devel.999", and its zero. */
#define NAME_SIZE	24u

/* ERR_FORMAT: not the name of a release; *out is then as it was. */
must_check enum err name_parse(const char *text, struct name *out);

/* n must be valid. */
void name_format(const struct name *n, char text[NAME_SIZE]);

bool name_valid(const struct name *n);

/* Negative, 0 or positive, as for strcmp. A total order. */
int name_compare(const struct name *a, const struct name *b);

/* The same release as Debian's version, which dpkg orders in the same way. */
void name_debian(const struct name *n, char text[NAME_SIZE]);
