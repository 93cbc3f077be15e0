/* SPDX-License-Identifier: MIT */
/* Per-CPU areas: see abi/boot/launch.h for their layout. */
#include "kernel/mm/cpuarea.h"

#include <stddef.h>

#include "abi/x86/msr.h"
#include "kernel/cpu/desc.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"
#include "lib/fmt.h"
#include "lib/str.h"

static const uint8_t area_pages[CPU_AREA_PAGES] = { CPU_AREA_LIST };

extern char boot_cpu0[]; /* the first CPU's pages, in the image's bss */

_Static_assert(sizeof(area_pages) == CPU_AREA_PAGES, "each page has a place");

static void stack_init(struct stack *s, uint32_t index)
{
	s->top = cpuarea_stack_top(index);
	s->limit = (uint64_t)percpu_page(index, CPU_PAGE_STACK);
	s->low = s->top - CPU_STACK_FIRST * PAGE_4K;
	fmt_print(s->name, sizeof(s->name), "CPU %u kernel stack", index);
}

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
	stack_init(&cpu->stack, index);
	cpu->reserve_count = CPU_STACK_RESERVE;
	desc_make(cpu);
}

struct percpu *cpuarea_init_first(void)
{
	struct percpu *cpu = (struct percpu *)percpu_page(0, CPU_PAGE_SELF);
	char *reserve = boot_cpu0 + CPU_AREA_PAGES * PAGE_4K;

	record_fill(cpu, 0, 0);
	for (unsigned int i = 0; i < CPU_STACK_RESERVE; i++)
		cpu->reserve[i] = kmap_image_pa(reserve + i * PAGE_4K);
	cpu->state = CPU_ONLINE;
	hw_wrmsr(MSR_GS_BASE, (uint64_t)cpu);
	return cpu;
}

/* Unmaps and gives back what area_make mapped. Nobody has used the addresses,
 * but a processor may look up what it never uses. */
static void area_undo(uint32_t index)
{
	struct tlb_gather what = { 0 };
	struct pa pa[CPU_AREA_PAGES];
	unsigned int count = 0;

	for (unsigned int i = 0; i < CPU_AREA_PAGES; i++) {
		char *va = percpu_page(index, area_pages[i]);

		if (kmap_drop(va, &pa[count]) != OK)
			continue;
		tlb_add(&what, va, 1);
		count++;
	}
	tlb_flush(&what);
	while (count-- > 0)
		page_give(pa[count]);
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

static enum err reserve_take(struct pa reserve[CPU_STACK_RESERVE])
{
	unsigned int i;

	for (i = 0; i < CPU_STACK_RESERVE; i++) {
		enum err e = page_take(&reserve[i]);

		if (e == OK)
			continue;
		while (i-- > 0)
			page_give(reserve[i]);
		return e;
	}
	return OK;
}

enum err cpuarea_make(uint32_t index, uint32_t apic_id, struct percpu **out)
{
	struct pa reserve[CPU_STACK_RESERVE];
	enum err e;

	if (index == 0 || index >= CPU_AREA_MAX)
		return ERR_RANGE;
	e = area_make(index);
	if (e == OK)
		e = reserve_take(reserve);
	if (e != OK) {
		area_undo(index);
		return e;
	}
	*out = (struct percpu *)percpu_page(index, CPU_PAGE_SELF);
	record_fill(*out, index, apic_id);
	memcpy((*out)->reserve, reserve, sizeof(reserve));
	return OK;
}

uint64_t cpuarea_stack_top(uint32_t index)
{
	return (uint64_t)percpu_page(index, CPU_PAGE_STACK_TOP);
}
