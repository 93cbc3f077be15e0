/* SPDX-License-Identifier: MIT */
/* What a fuzzer insists on; says which fact did not hold, then aborts. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#define need(fact) ((fact) ? (void)0 : need_failed(#fact, __FILE__, __LINE__))

static inline _Noreturn void need_failed(const char *fact, const char *file,
					 int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, fact);
	abort();
}
