/* SPDX-License-Identifier: MIT */
/* kernel/guest/window.h at an address that ThreadSanitizer leaves to programs. */
#pragma once

#include "kernel/base/percpu.h"

#define FAKE_AREAS 0x3000000000ull

static inline void *window_at(uint32_t cpu, unsigned int page)
{
	return (void *)(FAKE_AREAS + cpu * 64 * 4096ull + page * 4096ull);
}
