/* SPDX-License-Identifier: MIT */
/*
 * First instructions of the kernel on each CPU (entry.S), and the C functions
 * that they call, which live in kernel/main.c and kernel/smp.c.
 */
#pragma once

#include "abi/boot/launch.h"

struct percpu;

/* The boot stage jumps here: RDI = boot_launch, RSI = value for CR3. */
void kernel_entry(void);

/* RIP of another CPU's save area: RDI = its struct percpu, RSP = its stack,
 * GS base, CR3, CR4 and EFER already set. */
void cpu_entry(void);

_Noreturn void kernel_main(const struct boot_launch *boot);
_Noreturn void smp_cpu_main(struct percpu *cpu);
