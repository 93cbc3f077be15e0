/* SPDX-License-Identifier: MIT */
/* hw/cpu.h for unit tests: registers are variables, see fake.h. */
#pragma once

#include <string.h>

#include "abi/x86/desc.h"
#include "tests/fake/hw/fake.h"

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline uint64_t hw_rdmsr(uint32_t msr)
{
	return fake_msr_read(msr);
}

static inline void hw_wrmsr(uint32_t msr, uint64_t v)
{
	fake_msr_write(msr, v);
}

static inline struct cpuid_regs hw_cpuid(uint32_t leaf, uint32_t subleaf)
{
	uint32_t r[4] = { 0 };

	if (fake.cpuid)
		fake.cpuid(leaf, subleaf, r);
	return (struct cpuid_regs){ r[0], r[1], r[2], r[3] };
}

static inline uint64_t hw_rdtsc(void)
{
	return fake.tsc += !fake.still;
}

static inline uint64_t hw_cr0_read(void)
{
	return fake.cr0;
}

static inline void hw_cr0_write(uint64_t v)
{
	fake.cr0 = v;
}

static inline uint64_t hw_cr2_read(void)
{
	return fake.cr2;
}

static inline uint64_t hw_cr3_read(void)
{
	return fake.cr3;
}

static inline void hw_cr3_write(uint64_t v)
{
	fake.cr3 = v;
	if (fake.flushed)
		fake.flushed(NULL);
}

static inline uint64_t hw_cr4_read(void)
{
	return fake.cr4;
}

static inline void hw_cr4_write(uint64_t v)
{
	fake.cr4 = v;
}

static inline void hw_xsetbv(uint32_t reg, uint64_t v)
{
	(void)reg;
	(void)v;
}

static inline void hw_invlpg(const volatile void *va)
{
	fake.invlpg++;
	if (fake.flushed)
		fake.flushed(va);
}

static inline void hw_lgdt(const struct desc_ptr *d)
{
	(void)d;
}

static inline void hw_lidt(const struct desc_ptr *d)
{
	(void)d;
}

static inline void hw_ltr(uint16_t selector)
{
	(void)selector;
}

static inline void hw_segments_load(uint16_t code, uint16_t data)
{
	(void)code;
	(void)data;
}

static inline void *hw_gs_self(void)
{
	return fake_thread_gs ? fake_thread_gs : fake.gs;
}

static inline void hw_hlt(void)
{
	fake.hlts++;
}

static inline void hw_hlt_open(void)
{
	fake.hlts++;
}

static inline void hw_pause(void)
{
	if (fake.pause)
		fake.pause();
}

static inline void hw_cli(void)
{
}

static inline void hw_wbinvd(void)
{
}

static inline void hw_stac(void)
{
}

static inline void hw_clac(void)
{
}

static inline void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords)
{
	uint64_t *p = to;

	fake_touch(to, qwords * 8, true);
	while (qwords--)
		*p++ = value;
}

static inline void hw_rep_movsb(void *to, const void *from, uint64_t bytes)
{
	fake_touch(from, bytes, false);
	fake_touch(to, bytes, true);
	memcpy(to, from, bytes);
}
