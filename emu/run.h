/* SPDX-License-Identifier: MIT */
/* run.S: what C cannot say. */
#pragma once

#include <stdint.h>

#include "emu/vcpu.h"

void run_guest(struct vcpu *c);
void run_wait(void);
uint64_t run_cmpxchg16b(void *at, uint64_t add);

/* Gates of the emulator's own IDT; stubs are 16 bytes each. */
void run_nmi(void);
extern const uint8_t run_stubs[];

/*
 * Ticks between the two stamps that are not the guest's: instructions under
 * -icount shift=0 with QEMU (shl, or, three moves and VMRUN; push, RDTSC). QEMU
 * does not count an instruction that exits; it is one of the guest's all the
 * same, unless it will run again.
 */
#define RUN_OVERHEAD	   8u
#define RUN_OVERHEAD_AGAIN 9u
