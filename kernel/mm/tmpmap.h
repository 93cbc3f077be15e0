/* SPDX-License-Identifier: MIT */
/*
 * Temporary windows of this CPU onto any page. Windows are given back in
 * reverse order; a window is valid on its own CPU only. Cost: one table
 * write to open, one and INVLPG to close. Running out is a bug: panic.
 * Inline, since every request of a guest opens some.
 */
#pragma once

#include "abi/x86/paging.h"
#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/mm/kmap.h"
#include "lib/addr.h"

struct tmpmap {
	void *va;
	enum page_size size;
};

/* A 4 KiB page; pa is page-aligned. KMAP_SHARED sees the host's side. */
static inline struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	struct percpu *cpu = percpu_this();
	uint32_t slot = cpu->window_depth;

	ASSERT(slot < CPU_WINDOWS && addr_aligned(pa.v, PAGE_4K));
	cpu->window_pte[slot] = use == KMAP_WRITE ? pa.v | cpu->window_bits
						  : kmap_pte(pa, use);
	cpu->window_depth = slot + 1;
	return (struct tmpmap){ cpu->window_va + slot * PAGE_4K, PAGE_SIZE_4K };
}

/* A 2 MiB page, private and writable; only one may be open per CPU. */
static inline struct tmpmap tmpmap_2m(struct pa pa)
{
	struct percpu *cpu = percpu_this();

	ASSERT(!cpu->window_2m_busy && addr_aligned(pa.v, PAGE_2M));
	cpu->window_2m_busy = true;
	*cpu->window_pde = pa.v | cpu->window_bits | PTE_PS;
	return (struct tmpmap){ cpu->window_2m_va, PAGE_SIZE_2M };
}

/* Turns the newest window, 4 KiB and writable, to another page. */
static inline struct tmpmap tmpmap_move(struct tmpmap map, struct pa pa)
{
	struct percpu *cpu = percpu_this();
	uint32_t slot = cpu->window_depth - 1;

	ASSERT(map.va == cpu->window_va + slot * PAGE_4K &&
	       addr_aligned(pa.v, PAGE_4K));
	cpu->window_pte[slot] = pa.v | cpu->window_bits;
	hw_invlpg(map.va);
	return map;
}

static inline void tmpmap_drop(struct tmpmap map)
{
	struct percpu *cpu = percpu_this();
	uint32_t slot = cpu->window_depth - 1;

	if (map.size == PAGE_SIZE_2M) {
		*cpu->window_pde = 0;
		cpu->window_2m_busy = false;
	} else {
		ASSERT(map.va == cpu->window_va + slot * PAGE_4K);
		cpu->window_pte[slot] = 0;
		cpu->window_depth = slot;
	}
	hw_invlpg(map.va);
}
