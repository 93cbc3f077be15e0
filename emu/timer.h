/* SPDX-License-Identifier: MIT */
/*
 * VMPL0's own APIC (emu/lapic.h) in the run loop: its interrupts, and the
 * processor's APIC timer, borrowed from the guest below (emu/borrow.h) while
 * VMPL0 runs and waits for a tick. Its run ends in an NMI, which comes through
 * whatever interrupts the guest has pending or in service: none is touched.
 * Big lock held; own processor unless said.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

/* Once, on the first processor, before any guest: sets the clock. */
void timer_init(void);

/* Nanoseconds, at the rate of the APIC timer; never goes back. Any processor. */
uint64_t timer_clock(void);

/* The level that runs has an APIC of its own. Any processor. */
bool timer_has_own(const struct vcpu *c);

/* Before each VMRUN, and before and after each sleep: delivers what is due (a
 * halted vCPU then runs), and arms or gives back the processor's timer. */
void timer_look(struct vcpu *c);

/* An NMI came, and was taken: true if it ended our run of the processor's timer.
 * The run is over in any case. */
bool timer_nmi(struct vcpu *c);

/* After each VMRUN, before its exit is looked at: was the interrupt taken? */
void timer_exit(struct vcpu *c);

/* VMPL0 leaves: the guest's timer is put back. */
void timer_leave(struct vcpu *c);

/* From any processor: halted at VMPL0, but the timer will end that. */
bool timer_will_wake(const struct vcpu *c);
