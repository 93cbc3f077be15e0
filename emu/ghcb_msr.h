/* SPDX-License-Identifier: MIT */
/*
 * The GHCB MSR protocol: a request in the MSR itself, answered in its place
 * (spec/ghcb.md section 2). Big lock held.
 */
#pragma once

#include "abi/snp/ghcb.h"
#include "abi/snp/ghcb_msr.h"
#include "emu/vcpu.h"

/* SEV information: what the MSR holds when a vCPU starts. */
#define GHCB_MSR_AT_RESET                                                    \
	((uint64_t)GHCB_PROTOCOL_MAX << 48 |                                 \
	 (uint64_t)GHCB_PROTOCOL_MIN << 32 | (uint64_t)CBIT_POSITION << 24 | \
	 GHCB_MSR_SEV_INFO)

/* The running level's MSR is a request, not a GHCB's address. */
void ghcb_msr_request(struct vcpu *c);

/* The guest ends itself, by MSR or by event. */
__attribute__((noreturn)) void ghcb_msr_terminated(struct vcpu *c, unsigned set,
						   unsigned reason);
