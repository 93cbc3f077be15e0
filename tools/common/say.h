/* SPDX-License-Identifier: MIT */
/*
 * What every tool tells the world: exit codes, which scripts may rely on, and
 * one-line complaints on stderr, "tool: text".
 */
#pragma once

enum tool_exit {
	TOOL_OK = 0,
	TOOL_USAGE = 1,	    /* wrong options, or files that cannot be opened */
	TOOL_BAD_INPUT = 2, /* an input file is not what it should be */
};

/* The name to put before complaints; call it first. Keeps the pointer. */
void say_name(const char *tool);

/* One line on stderr; control bytes become '?', whatever a file's name holds. */
__attribute__((format(printf, 1, 2))) void say_error(const char *format, ...);
