/* SPDX-License-Identifier: MIT */
/*
 * Growth of kernel stacks (docs/decisions/stacks.md). The #PF handler, on a
 * stack of its own, maps pages of the CPU's reserve; the reserve is filled at
 * safe points, with no lock held. Own CPU only.
 */
#pragma once

#include "kernel/base/percpu.h"

struct trap_frame;

/*
 * A page fault at address @at: true when the stack grew and the code can go
 * on. Takes no lock and allocates nothing, so it works wherever kernel code
 * runs. Past the limit, or without any page left: panic. Any frame may come.
 */
bool stack_fault(const struct trap_frame *frame, uint64_t at);

/* The slow half of stack_check. */
void stack_refill(struct percpu *cpu);

/* A safe point: fills the reserve after a growth. Without memory nothing
 * happens, the next safe point tries again. */
static inline void stack_check(struct percpu *cpu)
{
	if (__builtin_expect(cpu->stack_short, 0))
		stack_refill(cpu);
}

/* Pages left for CPUs whose reserve is empty; for all CPUs, never refilled. */
uint32_t stack_spares(void);
