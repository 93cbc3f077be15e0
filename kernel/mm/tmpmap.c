/* SPDX-License-Identifier: MIT */
/* Windows are a stack: no search, no lock, nothing to leak silently. */
#include "kernel/mm/tmpmap.h"

#include "abi/x86/paging.h"
#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	struct percpu *cpu = percpu_this();
	uint32_t slot = cpu->window_depth;

	ASSERT(slot < CPU_WINDOWS && addr_aligned(pa.v, PAGE_4K));
	cpu->window_pte[slot] = kmap_pte(pa, use);
	cpu->window_depth = slot + 1;
	return (struct tmpmap){ cpu->window_va + slot * PAGE_4K,
				PAGE_SIZE_4K };
}

struct tmpmap tmpmap_2m(struct pa pa)
{
	struct percpu *cpu = percpu_this();

	ASSERT(!cpu->window_2m_busy && addr_aligned(pa.v, PAGE_2M));
	cpu->window_2m_busy = true;
	*cpu->window_pde = kmap_pte(pa, KMAP_WRITE) | PTE_PS;
	return (struct tmpmap){ cpu->window_2m_va, PAGE_SIZE_2M };
}

void tmpmap_drop(struct tmpmap map)
{
	struct percpu *cpu = percpu_this();

	if (map.size == PAGE_SIZE_2M) {
		*cpu->window_pde = 0;
		cpu->window_2m_busy = false;
	} else {
		cpu->window_depth--;
		ASSERT(map.va ==
		       cpu->window_va + cpu->window_depth * PAGE_4K);
		cpu->window_pte[cpu->window_depth] = 0;
	}
	hw_invlpg(map.va);
}
