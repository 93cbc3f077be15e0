/* SPDX-License-Identifier: MIT */
/* kernel/guest/window.h past the fake one of tests/fake: CPU areas are as in
 * the kernel here. */
#pragma once

#include "kernel/base/percpu.h"

static inline void *window_at(uint32_t cpu, unsigned int page)
{
	return percpu_page(cpu, page);
}
