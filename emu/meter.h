/* SPDX-License-Identifier: MIT */
/* Instructions spent at a VMPL (GHCB_MSR_METER_REQ): for benchmarks. */
#pragma once

#include "emu/vcpu.h"

/* The answer to the request in @msr. Exact under QEMU's -icount shift=0. */
uint64_t meter_answer(const struct vcpu *c, uint64_t msr);
