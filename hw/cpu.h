/* SPDX-License-Identifier: MIT */
/*
 * The processor: one function, one instruction, no policy. Unit tests and
 * proofs find tests/fake/hw/cpu.h instead of this file.
 */
#pragma once

#include <stdint.h>

#include "abi/x86/desc.h"

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline uint64_t hw_rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (uint64_t)hi << 32 | lo;
}

static inline void hw_wrmsr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)v),
			 "d"((uint32_t)(v >> 32))
			 : "memory");
}

static inline struct cpuid_regs hw_cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_regs r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

static inline uint64_t hw_rdtsc(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t hw_cr0_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr0, %0" : "=r"(v));
	return v;
}

static inline void hw_cr0_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%cr0" ::"r"(v) : "memory");
}

static inline uint64_t hw_cr2_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr2, %0" : "=r"(v));
	return v;
}

static inline uint64_t hw_cr3_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr3, %0" : "=r"(v));
	return v;
}

/* Also flushes this CPU's non-global translations. */
static inline void hw_cr3_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%cr3" ::"r"(v) : "memory");
}

static inline uint64_t hw_cr4_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%cr4, %0" : "=r"(v));
	return v;
}

static inline void hw_cr4_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%cr4" ::"r"(v) : "memory");
}

static inline void hw_xsetbv(uint32_t reg, uint64_t v)
{
	__asm__ volatile("xsetbv" ::"c"(reg), "a"((uint32_t)v),
			 "d"((uint32_t)(v >> 32)));
}

static inline void hw_invlpg(const volatile void *va)
{
	__asm__ volatile("invlpg (%0)" ::"r"(va) : "memory");
}

static inline void hw_lgdt(const struct desc_ptr *d)
{
	__asm__ volatile("lgdt %0" ::"m"(*d) : "memory");
}

static inline void hw_lidt(const struct desc_ptr *d)
{
	__asm__ volatile("lidt %0" ::"m"(*d) : "memory");
}

static inline void hw_ltr(uint16_t selector)
{
	__asm__ volatile("ltr %0" ::"r"(selector) : "memory");
}

/* First word of what GS base points at: struct percpu points at itself. */
static inline void *hw_gs_self(void)
{
	void *p;

	__asm__ volatile("mov %%gs:0, %0" : "=r"(p));
	return p;
}

/* Reloads CS (by a far return) and the data segments; FS and GS are cleared
 * in long mode only as far as their selectors go, so they stay alone. */
static inline void hw_segments_load(uint16_t code, uint16_t data)
{
	uint64_t tmp;

	__asm__ volatile("movw %w2, %%ds\n\tmovw %w2, %%es\n\t"
			 "movw %w2, %%ss\n\t"
			 "pushq %1\n\tleaq 1f(%%rip), %0\n\tpushq %0\n\t"
			 "lretq\n1:"
			 : "=&r"(tmp)
			 : "r"((uint64_t)code), "r"(data)
			 : "memory");
}

static inline void hw_hlt(void)
{
	__asm__ volatile("hlt" ::: "memory");
}

/* Sleeps until an interrupt came and was handled. STI holds interrupts off for
 * one instruction more, so none can slip in before HLT. */
static inline void hw_hlt_open(void)
{
	__asm__ volatile("sti\n\thlt\n\tcli" ::: "memory");
}

static inline void hw_pause(void)
{
	__asm__ volatile("pause" ::: "memory");
}

static inline void hw_cli(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline void hw_wbinvd(void)
{
	__asm__ volatile("wbinvd" ::: "memory");
}

/* Lets ring 0 touch user pages while SMAP is on. */
static inline void hw_stac(void)
{
	__asm__ volatile("stac" ::: "memory");
}

static inline void hw_clac(void)
{
	__asm__ volatile("clac" ::: "memory");
}

/* Clears @qwords eight-byte words. */
static inline void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords)
{
	__asm__ volatile("rep stosq"
			 : "+D"(to), "+c"(qwords)
			 : "a"(value)
			 : "memory");
}

static inline void hw_rep_movsb(void *to, const void *from, uint64_t bytes)
{
	__asm__ volatile("rep movsb"
			 : "+D"(to), "+S"(from), "+c"(bytes)
			 :
			 : "memory");
}
