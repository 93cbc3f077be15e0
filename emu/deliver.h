/* SPDX-License-Identifier: MIT */
/*
 * Exception delivery in C, as the processor does it (AMD 24593, 8.7-8.9): long
 * mode with IST and stack switch, 32-bit protected mode, real mode.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

/* NULL: done, the vCPU stands at the handler. Else why not, and nothing of the
 * vCPU's registers changed. Own processor only (TR and LDTR are read). */
const char *deliver(struct vcpu *c, unsigned vector, bool has_error,
		    uint32_t error);
