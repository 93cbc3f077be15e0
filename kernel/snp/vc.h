/* SPDX-License-Identifier: MIT */
/*
 * #VC at VMPL0: the kernel avoids what causes it, so the only exit it serves
 * is CPUID (from the CPUID page, never from the host). Everything else,
 * above all PAGE_NOT_VALIDATED, is the host's attack or our bug.
 */
#pragma once

#include <stdbool.h>

struct trap_frame;

/* False: not served; the caller looks for a fix-up or panics. */
bool vc_trap(struct trap_frame *frame);
