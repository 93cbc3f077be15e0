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

/* Counts completed shootdowns: everything unlinked before one that has
 * completed since may be reused. */
uint64_t shootdown_count(void);
