/* SPDX-License-Identifier: MIT */
/* AMD-V instructions of the emulator. AMD 24594. VMRUN is in emu/run.S. */
#pragma once

#include <stdint.h>

static inline void hw_clgi(void)
{
	__asm__ volatile("clgi" ::: "memory");
}

static inline void hw_stgi(void)
{
	__asm__ volatile("stgi" ::: "memory");
}

/* @vmcb: physical address. FS, GS, TR, LDTR, syscall and sysenter MSRs. */
static inline void hw_vmload(uint64_t vmcb)
{
	__asm__ volatile("vmload" ::"a"(vmcb) : "memory");
}

static inline void hw_vmsave(uint64_t vmcb)
{
	__asm__ volatile("vmsave" ::"a"(vmcb) : "memory");
}
