/* SPDX-License-Identifier: MIT */
/*
 * The exit table: one handler for each exit code. A handler advances RIP if
 * the instruction is done, or injects an exception. Big lock held.
 *
 * Handlers elsewhere:
 *	ghcb_exit(c)	VMGEXIT; RIP is already past it	(emu/ghcb.h)
 *	msr_exit(c)	RDMSR, WRMSR; exit_info1 = 1 for write; RIP at it
 *							(emu/msr.h)
 *	vmpl_attention(c)  before VMRUN, while c->attention != 0: takes its bits
 *			up and clears them		(emu/vmpl.h)
 */
#pragma once

#include "emu/vcpu.h"

void exit_dispatch(struct vcpu *c);
