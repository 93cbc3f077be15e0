/* SPDX-License-Identifier: MIT */
/*
 * x87, SSE and AVX state between the processor and a VMSA, where SEV-ES
 * hardware keeps it. Only on the vCPU's own processor.
 */
#pragma once

#include "emu/vcpu.h"

/* The processor's state and XCR0 into the level's VMSA, and back. */
void fpu_save(struct vcpu_level *l);
void fpu_load(struct vcpu_level *l);

/* Pure: FXSAVE image (and AVX halves, may be NULL) to VMSA fields and back. */
void fpu_to_vmsa(const uint8_t *fxsave, const uint8_t *ymm, struct vmsa *vmsa);
void fpu_from_vmsa(const struct vmsa *vmsa, uint8_t *fxsave, uint8_t *ymm);
