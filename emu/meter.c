/* SPDX-License-Identifier: MIT */
/* The counters are kept by the run loop; this only hands them out. */
#include "emu/meter.h"

#include "abi/snp/ghcb_msr.h"

uint64_t meter_answer(const struct vcpu *c, uint64_t msr)
{
	uint64_t vmpl = msr >> GHCB_MSR_RUN_VMPL_SHIFT & 0xff;

	if (vmpl >= MACHINE_VMPLS)
		return msr;
	return c->instructions[vmpl] << 12 | GHCB_MSR_METER_RESP;
}
