/* SPDX-License-Identifier: MIT */
/* State that VMRUN does not switch: x87, SSE, AVX, debug addresses. */
#pragma once

#include <stdint.h>

/* 512 bytes, aligned to 16. */
static inline void hw_fxsave(void *area)
{
	__asm__ volatile("fxsave64 (%0)" ::"r"(area) : "memory");
}

static inline void hw_fxrstor(const void *area)
{
	__asm__ volatile("fxrstor64 (%0)" ::"r"(area) : "memory");
}

/* Clears the x87's exceptions, without waiting for one. */
static inline void hw_fnclex(void)
{
	__asm__ volatile("fnclex");
}

/* CR4.OSXSAVE must be on; @area is aligned to 64, @mask a part of XCR0. */
static inline void hw_xsave(void *area, uint64_t mask)
{
	__asm__ volatile("xsave64 (%0)" ::"r"(area), "a"((uint32_t)mask),
			 "d"((uint32_t)(mask >> 32))
			 : "memory");
}

static inline void hw_xrstor(const void *area, uint64_t mask)
{
	__asm__ volatile("xrstor64 (%0)" ::"r"(area), "a"((uint32_t)mask),
			 "d"((uint32_t)(mask >> 32))
			 : "memory");
}

static inline uint64_t hw_xgetbv(uint32_t reg)
{
	uint32_t lo, hi;

	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(reg));
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t hw_dr0_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%dr0, %0" : "=r"(v));
	return v;
}

static inline uint64_t hw_dr1_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%dr1, %0" : "=r"(v));
	return v;
}

static inline uint64_t hw_dr2_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%dr2, %0" : "=r"(v));
	return v;
}

static inline uint64_t hw_dr3_read(void)
{
	uint64_t v;

	__asm__ volatile("mov %%dr3, %0" : "=r"(v));
	return v;
}

static inline void hw_dr0_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%dr0" ::"r"(v));
}

static inline void hw_dr1_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%dr1" ::"r"(v));
}

static inline void hw_dr2_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%dr2" ::"r"(v));
}

static inline void hw_dr3_write(uint64_t v)
{
	__asm__ volatile("mov %0, %%dr3" ::"r"(v));
}
