/* SPDX-License-Identifier: MIT */
/* A bump allocator with a list of single pages that came back. */
#include "emu/mm.h"

#include "emu/stop.h"
#include "hw/cpu.h"
#include "lib/addr.h"

static uint64_t pool_at, pool_end;
static void **free_pages;
static uint64_t image_pa = 0x1000000;

void mm_image_moves(uint64_t pa)
{
	image_pa = pa;
}

uint64_t mm_pa(const void *p)
{
	uint64_t va = (uint64_t)p;

	return va >= MM_IMAGE ? va - MM_IMAGE + image_pa : va - MM_PHYS;
}

void mm_init(uint64_t start, uint64_t size)
{
	pool_at = addr_up(start, PAGE_4K);
	pool_end = addr_down(start + size, PAGE_4K);
}

uint64_t mm_left(void)
{
	return pool_end - pool_at;
}

void *mm_pages(uint64_t count)
{
	void *p = mm_ptr(pool_at);

	if (count > (pool_end - pool_at) / PAGE_4K)
		stop_machine(STOP_EMULATOR, "out of memory: give QEMU more");
	pool_at += count * PAGE_4K;
	hw_rep_stosq(p, 0, count * PAGE_4K / 8);
	return p;
}

void *mm_page(void)
{
	void **p = free_pages;

	if (!p)
		return mm_pages(1);
	free_pages = *p;
	hw_rep_stosq(p, 0, PAGE_4K / 8);
	return p;
}

void mm_free_page(void *page)
{
	void **p = page;

	*p = free_pages;
	free_pages = p;
}
