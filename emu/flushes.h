/* SPDX-License-Identifier: MIT */
/*
 * Instructions by which VMPL0 flushes translations, counted as they are carried
 * out; with the option count=flushes alone. MOV to CR3 and INVLPG then exit, too.
 * Not counted: MOV to CR0 and CR4. Big lock held.
 */
#pragma once

#include "abi/snp/ghcb_msr.h"
#include "emu/vcpu.h"

/* Intercepts of the level that is about to run. */
void flushes_enter_level(struct vcpu *c);

/* INVLPGB and TLBSYNC, which exit anyway: one of GHCB_MSR_FLUSHES_*. */
void flushes_note(struct vcpu *c, unsigned kind);

/* The exit: counted and carried out. MOV to CR3 is pcid.h's. */
void flushes_exit_invlpg(struct vcpu *c);

/* The answer to GHCB_MSR_FLUSHES_REQ; without the option, the request itself. */
uint64_t flushes_answer(const struct vcpu *c, uint64_t msr);
