/* SPDX-License-Identifier: MIT */
/* hw/rand.h for unit tests: a fixed sequence. */
#pragma once

#include "tests/fake/hw/fake.h"

static inline bool hw_rdseed(uint64_t *out)
{
	*out = ++fake.tsc * 0x9e3779b97f4a7c15ull;
	return true;
}

static inline bool hw_rdrand(uint64_t *out)
{
	return hw_rdseed(out);
}
