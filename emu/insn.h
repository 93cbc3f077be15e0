/* SPDX-License-Identifier: MIT */
/*
 * Instructions that QEMU does not know and that end in #UD: PVALIDATE,
 * RMPADJUST, RMPQUERY, INVLPGB, TLBSYNC, carried out on model/rmp.
 */
#pragma once

#include <stdbool.h>

#include "emu/vcpu.h"

#define VMGEXIT_LENGTH 4u

/* Exit #UD. */
void insn_exit_ud(struct vcpu *c);

/* Exit VMMCALL: VMGEXIT if it has the REP prefix, else #VC 0x81. */
void insn_exit_vmmcall(struct vcpu *c);

/*
 * RIP stands behind a write to the GHCB MSR. Nearly always VMGEXIT is next; it
 * is then carried out at once, which saves a costly way into the guest and out.
 */
void insn_after_ghcb_msr(struct vcpu *c);
