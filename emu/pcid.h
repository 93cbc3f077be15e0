/* SPDX-License-Identifier: MIT */
/*
 * PCIDs (APM vol 2, 5.5.1) on a machine whose own processor has none; with the
 * option cpu=pcid alone. CR4.PCIDE is the emulator's, one for each level; bit 63
 * of CR3, "keep what you know of this PCID", is taken for leave, not for an order.
 * MOV to CR3, MOV to and from CR4 exit then, at every level. Not refused: turning
 * paging off with PCIDE on. Big lock held.
 */
#pragma once

#include "emu/vcpu.h"

/* Intercepts of the level that is about to run; after flushes_enter_level. */
void pcid_enter_level(struct vcpu *c);

/* CR4 as the level's code sees it. */
uint64_t pcid_cr4(const struct vcpu *c);
/* CR4 of a save area that is loaded: what goes into the VMCB. PCIDE outside long
 * mode stays there, for VMRUN to refuse. */
uint64_t pcid_cr4_load(struct vcpu_level *l, uint64_t cr4, uint64_t efer);

/* The exits; CR3's is the one of count=flushes, too. */
void pcid_exit_cr3_write(struct vcpu *c);
void pcid_exit_cr4_write(struct vcpu *c);
void pcid_exit_cr4_read(struct vcpu *c);
