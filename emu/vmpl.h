/* SPDX-License-Identifier: MIT */
/*
 * Which VMPL a vCPU runs. A level's VMSA page is the truth while it does not
 * run. All under the big lock, on the vCPU's own processor unless said.
 */
#pragma once

#include <stdbool.h>

#include "emu/vcpu.h"

/*
 * The running level (if any) leaves by VMGEXIT and `vmpl` runs next. False:
 * that level cannot be run; nothing has changed. What the caller must find in
 * its GHCB or GHCB MSR is written before: on success it no longer runs.
 */
bool vmpl_switch(struct vcpu *c, uint32_t vmpl);

/* The same at any instruction: an exit of the host's own making. Only attacks
 * do so; nothing may be about to be injected. */
bool vmpl_preempt(struct vcpu *c, uint32_t vmpl);

/* NULL if the level can run on this vCPU now, else why not. @vmpl < 4. */
const char *vmpl_refusal(const struct vcpu *c, uint32_t vmpl);

/* Before VMRUN, while c->attention is not 0: takes its bits up, clears them. */
void vmpl_attention(struct vcpu *c);

/* VMPL0 executed HLT and is about to wait: what waits for that goes ahead. */
void vmpl_halted(struct vcpu *c);

/* The vCPU stops for good, its state stored: AP reset hold. */
void vmpl_hold(struct vcpu *c);

/*
 * From any processor: the level gets a VMSA. @vmsa: ours for the launch VMSA,
 * NULL for a page of guest RAM, which the caller has checked.
 */
void vmpl_install(struct vcpu *t, uint32_t vmpl, uint64_t gpa,
		  struct vmsa *vmsa);
