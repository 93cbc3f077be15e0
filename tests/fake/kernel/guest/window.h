/* SPDX-License-Identifier: MIT */
/* kernel/guest/window.h for unit tests: CPU areas at an address that exists;
 * tests/fake/window.c maps pages of the fake machine there. */
#pragma once

#include "kernel/base/percpu.h"

#define FAKE_AREAS 0x200000000000ull
#define FAKE_CPUS  4u

static inline void *window_at(uint32_t cpu, unsigned int page)
{
	return (void *)(FAKE_AREAS + cpu * 64 * 4096ull + page * 4096ull);
}
