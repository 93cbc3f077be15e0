/* SPDX-License-Identifier: MIT */
/*
 * MSRs: the few that the processor of an SNP guest answers itself, and those
 * the guest asks the host for after #VC. Big lock held.
 */
#pragma once

#include "emu/ghcb_call.h"
#include "emu/vcpu.h"

/* Exit MSR: GHCB, SEV_STATUS, EFER; everything else becomes #VC. */
void msr_exit(struct vcpu *c);

/* NAE 0x7C. Unknown MSR: the guest shall raise #GP. */
unsigned int msr_event(struct vcpu *c, struct ghcb_call *call);
