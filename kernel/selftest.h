/* SPDX-License-Identifier: MIT */
/*
 * Where the test kernel (tests/inject/) takes part in start-up. Here: nothing;
 * its own version of this header is found before this one.
 */
#pragma once

#include "abi/boot/params.h"

/* Once, before the first allocation. */
static inline void selftest_init(const struct params *params)
{
	(void)params;
}

/* On the first CPU right before its request loop; on the others when they are
 * online, before they sleep until the guest is there. */
static inline void selftest_cpu(void)
{
}
