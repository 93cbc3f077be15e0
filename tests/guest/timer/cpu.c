/* SPDX-License-Identifier: MIT */
/* Descriptors, stacks and pages for a ring 3, and the traps out of it. */
#include "tests/guest/timer/timer.h"

#include "abi/x86/apic.h"
#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "lib/str.h"

#define STACK	     8192u
#define STACKS	     3u /* RSP0, IST1 for #VC, IST2 for #DF */
#define TSS_SELECTOR 0x30u
#define USER_DPL     (3ull << 45)
#define CPUID_LENGTH 2u

struct trapped trapped;

static uint8_t stack[STACKS][STACK] __attribute__((aligned(16)));
static uint8_t syscall_stack[STACK] __attribute__((aligned(16)));
static uint64_t kernel_gs[2], user_data[512] __attribute__((aligned(4096)));
static uint8_t user_const[4096] __attribute__((aligned(4096)));
static uint8_t user_raw[4096] __attribute__((aligned(4096)));
static uint64_t pdpt[512] __attribute__((aligned(4096)));
static uint64_t pd[512] __attribute__((aligned(4096)));
static uint64_t pt[512] __attribute__((aligned(4096)));
static struct idt_gate idt[256] __attribute__((aligned(16)));
static struct tss tss;
static uint64_t gdt[8];

int trap_c(struct frame *f);
int syscall_c(const uint64_t *regs);

static void pages_init(void)
{
	uint64_t *root = (uint64_t *)(hw_cr3_read() & PTE_ADDR & ~cbit);
	uint64_t user = cbit | PTE_P | PTE_U | PTE_A;

	pt[0] = (uint64_t)user_text | user;
	pt[1] = (uint64_t)user_data | user | PTE_W | PTE_D | PTE_NX;
	pt[2] = (uint64_t)user_const | user | PTE_NX;
	pt[3] = (uint64_t)user_raw | user | PTE_W | PTE_D | PTE_NX;
	pt[5] = APIC_DEFAULT_BASE | PTE_P | PTE_W | PTE_A | PTE_D | PTE_PCD |
		PTE_NX;
	pd[0] = (uint64_t)pt | user | PTE_W;
	pdpt[0] = (uint64_t)pd | user | PTE_W;
	root[PT_INDEX(USER_BASE, 3)] = (uint64_t)pdpt | user | PTE_W;
	hw_cr3_write(hw_cr3_read());
}

static void gate(unsigned int vector, unsigned int ist)
{
	uint64_t at = (uint64_t)stubs + 16ull * vector;

	idt[vector] = (struct idt_gate){
		.offset_low = (uint16_t)at,
		.selector = LINUX_BOOT_CS,
		.ist = (uint8_t)ist,
		.type = GATE_INTERRUPT,
		.offset_mid = (uint16_t)(at >> 16),
		.offset_high = (uint32_t)(at >> 32),
	};
}

void cpu_load_idt(void)
{
	struct desc_ptr d = { sizeof(idt) - 1, (uint64_t)idt };

	hw_lidt(&d);
}

static void descriptors_init(void)
{
	uint64_t at = (uint64_t)&tss;
	struct desc_ptr d = { sizeof(gdt) - 1, (uint64_t)gdt };

	gdt[LINUX_BOOT_CS / 8] = GDT_CODE64;
	gdt[LINUX_BOOT_DS / 8] = GDT_DATA;
	gdt[4] = GDT_DATA | USER_DPL;
	gdt[5] = GDT_CODE64 | USER_DPL;
	gdt[6] = GDT_TSS_TYPE | (sizeof(tss) - 1) | (at & 0xffffff) << 16 |
		 (at >> 24 & 0xff) << 56;
	gdt[7] = at >> 32;
	tss.rsp[0] = (uint64_t)stack[1];
	tss.ist[0] = (uint64_t)stack[2];
	tss.ist[1] = (uint64_t)stack[2] + STACK;
	tss.io_map = sizeof(tss);
	hw_lgdt(&d);
	hw_ltr(TSS_SELECTOR);
	for (unsigned int i = 0; i < 256; i++)
		gate(i, i == TRAP_VC ? 1 : i == TRAP_DF ? 2 : 0);
	cpu_load_idt();
}

bool on_stack(uint64_t rsp, unsigned int ist)
{
	uint64_t base = (uint64_t)stack[ist];

	return rsp >= base && rsp < base + STACK;
}

uint64_t cpu_gdt(uint32_t *limit)
{
	*limit = sizeof(gdt) - 1;
	return (uint64_t)gdt;
}

static void syscall_init(void)
{
	kernel_gs[0] = (uint64_t)syscall_stack + STACK;
	user_data[0] = 0x75736572;
	hw_wrmsr(MSR_EFER, hw_rdmsr(MSR_EFER) | EFER_SCE | EFER_NXE);
	hw_wrmsr(MSR_STAR, (uint64_t)(LINUX_BOOT_DS | 3) << 48 |
				   (uint64_t)LINUX_BOOT_CS << 32);
	hw_wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	hw_wrmsr(MSR_SFMASK, RFLAGS_IF | RFLAGS_DF | RFLAGS_AC | RFLAGS_TF);
	hw_wrmsr(MSR_GS_BASE, (uint64_t)kernel_gs);
	hw_wrmsr(MSR_KERNEL_GS_BASE, USER_DATA);
}

static void record(const struct frame *f)
{
	trapped = (struct trapped){
		.vector = f->vector,
		.error = f->error,
		.rip = f->rip,
		.cr2 = hw_cr2_read(),
		.cs = f->cs,
		.rflags = f->rflags,
		.handler_rsp = (uint64_t)f,
		.rax = f->rax,
	};
}

/* Not 0: back to who entered ring 3. */
int trap_c(struct frame *f)
{
	if (f->vector == LOW_TIMER || f->vector == LOW_IPI) {
		low_trap(f);
		return 0;
	}
	if (f->vector == TICK_VECTOR)
		return tick_trap(f);
	record(f);
	if (f->vector == TRAP_VC && f->error == 0x72 && f->rax == 0x77) {
		/* CPUID of the test: the handler answers, and it goes on. */
		f->rax = 0xabcd;
		f->rbx = trapped.handler_rsp;
		f->rip += CPUID_LENGTH;
		return 0;
	}
	return 1;
}

/* @regs: RFLAGS, RAX, RCX, R11, R8, RBX as they came. */
int syscall_c(const uint64_t *regs)
{
	trapped = (struct trapped){
		.vector = SYSCALL_EXIT,
		.rip = regs[2],
		.cs = regs[0], /* RFLAGS of the kernel */
		.rflags = regs[3],
		.handler_rsp = (uint64_t)regs,
		.rax = regs[1],
		.rbx = regs[5],
		.r8 = regs[4],
	};
	return regs[1] != 0x1234 || regs[4] == regs[5];
}

void user_run(const uint8_t *code, uint64_t rdi, uint64_t rflags)
{
	struct user_start s = { USER_CODE + (uint64_t)(code - user_text),
				USER_DATA + 4096 - 16, rflags | RFLAGS_ONE,
				rdi };

	trapped = (struct trapped){ .vector = NO_TRAP };
	ring3_enter(&s);
}

void cpu_init(void)
{
	descriptors_init();
	syscall_init();
	pages_init();
}
