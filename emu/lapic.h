/* SPDX-License-Identifier: MIT */
/*
 * The local APIC that VMPL0 of a vCPU has of its own, as far as it goes: timer,
 * requests, service, priorities. Pure: no hardware, no locks; time is handed
 * in as nanoseconds of a clock that never goes back. One count is one
 * nanosecond times the divider. AMD 24593, 16.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LAPIC_NEVER UINT64_MAX

struct lapic {
	uint32_t svr, lvtt, initial, divide;
	bool counting;	/* one-shot: not yet at zero; periodic: not stopped */
	uint64_t start; /* ns at which the count was at its initial value */
	uint64_t irr[4], isr[4];
};

void lapic_reset(struct lapic *l);

/* Register @number (MSR - 800h) of those that this file keeps. False: not one
 * of them, or (write) a reserved bit is set. */
bool lapic_read(const struct lapic *l, uint32_t number, uint64_t now,
		uint32_t *value);
bool lapic_write(struct lapic *l, uint32_t number, uint32_t value,
		 uint64_t now);

/* Lets time come to @now: a timer that ran out makes its request. */
void lapic_advance(struct lapic *l, uint64_t now);
/* ns from @now (after lapic_advance) to the timer's next request. */
uint64_t lapic_next(const struct lapic *l, uint64_t now);

void lapic_request(struct lapic *l, uint8_t vector);
/* Highest requested vector above task priority class @tpr and all that is in
 * service; -1: none. */
int lapic_deliverable(const struct lapic *l, uint32_t tpr);
/* Highest requested vector whatever its priority; -1: none. */
int lapic_requested(const struct lapic *l);
/* The processor took the vector: request becomes service, unless a reset made
 * away with it meanwhile. */
void lapic_take(struct lapic *l, uint8_t vector);
/* The request is gone, served elsewhere (doorbell). */
void lapic_drop(struct lapic *l, uint8_t vector);
