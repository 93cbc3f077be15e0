/* SPDX-License-Identifier: MIT */
/* A panic for tests that expect many: its words go to fake_console, and the
 * test goes on at fake_panic. In the place of kernel/base/panic.c. */
#include "kernel/base/panic.h"

#include <stdarg.h>
#include <stdio.h>

#include "tests/fake/mm.h"

#define TELL(format)                                                         \
	do {                                                                 \
		va_list args;                                                \
		va_start(args, format);                                      \
		vsnprintf(fake_console, sizeof(fake_console), format, args); \
		va_end(args);                                                \
		longjmp(fake_panic, 1);                                      \
	} while (0)

_Noreturn void panic(const char *format, ...)
{
	TELL(format);
}

_Noreturn void panic_memory(const char *what, ...)
{
	TELL(what);
}

_Noreturn void panic_refused(const char *format, ...)
{
	TELL(format);
}

_Noreturn void panic_silent(enum panic_reason reason)
{
	longjmp(fake_panic, (int)reason + 1);
}
