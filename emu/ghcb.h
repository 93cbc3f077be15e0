/* SPDX-License-Identifier: MIT */
/*
 * VMGEXIT: the GHCB MSR holds a request of its own (ghcb_msr.h) or the address
 * of a GHCB page with an event in it. AMD 56421, 4. Big lock held.
 */
#pragma once

#include "emu/ghcb_call.h"
#include "emu/vcpu.h"

/* HV_FEATURE_* of this machine. */
#define GHCB_FEATURES                                                          \
	(HV_FEATURE_SNP | HV_FEATURE_AP_CREATION | HV_FEATURE_RESTRICTED_INJ | \
	 HV_FEATURE_APIC_IDS | HV_FEATURE_MULTI_VMPL)

/* RIP is already behind the VMGEXIT. */
void ghcb_exit(struct vcpu *c);

/*
 * Handlers return 0, a GHCB_ERR_*, GHCB_ANSWERED when the answer is written
 * already, or GHCB_AGAIN when another vCPU must do something first: the guest
 * then executes its VMGEXIT again. Registers that go back are named in
 * call->set.
 */
#define GHCB_ANSWERED 0x100u
#define GHCB_AGAIN    0x101u

/* ghcb_io.c, ghcb_mmio.c, ghcb_misc.c */
unsigned int ghcb_ioio(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_mmio_read(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_mmio_write(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_guest_request(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_apic_ids(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_cpuid(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_rdtsc(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_rdtscp(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_rdpmc(struct vcpu *c, struct ghcb_call *call);
unsigned int ghcb_vmmcall(struct vcpu *c, struct ghcb_call *call);

/*
 * The data buffer of a call: size bytes at SW_SCRATCH, in the GHCB itself or,
 * for protocol version 1, in other shared memory. NULL: it is not there.
 */
volatile void *ghcb_buffer(const struct ghcb_call *call, uint64_t size);
