/* SPDX-License-Identifier: MIT */
/*
 * Asked before memory is handed out. Here: always yes, at no cost; the test
 * kernel (tests/inject/) has a version that refuses the n-th time.
 */
#pragma once

#include <stdbool.h>

/* A page, a small object: false is ERR_NOMEM. */
static inline bool gate_page(void)
{
	return true;
}

static inline bool gate_heap(void)
{
	return true;
}

/* So many more small objects are in use (+1 or -1). */
static inline void gate_heap_count(int more)
{
	(void)more;
}
