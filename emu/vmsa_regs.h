/* SPDX-License-Identifier: MIT */
/*
 * Registers between a VMSA page and the VMCB. Pure moves, apart from what only
 * the processor holds (FPU, debug addresses, TSC_AUX): own processor only.
 */
#pragma once

#include "emu/vcpu.h"

/* @exit_code goes to GUEST_EXITCODE, as on an automatic exit. */
void vmsa_regs_save(struct vcpu *c, struct vcpu_level *l, uint64_t exit_code);
void vmsa_regs_load(struct vcpu *c, struct vcpu_level *l);

/* NULL, or why VMRUN would refuse the VMSA at this level. */
const char *vmsa_refused(const struct vmsa *vmsa, uint32_t vmpl);
