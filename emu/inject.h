/* SPDX-License-Identifier: MIT */
/*
 * Exceptions into the guest. All act at the current RIP, which must still be
 * the faulting instruction. QEMU cannot inject #VC with its error code, so
 * that one is delivered by hand: gate, stack switch, IST, frame; a failure
 * becomes a double fault, that one's failure a shutdown (the guest stops).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/x86/trap.h"
#include "emu/vcpu.h"

/* #VC with the would-be exit code as its error code. */
void inject_vc(struct vcpu *c, uint64_t code);
/* #VC 0x404; @va goes to CR2. */
void inject_vc_not_validated(struct vcpu *c, uint64_t va);

/* By EVENTINJ: #UD, and #GP(0). */
void inject_ud(struct vcpu *c);
void inject_gp(struct vcpu *c);
/* @error: PF_* of abi/x86/paging.h; @va goes to CR2. */
void inject_pf(struct vcpu *c, uint64_t va, uint32_t error);
/* INT @vector of @length bytes at RIP, as the instruction does it. */
void inject_soft(struct vcpu *c, uint8_t vector, uint32_t length);
void inject_nmi(struct vcpu *c);
/* An external interrupt, whatever the task priority; int_ctl has V_IRQ until
 * the guest has taken it. */
void inject_interrupt(struct vcpu *c, uint8_t vector);
/* #HV. The caller knows that nothing else is being injected:
 * inject_is_free(c). */
void inject_hv(struct vcpu *c);
bool inject_is_free(const struct vcpu *c);

/* After an exit: an event that was being delivered is put back, to be done
 * again at the next VMRUN, unless the exit's handler injects another one. */
void inject_redo(struct vcpu *c);
