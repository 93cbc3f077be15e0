/* SPDX-License-Identifier: MIT */
/*
 * XSAVEC and XRSTOR of its compacted form, which QEMU's TCG lacks but an SNP
 * guest with XSAVE must see. With x87, SSE and AVX alone both forms have one
 * layout; they differ in the header.
 */
#pragma once

#include <stdbool.h>

#include "emu/vcpu.h"
#include "lib/insn/insn.h"

/* Exit #UD at this instruction: true if it was XSAVEC and is dealt with. */
bool xsave_exit_ud(struct vcpu *c, const struct insn *insn);

/* Exit #GP (intercepted if the guest is shown XSAVEC): XRSTOR, or it goes on
 * to the guest. */
void xsave_exit_gp(struct vcpu *c);
