/* SPDX-License-Identifier: MIT */
/*
 * Stands for emu/mm.h in unit tests: physical memory is an array, and the pool
 * its upper part. The test defines both functions' state by FAKE_PHYS once.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FAKE_PHYS_SIZE 0x2000000u
#define FAKE_POOL      0x1000000u

extern uint8_t fake_phys[FAKE_PHYS_SIZE];
extern uint64_t fake_pool;

static inline void *mm_ptr(uint64_t pa)
{
	return fake_phys + pa;
}

static inline uint64_t mm_pa(const void *p)
{
	return (uint64_t)((const uint8_t *)p - fake_phys);
}

static inline void *mm_pages(uint64_t count)
{
	void *p = fake_phys + fake_pool;

	fake_pool += count * 4096;
	memset(p, 0, count * 4096);
	return p;
}

static inline void *mm_page(void)
{
	return mm_pages(1);
}

static inline void mm_free_page(void *page)
{
	(void)page;
}
