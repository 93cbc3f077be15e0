/* SPDX-License-Identifier: MIT */
/*
 * Stop the world: when it returns, no processor has a translation from before
 * the call. Holds because VMRUN flushes the TLB: every vCPU in the guest is
 * driven out by an NMI and its coming out is awaited.
 */
#pragma once

#include "emu/vcpu.h"

/* Big lock held. @self: the caller's vCPU (NULL while the guest is loaded). A
 * processor that does not answer is fatal. Cheap when no other one runs. */
void shootdown(struct vcpu *self);

/*
 * The guest took a right away by PVALIDATE or RMPADJUST. Stops the world, but not
 * with the option tlb=lazy: then the others keep what they hold until they leave
 * the guest by themselves or somebody stops the world.
 */
void shootdown_narrowed(struct vcpu *self);

/*
 * TLBSYNC after INVLPGB named @what. Stops the world, but with tlb=lazy and
 * addresses alone only those that run the same level: they are its addresses,
 * and nothing of a level outlives VMRUN of another. That is no completed
 * shootdown.
 */
void shootdown_named(struct vcpu *self, enum vcpu_flush what);

/* Counts completed shootdowns: everything unlinked before one that has
 * completed since may be reused. */
uint64_t shootdown_count(void);
