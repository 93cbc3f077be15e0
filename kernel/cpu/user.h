/* SPDX-License-Identifier: MIT */
/*
 * The gate to ring 3: kernel/cpu/user.S, and what each CPU sets up for it.
 * FSGSBASE stays off, so that ring 3 cannot change the GS base at will.
 */
#pragma once

#include "kernel/cpu/trap.h"

/* First address that ring 3 cannot have; the page below stays empty, so that
 * no SYSCALL can end at an address that IRET refuses. */
#define USER_END 0x7ffffffff000ull

/* SYSCALL, on every CPU, after features_load. */
void user_init(void);

/*
 * Runs ring 3 from *frame on until it traps, calls or is interrupted; *frame
 * then says so: vector (TRAP_SYSCALL; TRAP_FIRST_IRQ for every interrupt). The
 * frame must be the caller's alone, mapped in all page tables, its code and
 * stack segments ring 3's, RIP below USER_END. CR3, FS base and the FPU are
 * the caller's affair. The kernel's stack may be at any depth.
 */
void user_enter(struct trap_frame *frame);
