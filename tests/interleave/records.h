/* SPDX-License-Identifier: MIT */
/* The CPUs' records, at their addresses in the kernel's map, for programs that
 * make no other memory. */
#pragma once

#include "kernel/base/percpu.h"

/* Maps those of EXPLORE_CPUS CPUs; once. */
void records_make(void);

/* Each begins again, zeroed but for what tells who it is. */
void records_reset(unsigned int cpus);

static inline struct percpu *record(unsigned int cpu)
{
	return (struct percpu *)percpu_page(cpu, CPU_PAGE_SELF);
}
