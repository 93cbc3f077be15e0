/* SPDX-License-Identifier: MIT */
/*
 * Where the test kernel (tests/inject/) takes part in start-up. Here: nothing;
 * its own version of this header is found before this one.
 */
#pragma once

#include <stdbool.h>

#include "abi/boot/params.h"

struct trap_frame;

/* Once, before the first allocation. */
static inline void selftest_init(const struct params *params)
{
	(void)params;
}

/* Before anybody looks at a trap of the kernel; true: it was meant to come. */
static inline bool selftest_trap(struct trap_frame *frame)
{
	(void)frame;
	return false;
}

/* On the others, before they take part in flushes. */
static inline void selftest_apart(void)
{
}

/* On the first CPU right before its request loop; on the others when they are
 * online, before they sleep until the guest is there. */
static inline void selftest_cpu(void)
{
}
