/* SPDX-License-Identifier: MIT */
/* kernel/base/panic.c and log.c for proofs: a panic is the end, or a failure
 * (proof_no_panic); words do not matter. */
#include "proofs/fake/panic.h"

#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "proofs/fake/proof.h"

bool proof_no_panic;

static _Noreturn void end(void)
{
	__CPROVER_assert(!proof_no_panic, "no panic");
	__CPROVER_assume(false);
	for (;;)
		;
}

_Noreturn void panic(const char *format, ...)
{
	(void)format;
	end();
}

_Noreturn void panic_at(uint64_t rip, uint64_t rbp, const char *format, ...)
{
	(void)rip;
	(void)rbp;
	(void)format;
	end();
}

_Noreturn void panic_memory(const char *what, ...)
{
	(void)what;
	end();
}

_Noreturn void panic_refused(const char *format, ...)
{
	(void)format;
	end();
}

_Noreturn void panic_silent(enum panic_reason reason)
{
	(void)reason;
	end();
}

void log_line(const char *format, ...)
{
	(void)format;
}
