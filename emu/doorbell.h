/* SPDX-License-Identifier: MIT */
/*
 * Restricted injection: VMPL0 gets no interrupt, only #HV (vector 28) and the
 * doorbell page that says why (spec/snp.md section 8). Big lock held.
 */
#pragma once

#include <stdbool.h>

#include "emu/ghcb_call.h"
#include "emu/vcpu.h"

/* NAE 0x80000014. 0 or GHCB_ERR_*; the result goes into the call. */
unsigned int doorbell_call(struct vcpu *c, struct ghcb_call *call);

/* NAE 0x80000015 and x2APIC ICR writes of a VMPL0 with an APIC of its own: to
 * other VMPL0s, by doorbell or APIC. ICR in x2APIC form. */
void doorbell_ipi(struct vcpu *c, uint64_t icr);

/* VMPL0's own timer ran out. False: there is no doorbell page. */
bool doorbell_timer(struct vcpu *c, uint8_t vector);

/* ATTENTION_HV on the vCPU's own processor. */
void doorbell_attention(struct vcpu *c);

/* VMPL0 was somewhere that may have emptied its page: more to be put in? */
bool doorbell_wants(const struct vcpu *c);
