/* SPDX-License-Identifier: MIT */
/* Where in a CPU's area the guest's pages are seen. Unit tests find
 * tests/fake/kernel/guest/window.h: kernel addresses do not exist there. */
#pragma once

#include "kernel/base/percpu.h"

static inline void *window_at(uint32_t cpu, unsigned int page)
{
	return percpu_page(cpu, page);
}
