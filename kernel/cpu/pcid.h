/* SPDX-License-Identifier: MIT */
/*
 * A process's tables, loaded and left. Where the CPU has PCIDs (APM vol 2, 5.5.1)
 * the process's translations bear a tag of their own, so that what the CPU knows
 * of the kernel's addresses outlives a call of a service. Of the process nothing
 * does: loading flushes its tag.
 *
 * A flush meanwhile, of this CPU or told by another, reaches the loaded tag
 * alone; the way back sees from the flushes' number that there was one, and then
 * flushes the kernel's tag whole. INVLPGB reaches every tag at once.
 */
#pragma once

#include <stdint.h>

struct percpu;

/* @root: CR3, C-bit included, low bits zero. From the kernel's tables only. */
void pcid_enter(struct percpu *cpu, uint64_t root);

/* Entries of the loaded process were changed: before ring 3 runs. */
void pcid_flush(void);

/* Back to the kernel's tables; until then the CPU uses the process's. */
void pcid_leave(struct percpu *cpu, uint64_t root);
