/* SPDX-License-Identifier: MIT */
/* A page for each, where the kernel looks for it. */
#include "tests/interleave/records.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/interleave/explore.h"

void records_make(void)
{
	for (unsigned int i = 0; i < EXPLORE_CPUS; i++)
		if (mmap(record(i), PAGE_4K, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			 0) != (void *)record(i))
			abort();
}

void records_reset(unsigned int cpus)
{
	for (unsigned int i = 0; i < cpus; i++) {
		memset(record(i), 0, sizeof(*record(i)));
		record(i)->self = record(i);
		record(i)->index = i;
	}
}
