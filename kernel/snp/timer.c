/* SPDX-License-Identifier: MIT */
/* x2APIC registers by the GHCB's MSR event. */
#include "kernel/snp/timer.h"

#include "abi/x86/apic.h"
#include "abi/x86/msr.h"
#include "kernel/snp/link.h"

#define VECTOR	      0x40u
#define SVR_ENABLED   0x1ffu
/* Hosts play an APIC whose timer counts nanoseconds. */
#define COUNTS_PER_US 1000u
#define COUNT_MAX     0xffffffffu

static enum err write(uint32_t msr, uint32_t value)
{
	return ghcb_msr_write(link_this(), msr, value) == OK ? OK
							     : ERR_UNSUPPORTED;
}

enum err timer_arm(uint32_t microseconds)
{
	uint64_t count = (uint64_t)microseconds * COUNTS_PER_US;
	enum err e = write(MSR_X2APIC_SVR, SVR_ENABLED);

	if (e == OK)
		e = write(MSR_X2APIC_EOI, 0);
	if (e == OK)
		e = write(MSR_X2APIC_LVTT, VECTOR);
	if (e == OK)
		e = write(MSR_X2APIC_TDCR, TDCR_BY_1);
	if (e == OK)
		e = write(MSR_X2APIC_TMICT,
			  count < COUNT_MAX ? (uint32_t)count : COUNT_MAX);
	return e;
}
