/* SPDX-License-Identifier: MIT */
/* kernel/mm/gate.h for threads: memory is handed out, nothing is counted. */
#pragma once

#include <stdbool.h>

static inline bool gate_page(void)
{
	return true;
}

static inline bool gate_heap(void)
{
	return true;
}

static inline void gate_heap_count(int more)
{
	(void)more;
}
