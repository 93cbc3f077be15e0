/* SPDX-License-Identifier: MIT */
/*
 * The local APIC of each CPU: as memory (xAPIC) or, where the processor has it,
 * by registers of its own (x2APIC). Its timer, and waiting by the TSC, whose rate
 * the boot stage measured. AMD APM vol 2, chapter 16.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/* Once, on the first CPU: how its registers are reached; @page is where the
 * xAPIC's are mapped. After features_init. */
void apic_init(void *page);

/* On every CPU: turned on, timer masked. */
void apic_load(void);

/* On the first CPU after apic_load: the timer's rate. */
void apic_calibrate(void);

uint32_t apic_id(void);
void apic_eoi(void);

/* ICR_* of abi/x86/apic.h, to one CPU. ERR_RANGE: no such id can be reached;
 * ERR_BUSY: the command before is not sent yet, for too long. The target sees
 * what was written to memory before. */
must_check enum err apic_send(uint32_t apic_id, uint32_t command);

/* One interrupt of APIC_VECTOR in so many microseconds, 0: none any more. */
void apic_timer(uint32_t microseconds);

/* All interrupts have one entry; this vector is theirs. */
#define APIC_VECTOR 0x40u

/* TSC ticks; busy waiting. */
uint64_t apic_ticks(uint64_t microseconds);
void apic_wait(uint64_t microseconds);
