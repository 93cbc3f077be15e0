/* SPDX-License-Identifier: MIT */
/*
 * Time by the TSC, which the host cannot stop. Its frequency is from the CPUID
 * page; where that has none, an assumption that makes durations wrong, never
 * unbounded. There is no date: the host's is not to be trusted.
 */
#pragma once

#include <stdint.h>

/* Reads the frequency; once, before the others. */
void clock_init(void);

uint64_t clock_khz(void);

/* Since the TSC was zero. */
uint64_t clock_ns(void);

/* As TSC ticks. */
uint64_t clock_ticks(uint64_t microseconds);
