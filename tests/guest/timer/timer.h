/* SPDX-License-Identifier: MIT */
/*
 * A small SVSM's place: VMPL0 with a ring 3 of its own and a timer of its own,
 * and a VMPL2 below it that uses the processor's APIC timer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/guest/check.h"
#include "tests/guest/machine.h"

#define TICK_VECTOR 0x40u /* VMPL0's */
#define LOW_TIMER   0x51u /* VMPL2's */
#define LOW_IPI	    0xf1u

/* Ring 3 sees one code page, one data page and one that is read-only, and has
 * one whose memory is not validated. */
#define USER_BASE    (1ull << 39)
#define USER_CODE    USER_BASE
#define USER_DATA    (USER_BASE + 0x1000)
#define USER_CONST   (USER_BASE + 0x2000)
#define USER_RAW     (USER_BASE + 0x3000)
#define USER_NOTHING (USER_BASE + 0x4000)
/* For VMPL2, ring 0: the APIC's page, shared. */
#define APIC_VA	     (USER_BASE + 0x5000)

struct frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx,
		rcx, rax;
	uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

struct user_start {
	uint64_t rip, rsp, rflags, rdi;
};

/* What ended the last run of ring 3 or of kernel_try; vector ~0: nothing did,
 * SYSCALL_EXIT: the user's last system call. */
#define SYSCALL_EXIT 0x1000u
#define NO_TRAP	     (~0ull)
struct trapped {
	uint64_t vector, error, rip, cr2, cs, rflags, handler_rsp;
	uint64_t rax, rbx, r8;
};
extern struct trapped trapped;

/* entry.S */
extern const uint8_t stubs[];
extern uint8_t user_text[];
extern const uint8_t u_loop[], u_ud2[], u_read[], u_write[], u_cli[], u_cpuid[],
	u_pvalidate[], u_rmpadjust[], u_rmpquery[], u_invlpgb[], u_tlbsync[],
	u_vmmcall[], u_rdmsr[], u_in[], u_calls[], u_jump[], u_xsavec[],
	u_xrstor[];
void ring3_enter(const struct user_start *s);
void kernel_try(void (*run)(uint64_t at), uint64_t at);
void syscall_entry(void);
void low_start(void);
void irq_on(void);
void irq_halt(void); /* on, HLT, off */
void xmm_set(uint64_t value);
uint64_t xmm_get(void);
void x87_set(void);
uint64_t x87_get(void);

/* cpu.c */
void cpu_init(void);
void cpu_load_idt(void);
/* The descriptor table for another level's VMSA. */
uint64_t cpu_gdt(uint32_t *limit);
bool on_stack(uint64_t rsp, unsigned int ist); /* 0: RSP0 */
/* Runs ring 3 at @code (a label of user_text) until it comes back. */
void user_run(const uint8_t *code, uint64_t rdi, uint64_t rflags);

/* ticks.c */
uint64_t tick_clock(void); /* ns */
void tick_init(void);
/* Arms VMPL0's timer for @count ticks of @ns each; 0 ends it. */
void tick_start(uint32_t ns, uint32_t count);
struct tick_sample {
	uint64_t tsc;
	uint32_t count;
};
struct tick_sample tick_sample(uint32_t (*count)(void));
/* ns in 1024 ticks of the TSC; @count runs down from its greatest value. */
uint64_t tick_calibrate(uint32_t (*count)(void));
uint32_t tick_count(void); /* since tick_start */
uint64_t tick_rate(void);  /* ns in 1024 ticks of the TSC */
uint64_t tick_register(uint32_t msr);
bool tick_trap(struct frame *f);
/* @count ticks of @ns while ring 3 loops: the ticks it took. */
uint32_t tick_in_ring3(uint32_t ns, uint32_t count);
void test_ticks(void);
void tick_judge(void); /* once all is done */

void test_ring3(void);
/* Does the CPUID page show XSAVE? */
bool has_xsave(void);

/* below.c, low.c */
struct low {
	volatile uint32_t rounds_wanted;
	/* to VMPL0, at each of its calls */
	volatile uint32_t wanted_ns, wanted_ticks;
	volatile uint32_t done;
	/* how it went; names of failures in the order they were found */
	volatile uint32_t rounds, timer_ticks, ipis, failures;
	const char *volatile failed[8];
	volatile uint64_t got[8], want[8];
	volatile uint64_t ns_per_1024_tsc, periods, periodic_ticks;
	volatile uint32_t in_service;
	volatile uint64_t tsc_spin;
};
extern struct low low;
void low_main(void);
void low_trap(struct frame *f);
bool below_make(void);
void test_below(void);
