/* SPDX-License-Identifier: MIT */
/*
 * Stands in for tools/common/say.c: keeps the last complaint, so that a test
 * can ask what the user would have read. Included once by a test program.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/common/say.h"

static char heard[1024];

void say_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(heard, sizeof(heard), format, args);
	va_end(args);
}

/* True if the last complaint holds the text; forgets it. */
static inline int heard_take(const char *text)
{
	int found = strstr(heard, text) != NULL;

	if (!found)
		fprintf(stderr, "heard \"%s\", not \"%s\"\n", heard, text);
	heard[0] = '\0';
	return found;
}
