/* SPDX-License-Identifier: MIT */
/* Numbers that assembly needs of struct percpu and the GDT; percpu.h and
 * kernel/cpu/trap.h assert them. Plain numbers only. */
#pragma once

#define PERCPU_USER_RSP	    8
#define PERCPU_USER_SCRATCH 16

#define GDT_KERNEL_CS	 0x08
#define GDT_KERNEL_DS	 0x10
#define GDT_TSS_SELECTOR 0x18
/* Requested privilege 3. */
#define GDT_USER_CS	 0x2b
#define GDT_USER_DS	 0x33

/* struct trap_frame, after its fifteen registers */
#define FRAME_RIP    136
#define FRAME_CS     144
#define FRAME_RFLAGS 152
#define FRAME_RSP    160
#define FRAME_SS     168
#define FRAME_WORDS  22

/* What user_enter gives for a SYSCALL: no vector of the processor's. */
#define TRAP_SYSCALL 256
