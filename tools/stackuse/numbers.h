/* SPDX-License-Identifier: MIT */
/*
 * Numbers that the kernel's headers define, so that a limit is written once:
 * `#define NAME EXPRESSION`, of decimal and hexadecimal numbers, other names,
 * + - * and parentheses.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tools/stackuse/pool.h"

struct number {
	const char *name, *text;
};

struct numbers {
	struct pool *pool;
	struct number *items;
	size_t count, room;
};

/* Takes every #define of a header; what is no expression is never asked for. */
void numbers_add(struct numbers *numbers, const char *text);
/* False: unknown names, a wrong form, below zero or beyond 2^63. */
bool numbers_value(const struct numbers *numbers, const char *expression,
		   uint64_t *value);
