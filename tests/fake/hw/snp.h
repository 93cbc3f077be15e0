/* SPDX-License-Identifier: MIT */
/* hw/snp.h for unit tests: model/rmp answers. */
#pragma once

#include "tests/fake/hw/fake.h"

static inline uint32_t hw_pvalidate(uint64_t va, uint32_t size, bool validate,
				    bool *carry)
{
	return fake_pvalidate(va, size, validate, carry);
}

static inline uint32_t hw_rmpadjust(uint64_t va, uint32_t size,
				    uint64_t attributes)
{
	return fake_rmpadjust(va, size, attributes);
}

static inline uint32_t hw_rmpquery(uint64_t va, uint64_t *attributes,
				   uint64_t *size)
{
	return fake_rmpquery(va, attributes, size);
}

static inline void hw_vmgexit(void)
{
	if (fake.vmgexit)
		fake.vmgexit();
}

static inline void hw_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
	unsigned int n = fake.invlpgbs++ % FAKE_INVLPGBS;

	(void)edx;
	fake.invlpgb[n].rax = rax;
	fake.invlpgb[n].ecx = ecx;
}

static inline void hw_tlbsync(void)
{
	fake.tlb_flushes++;
}
