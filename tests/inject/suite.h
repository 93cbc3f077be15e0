/* SPDX-License-Identifier: MIT */
/*
 * The kernel tests itself, on all CPUs at once, on every platform: suite=all
 * cpus=N on the command line. A part is run by all CPUs together; what does not
 * hold is told and counted. suite=broken has a part that fails, as proof that
 * failures are seen.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct percpu;

#define SUITE_CPUS_MAX 16u

void suite_test(const char *what);

/* How many CPUs take part, from the command line; on each, before it meets. */
void suite_begin(void);

/* Counts a check of the part that runs; tells of it when it does not hold. */
void suite_expect(bool holds, const char *what);

/* This CPU found nothing here that could be tried: why. */
void suite_skip(const char *why);

/* All CPUs meet; what they wrote before is seen after. */
void suite_meet(void);
uint32_t suite_cpus(void);

/* The parts. */
void suite_allocator(struct percpu *cpu);
void suite_mappings(struct percpu *cpu);
void suite_rights(struct percpu *cpu);
void suite_user_pages(struct percpu *cpu);
void suite_locks(struct percpu *cpu);
void suite_signals(struct percpu *cpu);
void suite_tlb(struct percpu *cpu);
void suite_timer(struct percpu *cpu);
void suite_fpu(struct percpu *cpu);
void suite_services(struct percpu *cpu);
