/* SPDX-License-Identifier: MIT */
/* PLAIN_LOOPS: the compiler may not turn this function's loop into a call. */
#pragma once

#include <stdint.h>

/* Without it, memset's own loop would be replaced by a call to memset. */
#ifdef __clang__
#define PLAIN_LOOPS __attribute__((no_builtin))
#else
#define PLAIN_LOOPS \
	__attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

/* Eight bytes at any address, of any type. */
struct plain_word {
	uint64_t v;
} __attribute__((packed, may_alias));
