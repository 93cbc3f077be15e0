/* SPDX-License-Identifier: MIT */
/* The registers behind SYSCALL. Its return is IRET: SYSRET has surprises. */
#include "kernel/cpu/user.h"

#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "kernel/base/percpu.h"

void user_syscall(void); /* user.S */

void user_init(void)
{
	hw_wrmsr(MSR_EFER, hw_rdmsr(MSR_EFER) | EFER_SCE);
	hw_wrmsr(MSR_STAR, (uint64_t)GDT_KERNEL_CS << 32);
	hw_wrmsr(MSR_LSTAR, (uint64_t)user_syscall);
	/* All flags: no trap, no interrupt, no AC, no direction. */
	hw_wrmsr(MSR_SFMASK, RFLAGS_DEFINED & ~(uint64_t)RFLAGS_ONE);
	hw_wrmsr(MSR_KERNEL_GS_BASE, (uint64_t)percpu_this());
}
