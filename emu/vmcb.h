/* SPDX-License-Identifier: MIT */
/*
 * The VMCB of a vCPU: intercepts, maps, and what VMRUN does not switch. FS, GS,
 * TR, LDTR and the syscall MSRs stay in the processor between exits, since the
 * emulator uses none of them; vmcb_pull and vmcb_push move them when needed.
 */
#pragma once

#include "emu/vcpu.h"

/* Permission maps, shared by all vCPUs. Once, before the first VMCB. */
void vmcb_maps_init(void);
void vmcb_init(struct vcpu *c);

/* vmcb->save.{fs,gs,tr,ldtr,kernel_gs_base,star..sfmask,sysenter_*} become
 * readable. Only on the vCPU's own processor. */
void vmcb_pull(struct vcpu *c);
/* The caller will change them (after a pull): VMLOAD before the next VMRUN. */
void vmcb_push(struct vcpu *c);

/*
 * After the registers of level c->vmpl were put into the VMCB: root of the
 * nested tables, intercepts, interrupt masking, checked and masked flags.
 */
void vmcb_enter_level(struct vcpu *c);

/* Before each VMRUN: whether interrupts are the running level's or wait. That
 * changes with the machine's first lower level, while VMPL0 runs. */
void vmcb_hold_interrupts(struct vcpu *c);
