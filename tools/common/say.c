/* SPDX-License-Identifier: MIT */
/* One-line complaints on stderr. */
#include "tools/common/say.h"

#include <stdarg.h>
#include <stdio.h>

static const char *say_tool = "coir";

void say_name(const char *tool)
{
	say_tool = tool;
}

void say_error(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* A file name must not break the line or steer the terminal. */
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	fprintf(stderr, "%s: %s\n", say_tool, line);
}
