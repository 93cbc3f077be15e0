/* SPDX-License-Identifier: MIT */
/*
 * Faults that are meant to come: an access that must not succeed, and what it
 * did instead. One at a time on each CPU.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FAULT_NONE 0xffffu

struct fault {
	uint64_t vector; /* FAULT_NONE: there was none */
	uint64_t error;
	uint64_t address; /* CR2, for page faults */
};

/* Calls @act(at), from which any exception leads back here. */
struct fault fault_catch(void (*act)(void *at), void *at);

/* Interrupts that came while fault_count was on, on this CPU. */
void fault_count(bool on);
uint64_t fault_counted(void);
