/* SPDX-License-Identifier: MIT */
/* hw/cpu.h for proofs of flushes: what drops translations, and the other CPUs'
 * turns, are the proof's. `-Iproofs/fake/tlb` among a proof's flags. */
#pragma once

#define hw_cr3_write hw_cr3_write_plain
#define hw_invlpg    hw_invlpg_plain
#define hw_pause     hw_pause_plain
#define hw_rdtsc     hw_rdtsc_plain
#include "../../hw/cpu.h"
#undef hw_cr3_write
#undef hw_invlpg
#undef hw_pause
#undef hw_rdtsc

/* The proof defines them. */
void hw_cr3_write(uint64_t v);
void hw_invlpg(const volatile void *va);
void hw_pause(void);
uint64_t hw_rdtsc(void);
