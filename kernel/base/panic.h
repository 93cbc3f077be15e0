/* SPDX-License-Identifier: MIT */
/*
 * The end: for a broken world only, never for what a guest asked. Wipes the
 * keys first, then says why, prints a trace and ends the whole VM.
 */
#pragma once

#include <stdint.h>

/* Reason codes of TERM_SET_COIR; the host sees nothing else for sure. */
enum panic_reason {
	PANIC_GENERAL = 0,
	PANIC_BOOT = 1, /* the boot stage gave up */
	PANIC_TRAP = 2,
	PANIC_NESTED = 3,  /* a fault inside panic, or on a busy IST stack */
	PANIC_MEMORY = 4,  /* too little of it to start with */
	PANIC_REFUSED = 5, /* what the host gave cannot be true */
};

_Noreturn __attribute__((format(printf, 1, 2))) void panic(const char *format,
							   ...);

/* As panic, but the trace starts at a trapped frame's rip and rbp. */
_Noreturn __attribute__((format(printf, 3, 4))) void
panic_at(uint64_t rip, uint64_t rbp, const char *format, ...);

/* Start-up found no memory for what is named; no trace: nothing is broken. */
_Noreturn __attribute__((format(printf, 1, 2))) void
panic_memory(const char *what, ...);

/* Start-up refuses what it was given; one line, no trace: it works as it
 * should. */
_Noreturn __attribute__((format(printf, 1, 2))) void
panic_refused(const char *format, ...);

/* No words, no trace: when even the stack is not to be trusted. */
_Noreturn void panic_silent(enum panic_reason reason);

#define ASSERT(condition)                                                   \
	do {                                                                \
		if (!(condition))                                           \
			panic("%s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)
