/* SPDX-License-Identifier: MIT */
/*
 * CR0 and EFER of the guest: mode changes decide which nested view is used.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"
#include "lib/insn/insn.h"

/* The mode that code at CS:RIP is decoded in; and the instruction there. False:
 * none that is known. */
enum insn_mode cr_code_mode(const struct vcpu *c);
must_check bool cr_decode(struct vcpu *c, struct insn *out);

/* Exit WRITE_CR0: intercepted only while paging is off. */
void cr_exit_cr0_write(struct vcpu *c);

uint64_t cr_efer_read(const struct vcpu *c);
/* As WRMSR does it: SVME stays set, LMA follows LME and PG. False: #GP. */
bool cr_efer_write(struct vcpu *c, uint64_t value);

/* Sets c->unpaged from CR0.PG and with it root and intercept. */
void cr_mode_changed(struct vcpu *c);
