/* SPDX-License-Identifier: MIT */
/* Counts allocations and refuses one of them. Called under the allocators'
 * locks: takes none, says nothing. */
#include "tests/inject/gate.h"

static uint64_t tried, first_bad, last_bad;
static int64_t objects;

static bool gate_open(void)
{
	uint64_t n = __atomic_add_fetch(&tried, 1, __ATOMIC_RELAXED);

	return n < __atomic_load_n(&first_bad, __ATOMIC_RELAXED) ||
	       n > __atomic_load_n(&last_bad, __ATOMIC_RELAXED);
}

bool gate_page(void)
{
	return gate_open();
}

bool gate_heap(void)
{
	return gate_open();
}

void gate_heap_count(int more)
{
	__atomic_add_fetch(&objects, more, __ATOMIC_RELAXED);
}

/* Counting begins at 1: n = 0 is never met. */
void gate_arm(uint64_t n, bool for_good)
{
	__atomic_store_n(&tried, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&first_bad, n, __ATOMIC_RELAXED);
	__atomic_store_n(&last_bad, for_good ? UINT64_MAX : n,
			 __ATOMIC_RELAXED);
}

uint64_t gate_tried(void)
{
	return __atomic_load_n(&tried, __ATOMIC_RELAXED);
}

int64_t gate_objects(void)
{
	return __atomic_load_n(&objects, __ATOMIC_RELAXED);
}
