/* SPDX-License-Identifier: MIT */
/* kernel/mm/gate.h for unit tests: refuses one allocation when asked to,
 * or all from one on. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct fake_gate {
	uint64_t tried;	  /* allocations so far */
	uint64_t fail_at; /* this one fails; 0: none */
	bool for_good;	  /* and all after it */
	int64_t objects;  /* small ones in use */
};

/* Weak: one for the whole program, without a file to link. */
__attribute__((weak)) struct fake_gate fake_gate;

static inline bool gate_page(void)
{
	uint64_t n = ++fake_gate.tried;

	return !fake_gate.fail_at || n < fake_gate.fail_at ||
	       (n > fake_gate.fail_at && !fake_gate.for_good);
}

static inline bool gate_heap(void)
{
	return gate_page();
}

static inline void gate_heap_count(int more)
{
	fake_gate.objects += more;
}
