/* SPDX-License-Identifier: MIT */
/* How fast the TSC counts, by the one clock of a PC whose rate is known. */
#pragma once

#include <stdint.h>

/* kHz, or 0: the counter does not count. Takes about 30 ms. */
uint64_t pit_tsc_khz(void);
