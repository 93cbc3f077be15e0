/* SPDX-License-Identifier: MIT */
/* Other processors: INIT, then the start-up message, then a few instructions
 * below 1 MiB, where there is nothing of the memory map. */
#pragma once

/* Physical: code, then two page tables. */
#define TRAMPOLINE 0x8000

#ifndef __ASSEMBLER__
#include "kernel/base/percpu.h"
#include "lib/err.h"

/* platform_ops.cpu_start, by one CPU alone. ERR_HOST: it never came. */
must_check enum err start_cpu(struct percpu *cpu);
#endif
