/* SPDX-License-Identifier: MIT */
/* Per-CPU areas: see abi/boot/launch.h for their layout. */
#include "kernel/mm/cpuarea.h"

#include <stddef.h>

#include "abi/x86/msr.h"
#include "kernel/cpu/desc.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"
#include "lib/str.h"

static const uint8_t area_pages[CPU_AREA_PAGES] = {
	CPU_PAGE_SELF,	    CPU_PAGE_STACK,	CPU_PAGE_STACK + 1,
	CPU_PAGE_STACK + 2, CPU_PAGE_STACK + 3, CPU_PAGE_IST_VC,
	CPU_PAGE_IST_PF,    CPU_PAGE_IST_DF,	CPU_PAGE_IST_NMI,
};

static void record_fill(struct percpu *cpu, uint32_t index, uint32_t apic_id)
{
	cpu->self = cpu;
	cpu->index = index;
	cpu->apic_id = apic_id;
	cpu->window_va = percpu_page(index, CPU_PAGE_WINDOW);
	cpu->window_pte = selfmap_entry(cpu->window_va, 0);
	cpu->window_bits = kmap_pte((struct pa){ 0 }, KMAP_WRITE);
	cpu->window_2m_va = percpu_area(index) + CPU_WINDOW_2M;
	cpu->window_pde = selfmap_entry(cpu->window_2m_va, 1);
	desc_make(cpu);
}

struct percpu *cpuarea_init_first(void)
{
	struct percpu *cpu = (struct percpu *)percpu_page(0, CPU_PAGE_SELF);

	record_fill(cpu, 0, 0);
	cpu->state = CPU_ONLINE;
	hw_wrmsr(MSR_GS_BASE, (uint64_t)cpu);
	return cpu;
}

/* Unmaps and gives back what area_make mapped. */
static void area_undo(uint32_t index)
{
	unsigned int i;
	struct pa pa;

	for (i = 0; i < CPU_AREA_PAGES; i++)
		if (kmap_drop(percpu_page(index, area_pages[i]), &pa) == OK)
			page_give(pa);
}

static enum err area_make(uint32_t index)
{
	enum err e = OK;
	unsigned int i;
	struct pa pa;

	for (i = 0; i < CPU_AREA_PAGES && e == OK; i++) {
		e = page_take(&pa);
		if (e != OK)
			break;
		e = kmap_page(percpu_page(index, area_pages[i]), pa,
			      KMAP_WRITE);
		if (e != OK)
			page_give(pa);
	}
	return e;
}

enum err cpuarea_make(uint32_t index, uint32_t apic_id, struct percpu **out)
{
	enum err e;

	if (index == 0 || index >= CPU_AREA_MAX)
		return ERR_RANGE;
	e = area_make(index);
	if (e != OK) {
		/* No CPU ever saw these addresses: no flush is due. */
		area_undo(index);
		return e;
	}
	*out = (struct percpu *)percpu_page(index, CPU_PAGE_SELF);
	record_fill(*out, index, apic_id);
	return OK;
}

uint64_t cpuarea_stack_top(uint32_t index)
{
	return (uint64_t)percpu_page(index, CPU_PAGE_STACK + CPU_STACK_PAGES);
}
