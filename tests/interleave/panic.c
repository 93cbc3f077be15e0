/* SPDX-License-Identifier: MIT */
/* A panic is what no interleaving may lead to. */
#include "kernel/base/panic.h"

#include "tests/interleave/explore.h"

_Noreturn void panic(const char *format, ...)
{
	explore_fail("panic: %s", format);
}

_Noreturn void panic_memory(const char *what, ...)
{
	explore_fail("panic for want of memory: %s", what);
}

_Noreturn void panic_refused(const char *format, ...)
{
	explore_fail("panic at the host: %s", format);
}

_Noreturn void panic_silent(enum panic_reason reason)
{
	explore_fail("panic %u", (unsigned int)reason);
}
