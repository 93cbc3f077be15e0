/* SPDX-License-Identifier: MIT */
/* Descriptor tables. */
#include "kernel/cpu/desc.h"

#include <stddef.h>

#include "abi/x86/trap.h"
#include "kernel/base/once.h"
#include "lib/str.h"

/*
 * IST numbers, from 1. Every vector has one: the host can raise any at any
 * instruction, also at the first of a SYSCALL, where the stack pointer is still
 * ring 3's and nothing may be pushed.
 */
#define IST_VC	1u
#define IST_PF	2u
#define IST_DF	3u /* and all that is no #VC, #PF, NMI, #MC, #HV */
#define IST_NMI 4u

#define STUB_SIZE 16u
#define IDT_GATES 256u

extern const char trap_stubs[];

sealed static struct idt_gate idt[IDT_GATES];

static uint8_t ist_of(unsigned int vector)
{
	switch (vector) {
	case TRAP_VC:
		return IST_VC;
	case TRAP_PF:
		return IST_PF;
	case TRAP_DF:
		return IST_DF;
	case TRAP_NMI:
	case TRAP_MC:
	case TRAP_HV:
		return IST_NMI;
	default:
		return IST_DF;
	}
}

void desc_init(void)
{
	unsigned int v;

	for (v = 0; v < IDT_GATES; v++) {
		/* All interrupts have one stub, behind those of exceptions. */
		uint64_t n = v < TRAP_FIRST_IRQ ? v : TRAP_FIRST_IRQ;
		uint64_t stub = (uint64_t)trap_stubs + n * STUB_SIZE;

		idt[v] = (struct idt_gate){
			.offset_low = (uint16_t)stub,
			.selector = GDT_KERNEL_CS,
			.ist = ist_of(v),
			.type = GATE_INTERRUPT,
			.offset_mid = (uint16_t)(stub >> 16),
			.offset_high = (uint32_t)(stub >> 32),
		};
	}
}

static uint64_t page_top(const struct percpu *cpu, unsigned int page)
{
	return (uint64_t)percpu_page(cpu->index, page + 1);
}

void desc_make(struct percpu *cpu)
{
	uint64_t tss = (uint64_t)&cpu->tss;

	cpu->gdt[1] = GDT_CODE64;
	cpu->gdt[2] = GDT_DATA;
	cpu->gdt[3] = GDT_TSS_TYPE | (sizeof(cpu->tss) - 1) |
		      (tss & 0xffffff) << 16 | (tss >> 24 & 0xff) << 56;
	cpu->gdt[4] = tss >> 32;
	cpu->gdt[GDT_USER_CS / 8] = GDT_USER_CODE;
	cpu->gdt[GDT_USER_DS / 8] = GDT_USER_DATA;
	memset(&cpu->tss, 0, sizeof(cpu->tss));
	cpu->tss.ist[IST_VC - 1] = page_top(cpu, CPU_PAGE_IST_VC);
	cpu->tss.ist[IST_PF - 1] = page_top(cpu, CPU_PAGE_IST_PF);
	cpu->tss.ist[IST_DF - 1] = page_top(cpu, CPU_PAGE_IST_DF);
	cpu->tss.ist[IST_NMI - 1] = page_top(cpu, CPU_PAGE_IST_NMI);
	cpu->tss.io_map = sizeof(cpu->tss); /* none */
}

void desc_load(struct percpu *cpu)
{
	struct desc_ptr gdtr = { sizeof(cpu->gdt) - 1, (uint64_t)cpu->gdt };
	struct desc_ptr idtr = { sizeof(idt) - 1, (uint64_t)idt };

	hw_lgdt(&gdtr);
	hw_segments_load(GDT_KERNEL_CS, GDT_KERNEL_DS);
	hw_lidt(&idtr);
	hw_ltr(GDT_TSS_SELECTOR);
}
