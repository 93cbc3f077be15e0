/* SPDX-License-Identifier: MIT */
/*
 * The linear address behind a nested fault: QEMU reports only the physical one,
 * but #VC 0x404 needs CR2. Found by decoding the instruction and walking the
 * guest's tables for each address it may touch.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

/* @gpa with C-bit as in EXITINFO2. False: no candidate leads there. */
bool gva_find(struct vcpu *c, uint64_t gpa, bool fetch, uint64_t *va);
