/* SPDX-License-Identifier: MIT */
/* Exception delivery and the guest's page tables, on 2 MiB of pretended RAM. */
/* test-sources: emu/deliver.c emu/walk.c model/rmp.c model/rmp_guest.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "emu/deliver.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/vmcb.h"

#define RAM_SIZE  0x200000u
#define ROOT	  0x1000u
#define IDT	  0x8000u
#define GDT	  0x9000u
#define TSS	  0xa000u
#define STACK	  0x20000u
#define IST	  0x30000u
#define RSP0	  0x40000u
#define HANDLER	  0xffffffff81234560ull
#define KERNEL_CS 0x10u
#define USER_CS	  0x33u
#define USER_SS	  0x2bu

struct machine machine;

static uint8_t ram[RAM_SIZE] __attribute__((aligned(4096)));
static struct rmp_entry table[RAM_SIZE / PAGE_4K];
static struct vmcb vmcb;
static struct vcpu vcpu;

bool guestmem_is_ram(uint64_t gpa, uint64_t size)
{
	return gpa < RAM_SIZE && size <= RAM_SIZE - gpa;
}

uint64_t guestmem_frame(uint64_t gpa)
{
	return gpa;
}

void *guestmem_ptr(uint64_t gpa, size_t size)
{
	return guestmem_is_ram(gpa, size) ? ram + gpa : NULL;
}

void vmcb_pull(struct vcpu *c)
{
	(void)c;
}

static uint64_t *entry(uint64_t page, unsigned i)
{
	return (uint64_t *)(void *)(ram + page) + i;
}

static uint64_t word(uint64_t gpa)
{
	uint64_t v;

	memcpy(&v, ram + gpa, sizeof(v));
	return v;
}

static void map_4k(uint64_t va, uint64_t pte)
{
	*entry(ROOT + 0x3000, (unsigned)(va >> 12)) = pte;
}

/* The first 2 MiB, page by page, identity, private, writable, supervisor. */
static void tables_build(void)
{
	uint64_t all = CBIT | PTE_P | PTE_W | PTE_U;

	*entry(ROOT, 0) = (ROOT + 0x1000) | all;
	*entry(ROOT + 0x1000, 0) = (ROOT + 0x2000) | all;
	*entry(ROOT + 0x2000, 0) = (ROOT + 0x3000) | all;
	for (uint64_t va = 0; va < RAM_SIZE; va += PAGE_4K)
		map_4k(va, va | CBIT | PTE_P | PTE_W);
}

static void gate_set(unsigned vector, unsigned ist, uint8_t type)
{
	struct idt_gate g = {
		.offset_low = (uint16_t)HANDLER,
		.selector = KERNEL_CS,
		.ist = (uint8_t)ist,
		.type = type,
		.offset_mid = (uint16_t)(HANDLER >> 16),
		.offset_high = (uint32_t)(HANDLER >> 32),
	};

	memcpy(ram + IDT + vector * sizeof(g), &g, sizeof(g));
}

static void segments_set(struct vmcb_save *s)
{
	uint64_t code = GDT_CODE64, ist = IST, rsp0 = RSP0;

	memcpy(ram + GDT + KERNEL_CS, &code, sizeof(code));
	memcpy(ram + TSS + 0x24, &ist, sizeof(ist));
	memcpy(ram + TSS + 4, &rsp0, sizeof(rsp0));
	s->gdtr.base = GDT;
	s->gdtr.limit = 0x3f;
	s->idtr.base = IDT;
	s->idtr.limit = 0xfff;
	s->tr.base = TSS;
	s->tr.limit = 103;
	s->cs = (struct vmsa_seg){ KERNEL_CS, SEG_CODE64, ~0u, 0 };
	s->ss = (struct vmsa_seg){ 0x18, SEG_DATA32, ~0u, 0 };
}

static int setup(void **state)
{
	struct vmcb_save *s = &vmcb.save;
	static const uint8_t none[3];

	(void)state;
	memset(ram, 0, sizeof(ram));
	memset(&vmcb, 0, sizeof(vmcb));
	memset(&vcpu, 0, sizeof(vcpu));
	vcpu.vmcb = &vmcb;
	rmp_init(&machine.rmp, table, RAM_SIZE / PAGE_4K);
	for (uint64_t at = 0; at < RAM_SIZE; at += PAGE_4K)
		assert_int_equal(rmp_launch_page(&machine.rmp, rmp_same(at),
						 false, none),
				 RMPUPDATE_OK);
	tables_build();
	segments_set(s);
	gate_set(TRAP_VC, 0, GATE_INTERRUPT);
	s->efer = EFER_LMA | EFER_LME | EFER_SVME;
	s->cr0 = CR0_PG | CR0_PE | CR0_WP;
	s->cr4 = CR4_PAE;
	s->cr3 = ROOT | CBIT;
	s->rip = 0x1234;
	s->rflags = RFLAGS_ONE | RFLAGS_IF | RFLAGS_TF;
	vcpu.gpr[RSP] = STACK - 8;
	return 0;
}

static void user_mode(void)
{
	struct vmcb_save *s = &vmcb.save;

	s->cs = (struct vmsa_seg){ USER_CS, SEG_CODE64 | 3u << 5, ~0u, 0 };
	s->ss = (struct vmsa_seg){ USER_SS, SEG_DATA32 | 3u << 5, ~0u, 0 };
	s->cpl = 3;
}

static void frame_is(uint64_t sp, uint64_t cs, uint64_t rsp, uint64_t ss)
{
	assert_int_equal(vcpu.gpr[RSP], sp);
	assert_int_equal(word(sp), 0x72);
	assert_int_equal(word(sp + 8), 0x1234);
	assert_int_equal(word(sp + 16), cs);
	assert_int_equal(word(sp + 24), RFLAGS_ONE | RFLAGS_IF | RFLAGS_TF);
	assert_int_equal(word(sp + 32), rsp);
	assert_int_equal(word(sp + 40), ss);
}

static void same_level(void **state)
{
	(void)state;
	assert_null(deliver(&vcpu, TRAP_VC, true, 0x72));
	assert_int_equal(vmcb.save.rip, HANDLER);
	frame_is(STACK - 16 - 48, KERNEL_CS, STACK - 8, 0x18);
	assert_int_equal(vmcb.save.rflags, RFLAGS_ONE);
}

static void by_ist(void **state)
{
	(void)state;
	gate_set(TRAP_VC, 1, GATE_TRAP);
	assert_null(deliver(&vcpu, TRAP_VC, true, 0x72));
	frame_is(IST - 48, KERNEL_CS, STACK - 8, 0x18);
	assert_int_equal(vmcb.save.rflags, RFLAGS_ONE | RFLAGS_IF);
}

static void from_user(void **state)
{
	(void)state;
	user_mode();
	assert_null(deliver(&vcpu, TRAP_VC, true, 0x72));
	frame_is(RSP0 - 48, USER_CS, STACK - 8, USER_SS);
	assert_int_equal(vmcb.save.cpl, 0);
	assert_int_equal(vmcb.save.ss.selector, 0);
	assert_int_equal(vmcb.save.cs.selector, KERNEL_CS);
}

static void without_error_code(void **state)
{
	(void)state;
	assert_null(deliver(&vcpu, TRAP_VC, false, 0));
	assert_int_equal(vcpu.gpr[RSP], STACK - 16 - 40);
	assert_int_equal(word(STACK - 16 - 40), 0x1234);
}

/* Nothing of the vCPU may have changed. */
static void refused(void)
{
	assert_non_null(deliver(&vcpu, TRAP_VC, true, 0x72));
	assert_int_equal(vmcb.save.rip, 0x1234);
	assert_int_equal(vcpu.gpr[RSP], STACK - 8);
}

static void bad_gates(void **state)
{
	(void)state;
	gate_set(TRAP_VC, 0, 0x0e);
	refused();
	gate_set(TRAP_VC, 0, 0x8c);
	refused();
	gate_set(TRAP_VC, 0, GATE_INTERRUPT);
	vmcb.save.idtr.limit = TRAP_VC * 16 + 14;
	refused();
	vmcb.save.idtr.limit = 0xfff;
	vmcb.save.gdtr.limit = KERNEL_CS + 6;
	refused();
}

static void bad_stacks(void **state)
{
	(void)state;
	map_4k(STACK - PAGE_4K, 0);
	refused();
	map_4k(STACK - PAGE_4K, (STACK - PAGE_4K) | CBIT | PTE_P);
	refused();
	/* A shared mapping of a private page. */
	map_4k(STACK - PAGE_4K, (STACK - PAGE_4K) | PTE_P | PTE_W);
	refused();
}

/* The stack pointer of a lower level must not write a higher one's page. */
static void stack_of_another_level(void **state)
{
	(void)state;
	vcpu.vmpl = 2;
	refused();
}

static void legacy_32(void **state)
{
	struct vmcb_save *s = &vmcb.save;
	uint64_t gate = 0x00008e0000000000ull | (uint64_t)KERNEL_CS << 16 |
			0x5678;
	uint64_t code = GDT_CODE32;
	uint32_t frame[4];

	(void)state;
	s->efer = EFER_SVME;
	s->cr0 = CR0_PE;
	s->cs.attr = SEG_CODE32;
	memcpy(ram + GDT + KERNEL_CS, &code, sizeof(code));
	memcpy(ram + IDT + 8 * TRAP_VC, &gate, sizeof(gate));
	assert_null(deliver(&vcpu, TRAP_VC, true, 0x72));
	assert_int_equal(s->rip, 0x5678);
	assert_int_equal(vcpu.gpr[RSP], STACK - 8 - 16);
	memcpy(frame, ram + STACK - 8 - 16, sizeof(frame));
	assert_int_equal(frame[0], 0x72);
	assert_int_equal(frame[1], 0x1234);
	assert_int_equal(frame[2], KERNEL_CS);
}

static void real_mode(void **state)
{
	struct vmcb_save *s = &vmcb.save;
	static const uint16_t vector[2] = { 0x4444, 0x100 };

	(void)state;
	s->efer = EFER_SVME;
	s->cr0 = 0;
	s->ss.base = 0;
	vcpu.gpr[RSP] = 0x7000;
	s->idtr = (struct vmsa_seg){ .limit = 0x3ff };
	memcpy(ram + 4 * TRAP_VC, vector, sizeof(vector));
	assert_null(deliver(&vcpu, TRAP_VC, true, 0x72));
	assert_int_equal(s->rip, 0x4444);
	assert_int_equal(s->cs.base, 0x1000);
	assert_int_equal(vcpu.gpr[RSP], 0x7000 - 6);
}

static void walks(void **state)
{
	uint64_t gpa;
	uint32_t error;

	(void)state;
	assert_int_equal(guestmem_walk(&vcpu, 0x5123, 0, &gpa, &error),
			 GUESTMEM_OK);
	assert_int_equal(gpa, 0x5123 | CBIT);
	assert_int_equal(guestmem_walk(&vcpu, 0x5123, GUESTMEM_USER, &gpa,
				       &error),
			 GUESTMEM_NOT_MAPPED);
	assert_int_equal(error, PF_P | PF_U);
	assert_int_equal(guestmem_walk(&vcpu, 1ull << 47, 0, &gpa, &error),
			 GUESTMEM_NOT_MAPPED);
	assert_int_equal(error, 0);
	*entry(ROOT + 0x2000, 0) = CBIT | PTE_P | PTE_PS;
	assert_int_equal(guestmem_walk(&vcpu, 0x5123, GUESTMEM_WRITE, &gpa,
				       &error),
			 GUESTMEM_NOT_MAPPED);
	assert_int_equal(error, PF_P | PF_W);
	vmcb.save.cr0 &= ~(uint64_t)CR0_WP;
	assert_int_equal(guestmem_walk(&vcpu, 0x5123, GUESTMEM_WRITE, &gpa,
				       &error),
			 GUESTMEM_OK);
	/* Tables outside of RAM are read from nowhere. */
	vmcb.save.cr3 = 0x40000000;
	assert_int_equal(guestmem_walk(&vcpu, 0x5123, 0, &gpa, &error),
			 GUESTMEM_NOT_RAM);
}

static void crossing_pages(void **state)
{
	uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, back[8];
	uint64_t at = 0;

	(void)state;
	map_4k(0x6000, 0x9000 | CBIT | PTE_P | PTE_W);
	assert_int_equal(guestmem_write(&vcpu, 0x5ffc, bytes, 8, NULL),
			 GUESTMEM_OK);
	assert_memory_equal(ram + 0x5ffc, bytes, 4);
	assert_memory_equal(ram + 0x9000, bytes + 4, 4);
	assert_int_equal(guestmem_read(&vcpu, 0x5ffc, back, 8, NULL),
			 GUESTMEM_OK);
	assert_memory_equal(back, bytes, 8);
	map_4k(0x6000, 0);
	assert_int_equal(guestmem_read(&vcpu, 0x5ffc, back, 8, &at),
			 GUESTMEM_NOT_MAPPED);
	assert_int_equal(at, 0x6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(same_level, setup),
		cmocka_unit_test_setup(by_ist, setup),
		cmocka_unit_test_setup(from_user, setup),
		cmocka_unit_test_setup(without_error_code, setup),
		cmocka_unit_test_setup(bad_gates, setup),
		cmocka_unit_test_setup(bad_stacks, setup),
		cmocka_unit_test_setup(stack_of_another_level, setup),
		cmocka_unit_test_setup(legacy_32, setup),
		cmocka_unit_test_setup(real_mode, setup),
		cmocka_unit_test_setup(walks, setup),
		cmocka_unit_test_setup(crossing_pages, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
