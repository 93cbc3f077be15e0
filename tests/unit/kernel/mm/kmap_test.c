/* SPDX-License-Identifier: MIT */
/* Page tables, windows and areas on tables in the fake machine's memory. */
/* test-sources: kernel/mm/kmap.c kernel/mm/page.c kernel/cpu/tlb.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
/* test-libs: -Wl,--defsym=sealed_end=sealed_start+0x2000 */
#include "kernel/mm/kmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/paging.h"
#include "kernel/base/once.h"
#include "kernel/base/percpu.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"
#include "tests/fake/mm.h"
/* The real windows, past the fake ones of the same name. */
#include "../../../../kernel/mm/tmpmap.h"

#define C_BIT	 (1ull << 47)
#define ROOT	 0x1000ull
#define TOP	 0x2000ull
#define CPU_PD	 0x3000ull
#define CPU_PT	 0x4000ull
#define IMAGE_PD 0x5000ull
#define IMAGE_PT 0x6000ull
#define USED	 16u
#define PAGES	 512u

char sealed_start[0x2000] __attribute__((aligned(4096)));
static struct percpu cpu; /* the first CPU, windows only */

static uint64_t *table(uint64_t pa)
{
	return (uint64_t *)(fake.ram + pa);
}

static void link_tables(uint64_t upper, unsigned int slot, uint64_t lower)
{
	table(upper)[slot] = lower | PTE_P | PTE_W | C_BIT;
}

static int setup(void **state)
{
	struct boot_launch boot = { .c_bit = C_BIT, .root = ROOT };

	(void)state;
	fake_mm_reset(PAGE_2M);
	fake_launch(0, PAGE_2M);
	memset(fake.ram, 0, PAGE_2M);
	link_tables(ROOT, 511, TOP);
	link_tables(TOP, 0, CPU_PD);
	link_tables(CPU_PD, 0, CPU_PT);
	link_tables(TOP, 510, IMAGE_PD);
	link_tables(IMAGE_PD, 0, IMAGE_PT);
	fake.cr3 = ROOT;
	kmap_init(&boot);
	page_init((struct pa_range){ { 0 }, PAGES * PAGE_4K }, USED * PAGE_4K,
		  PAGES * PAGE_4K);
	memset(&cpu, 0, sizeof(cpu));
	cpu.self = &cpu;
	cpu.window_va = percpu_page(0, CPU_PAGE_WINDOW);
	cpu.window_pte = selfmap_entry(cpu.window_va, 0);
	cpu.window_bits = kmap_pte((struct pa){ 0 }, KMAP_WRITE);
	cpu.window_2m_va = percpu_area(0) + CPU_WINDOW_2M;
	cpu.window_pde = selfmap_entry(cpu.window_2m_va, 1);
	fake.gs = &cpu;
	return 0;
}

static void entries_are_private_and_never_executable(void **state)
{
	struct pa pa = { 0x7000 };
	uint64_t all = 0x7000 | PTE_P | PTE_A | PTE_D | PTE_NX;

	(void)state;
	assert_int_equal(kmap_pte(pa, KMAP_READ), all | C_BIT);
	assert_int_equal(kmap_pte(pa, KMAP_WRITE), all | PTE_W | C_BIT);
	assert_int_equal(kmap_pte(pa, KMAP_SHARED), all | PTE_W);
	assert_int_equal(kmap_root(), ROOT | C_BIT);
	assert_ptr_equal(kmap_image((struct pa){ SVSM_BASE + 0x5000 }),
			 KERNEL_VA + 0x5000);
	assert_int_equal(kmap_image_pa((void *)(KERNEL_VA + 0x5000)).v,
			 SVSM_BASE + 0x5000);
}

static void windows_are_a_stack(void **state)
{
	struct tmpmap a = tmpmap_4k((struct pa){ 0x8000 }, KMAP_WRITE);
	struct tmpmap b = tmpmap_4k((struct pa){ 0x9000 }, KMAP_SHARED);

	(void)state;
	assert_ptr_equal(b.va, (char *)a.va + PAGE_4K);
	assert_int_equal(cpu.window_pte[0],
			 kmap_pte((struct pa){ 0x8000 }, KMAP_WRITE));
	assert_int_equal(cpu.window_pte[1],
			 kmap_pte((struct pa){ 0x9000 }, KMAP_SHARED));
	assert_int_equal(fake.invlpg, 0);
	tmpmap_drop(b);
	tmpmap_drop(a);
	assert_int_equal(fake.invlpg, 2);
	assert_int_equal(cpu.window_pte[0] | cpu.window_pte[1], 0);
	assert_int_equal(cpu.window_depth, 0);
}

static void large_window(void **state)
{
	struct tmpmap a = tmpmap_2m((struct pa){ PAGE_2M });

	(void)state;
	assert_ptr_equal(a.va, percpu_area(0) + CPU_WINDOW_2M);
	assert_int_equal(table(CPU_PD)[1],
			 kmap_pte((struct pa){ PAGE_2M }, KMAP_WRITE) | PTE_PS);
	tmpmap_drop(a);
	assert_int_equal(table(CPU_PD)[1], 0);
}

static void windows_out_of_order_or_too_many_are_bugs(void **state)
{
	struct tmpmap a = tmpmap_4k((struct pa){ 0x8000 }, KMAP_WRITE);
	volatile int i;

	(void)state;
	if (setjmp(fake_panic) == 0) {
		for (i = 0; i < CPU_WINDOWS; i++)
			(void)tmpmap_4k((struct pa){ 0x8000 }, KMAP_WRITE);
		fail();
	}
	assert_int_equal(cpu.window_depth, CPU_WINDOWS);
	if (setjmp(fake_panic) == 0) {
		tmpmap_drop(a);
		fail();
	}
	(void)tmpmap_2m((struct pa){ 0 });
	if (setjmp(fake_panic) == 0) {
		(void)tmpmap_2m((struct pa){ 0 });
		fail();
	}
}

static void map_and_drop_where_tables_exist(void **state)
{
	void *va = percpu_page(0, CPU_PAGE_SPARE);
	struct pa old;

	(void)state;
	assert_int_equal(kmap_page(va, (struct pa){ 0x9000 }, KMAP_WRITE), OK);
	assert_int_equal(kmap_page(va, (struct pa){ 0xa000 }, KMAP_WRITE),
			 ERR_EXISTS);
	assert_int_equal(kmap_replace(va, (struct pa){ 0xb000 }, KMAP_READ),
			 OK);
	assert_int_equal(table(CPU_PT)[CPU_PAGE_SPARE],
			 kmap_pte((struct pa){ 0xb000 }, KMAP_READ));
	assert_int_equal(kmap_drop(va, &old), OK);
	assert_int_equal(old.v, 0xb000);
	assert_int_equal(kmap_drop(va, &old), ERR_ABSENT);
	assert_int_equal(kmap_drop(percpu_page(900, 1), &old), ERR_ABSENT);
	assert_int_equal(kmap_replace(percpu_page(900, 1), old, KMAP_READ),
			 ERR_ABSENT);
	assert_int_equal(fake.invlpg, 2);
}

static void sealing_takes_the_write_right(void **state)
{
	uint64_t va = (uint64_t)sealed_start;
	unsigned int last = PT_INDEX(va, 0);
	unsigned int i;

	(void)state;
	/* Tables for the two pages; the address is the linker's choice. */
	assert_true(last < 510 && last > 0);
	link_tables(ROOT, PT_INDEX(va, 3), TOP);
	link_tables(TOP, PT_INDEX(va, 2), IMAGE_PD);
	link_tables(IMAGE_PD, PT_INDEX(va, 1), IMAGE_PT);
	for (i = last - 1; i < last + 3; i++)
		table(IMAGE_PT)[i] = PTE_P | PTE_W | PTE_NX;
	once_seal();
	assert_int_equal(table(IMAGE_PT)[last - 1], PTE_P | PTE_W | PTE_NX);
	assert_int_equal(table(IMAGE_PT)[last], PTE_P | PTE_NX);
	assert_int_equal(table(IMAGE_PT)[last + 1], PTE_P | PTE_NX);
	assert_int_equal(table(IMAGE_PT)[last + 2], PTE_P | PTE_W | PTE_NX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(entries_are_private_and_never_executable,
				       setup),
		cmocka_unit_test_setup(windows_are_a_stack, setup),
		cmocka_unit_test_setup(large_window, setup),
		cmocka_unit_test_setup(
			windows_out_of_order_or_too_many_are_bugs, setup),
		cmocka_unit_test_setup(map_and_drop_where_tables_exist, setup),
		cmocka_unit_test_setup(sealing_takes_the_write_right, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
