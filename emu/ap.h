/* SPDX-License-Identifier: MIT */
/* NAE 0x80000013: the guest gives a vCPU a VMSA, or takes it away. */
#pragma once

#include "emu/ghcb_call.h"
#include "emu/vcpu.h"

/* As a handler of emu/ghcb.h. Big lock held. */
unsigned int ap_creation(struct vcpu *c, const struct ghcb_call *call);
