/* SPDX-License-Identifier: MIT */
/*
 * Builds the area of another CPU: page table, struct percpu with GDT and TSS,
 * stacks. Its pages are the CPU's private memory: with GHCB, save area and
 * list buffer 44 KiB, CPU_PRIVATE_PAGES when its stack has grown to the limit.
 */
#pragma once

#include "kernel/base/percpu.h"
#include "lib/err.h"

/* The first CPU's area was mapped by the boot stage; fills in its record and
 * loads GS base. After kmap_init. */
struct percpu *cpuarea_init_first(void);

/* index 1..CPU_AREA_MAX-1, each once. ERR_NOMEM leaves nothing behind. */
must_check enum err cpuarea_make(uint32_t index, uint32_t apic_id,
				 struct percpu **out);

/* Top of the CPU's kernel stack, 16-byte aligned. */
uint64_t cpuarea_stack_top(uint32_t index);
