/* SPDX-License-Identifier: MIT */
/* GDT and TSS of a CPU: descriptors, stacks of the faults that need one. */
/* test-sources: kernel/cpu/desc.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/cpu/desc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

extern const char trap_stubs[];
const char trap_stubs[33 * 16];

static uint64_t top(uint32_t cpu, unsigned int page)
{
	return CPU_AREAS_VA + cpu * (uint64_t)CPU_AREA_SIZE +
	       (page + 1) * 4096ull;
}

static void task_segment_points_at_the_tss(void **state)
{
	static struct percpu cpu;
	uint64_t low, base;

	(void)state;
	desc_make(&cpu);
	low = cpu.gdt[GDT_TSS_SELECTOR / 8];
	base = (low >> 16 & 0xffffff) | (low >> 56 & 0xff) << 24 |
	       cpu.gdt[GDT_TSS_SELECTOR / 8 + 1] << 32;
	assert_int_equal(base, (uint64_t)&cpu.tss);
	assert_int_equal(low & 0xffff, sizeof(struct tss) - 1);
	assert_int_equal(low >> 40 & 0xff, 0x89);
	assert_int_equal(cpu.gdt[0], 0);
	assert_int_equal(cpu.gdt[GDT_KERNEL_CS / 8], GDT_CODE64);
	assert_int_equal(cpu.gdt[GDT_KERNEL_DS / 8], GDT_DATA);
}

static void each_fault_has_its_stack(void **state)
{
	static struct percpu cpu;

	(void)state;
	cpu.index = 7;
	desc_make(&cpu);
	assert_int_equal(cpu.tss.ist[0], top(7, CPU_PAGE_IST_VC));
	assert_int_equal(cpu.tss.ist[1], top(7, CPU_PAGE_IST_PF));
	assert_int_equal(cpu.tss.ist[2], top(7, CPU_PAGE_IST_DF));
	assert_int_equal(cpu.tss.ist[3], top(7, CPU_PAGE_IST_NMI));
	/* No I/O bitmap: ring 3 would have no ports. */
	assert_true(cpu.tss.io_map >= sizeof(struct tss));
	desc_init();
	desc_load(&cpu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(task_segment_points_at_the_tss),
		cmocka_unit_test(each_fault_has_its_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
