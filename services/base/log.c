/* SPDX-License-Identifier: MIT */
/* Log lines: one write each, so that two lines never mix. */
#include "services/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 200u
#define EXIT_BROKEN    70

static void line(const char *format, va_list args)
{
	char text[LINE_MAX_BYTES + 1];
	size_t length;

	if (vsnprintf(text, LINE_MAX_BYTES, format, args) < 0)
		return;
	length = strlen(text);
	text[length++] = '\n';
	/* A log that nobody takes is no reason to stop serving. */
	if (write(STDERR_FILENO, text, length) < 0)
		return;
}

void log_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line(format, args);
	va_end(args);
}

void log_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line(format, args);
	va_end(args);
	_exit(EXIT_BROKEN);
}
