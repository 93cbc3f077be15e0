/* SPDX-License-Identifier: MIT */
/*
 * All interleavings of a few CPUs that run the kernel's own functions. Each CPU
 * is a coroutine; it may lose the processor at each atomic operation and each
 * instruction of hw/ that counts. Depth first, from the start each time, with
 * at most so many preemptions; a switch because a CPU waits or ends costs none.
 * With `states`, without a bound: what follows a state that was seen before (all
 * of the program's memory, and of each CPU's stack) is not looked at again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define EXPLORE_CPUS 3u

struct scenario {
	const char *name;
	unsigned int cpus;
	void (*setup)(void);
	void (*run)(unsigned int cpu);
	/* A CPU is about to go on: whose per-CPU record is in force? May be 0. */
	void (*enter)(unsigned int cpu);
	/* At the end of each: fails the program if something is wrong; else a
	 * number for what came out. Each must be one that some order of whole
	 * calls gives, too; 0 is explained without. */
	uint64_t (*outcome)(void);
	/* The CPU is about to do what others can see: an interrupt may come
	 * here, in the midst of its code. May be 0. */
	void (*interrupt)(unsigned int cpu);
	bool states;
	bool orders; /* with `states`: judged by orders of whole calls, too */
	/* state_add of what is neither data of the program nor stack. May be 0. */
	void (*state)(void);
};

/* Returns how many interleavings there are, or states; ends the program on a
 * fault. */
uint64_t explore(const struct scenario *s, unsigned int preemptions);

/* The running CPU may be interrupted here; it waits for another; something
 * that others may wait for has changed. Nothing outside of explore(). */
void explore_step(void);
void explore_pause(void);
void explore_changed(void);

/* A structure is about to be copied: a step where all states are looked at. */
void explore_copy(void);

/* Each number below @count in some run: what the world outside may do. Costs no
 * preemption. 0 outside of explore(). */
unsigned int explore_pick(unsigned int count);

/* The running CPU has come to where it stays. */
_Noreturn void explore_end(void);

/* Says why, and the schedule that led to it; status 1. */
_Noreturn void explore_fail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
