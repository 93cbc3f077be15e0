/* SPDX-License-Identifier: MIT */
/*
 * What cpu/trap.S saves and trap_dispatch() (kernel/trap.c) gets. Changes to
 * the frame are what the interrupted code goes on with.
 */
#pragma once

#include <stdint.h>

#include "abi/check.h"
#include "kernel/base/offsets.h"

struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector;
	uint64_t error; /* 0 for vectors without */
	uint64_t rip, cs, rflags, rsp, ss;
};
ABI_SIZE(struct trap_frame, FRAME_WORDS * 8);
ABI_AT(struct trap_frame, vector, 15 * 8);
ABI_AT(struct trap_frame, rip, FRAME_RIP);
ABI_AT(struct trap_frame, ss, FRAME_SS);

void trap_dispatch(struct trap_frame *frame);

/* The event has an error code that its vector lacks, or lacks the one it has:
 * nothing in the frame is where it belongs. */
_Noreturn void trap_forged(uint64_t vector);
