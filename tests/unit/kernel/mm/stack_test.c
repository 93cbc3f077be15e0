/* SPDX-License-Identifier: MIT */
/* Growth of kernel stacks: whose fault it is, and what it changes. */
/* test-sources: kernel/mm/stack.c kernel/base/log.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c kernel/base/platform.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "abi/x86/paging.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/cpu/trap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"
#include "tests/fake/mm.h"

/* An area that the test can read, too; all zero. */
#define AREA	 0x310000000000ull
#define ROOT	 0x1000ull
#define TOP	 0x2000ull
#define CPU_PD	 0x3000ull
#define CPU_PT	 0x4000ull
#define RESERVED 0x70000ull
#define BITS	 (PTE_P | PTE_W | PTE_A | PTE_D | PTE_NX | 1ull << 47)

extern char stack_spare[];
char stack_spare[CPU_STACK_SPARES * PAGE_4K] __attribute__((aligned(4096)));
static struct percpu cpu;
static struct stack *const s = &cpu.stack;
static unsigned int pages_left, pages_taken;

enum err page_take(struct pa *out)
{
	if (!pages_left)
		return ERR_NOMEM;
	pages_left--;
	*out = (struct pa){ 0x100000 + pages_taken++ * PAGE_4K };
	return OK;
}

static void link_tables(uint64_t upper, uint64_t slot, uint64_t lower)
{
	((uint64_t *)(fake.ram + upper))[slot] = lower | PTE_P | PTE_W;
}

static int setup(void **state)
{
	(void)state;
	assert_ptr_equal(mmap((void *)AREA, CPU_AREA_SIZE, PROT_READ,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			 (void *)AREA);
	fake_mm_reset(PAGE_2M);
	fake_launch(0, PAGE_2M);
	memset(fake.ram, 0, PAGE_2M);
	link_tables(ROOT, PT_INDEX(AREA, 3), TOP);
	link_tables(TOP, PT_INDEX(AREA, 2), CPU_PD);
	link_tables(CPU_PD, PT_INDEX(AREA, 1), CPU_PT);
	fake.cr3 = ROOT;
	memset(&cpu, 0, sizeof(cpu));
	cpu.self = &cpu;
	cpu.window_bits = BITS;
	cpu.reserve_count = CPU_STACK_RESERVE;
	cpu.reserve[0].v = RESERVED;
	s->top = AREA + CPU_PAGE_STACK_TOP * PAGE_4K;
	s->limit = AREA + CPU_PAGE_STACK * PAGE_4K;
	s->low = s->top - CPU_STACK_FIRST * PAGE_4K;
	strcpy(s->name, "CPU 3 kernel stack");
	fake.gs = &cpu;
	pages_left = 100;
	pages_taken = 0;
	return 0;
}

static uint64_t pte(unsigned int page)
{
	return ((uint64_t *)(fake.ram + CPU_PT))[page];
}

static void each_boundary_has_its_answer(void **state)
{
	uint64_t guard = s->limit - STACK_GUARD;

	(void)state;
	assert_int_equal(stack_judge(s, s->low, s->low), STACK_OTHER);
	assert_int_equal(stack_judge(s, s->low - 1, s->low), STACK_GROWS);
	assert_int_equal(stack_judge(s, s->limit, s->limit), STACK_GROWS);
	assert_int_equal(stack_judge(s, s->limit - 1, s->limit),
			 STACK_OVERFLOW);
	assert_int_equal(stack_judge(s, guard, guard), STACK_OVERFLOW);
	assert_int_equal(stack_judge(s, guard - 1, guard), STACK_OTHER);
	assert_int_equal(stack_judge(s, s->top, s->top), STACK_OTHER);
	/* The stack pointer: within the stack, or on its way into the guard. */
	assert_int_equal(stack_judge(s, s->low - 1, s->top), STACK_OTHER);
	assert_int_equal(stack_judge(s, s->low - 1, s->top + 1), STACK_OTHER);
	assert_int_equal(stack_judge(s, s->limit, guard), STACK_GROWS);
	assert_int_equal(stack_judge(s, s->limit, guard - 1), STACK_OTHER);
	s->low = s->top;
	assert_int_equal(stack_judge(s, s->low - 8, s->top), STACK_GROWS);
	assert_int_equal(stack_judge(s, s->low - 8, s->top + 8), STACK_OTHER);
}

/* A stray pointer into the reserved addresses is a bug that must show. */
static void only_near_the_stack_pointer(void **state)
{
	uint64_t at = s->low - 2048;

	(void)state;
	assert_int_equal(stack_judge(s, at, at + STACK_BELOW), STACK_GROWS);
	assert_int_equal(stack_judge(s, at, at + STACK_BELOW + 1), STACK_OTHER);
	assert_int_equal(stack_judge(s, at, at - 4096), STACK_GROWS);
	assert_int_equal(stack_judge(s, s->limit - 8, s->limit + STACK_BELOW),
			 STACK_OTHER);
}

static void wild_numbers_are_nobodys(void **state)
{
	static const uint64_t wild[] = {
		0,	 1,	    4095,    0x7fffffffffff, 0x800000000000,
		SELF_VA, KERNEL_VA, HEAP_VA, ~0ull - 7,	     ~0ull
	};
	const struct stack none = { 0 };
	unsigned int i, j;

	(void)state;
	for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++)
		for (j = 0; j < sizeof(wild) / sizeof(wild[0]); j++) {
			assert_int_equal(stack_judge(s, wild[i], wild[j]),
					 STACK_OTHER);
			assert_int_not_equal(stack_judge(&none, wild[i],
							 wild[j]),
					     STACK_GROWS);
			assert_int_equal(stack_judge(s, s->low - 8, wild[j]),
					 STACK_OTHER);
		}
	/* The next CPU's stack, at the same place in its area. */
	assert_int_equal(stack_judge(s, s->low - 8 + CPU_AREA_SIZE, s->low),
			 STACK_OTHER);
	assert_int_equal(stack_judge(s, s->low - 8 - CPU_AREA_SIZE, s->low),
			 STACK_OTHER);
}

static void what_a_stack_holds(void **state)
{
	(void)state;
	assert_true(stack_holds(s, s->low, s->top - s->low));
	assert_false(stack_holds(s, s->low, s->top - s->low + 1));
	assert_false(stack_holds(s, s->low - 1, 1));
	assert_true(stack_holds(s, s->top - 16, 16));
	assert_false(stack_holds(s, s->top - 8, 16));
	assert_false(stack_holds(s, s->top - 8, ~0ull));
	assert_false(stack_holds(s, ~0ull, 1));
}

static bool fault(uint64_t at, uint64_t sp, uint64_t error)
{
	struct trap_frame f = { .error = error, .rsp = sp };

	return stack_fault(&f, at);
}

static void a_fault_maps_the_reserve(void **state)
{
	uint64_t low = s->low;

	(void)state;
	assert_true(fault(low - 8, low, PF_W));
	assert_int_equal(s->low, low - PAGE_4K);
	assert_int_equal(s->grown, 1);
	assert_int_equal(pte(CPU_PAGE_STACK_TOP - 2), RESERVED | BITS);
	assert_int_equal(pte(CPU_PAGE_STACK_TOP - 3), 0);
	assert_int_equal(cpu.reserve_count, 0);
	assert_true(cpu.stack_short);
	assert_int_equal(pages_taken, 0);
	/* The page is there: the same fault again is not growth. */
	assert_false(fault(low - 8, low, PF_W));
	assert_int_equal(s->grown, 1);
}

static void reads_grow_and_other_accesses_do_not(void **state)
{
	static const uint64_t wrong[] = { PF_P,	  PF_U,	       PF_RSV, PF_ID,
					  PF_RMP, PF_P | PF_W, ~0ull };
	uint64_t low = s->low;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(fault(low - 8, low, wrong[i]));
	assert_int_equal(s->low, low);
	assert_true(fault(low - 8, low, 0));
}

static void safe_points_fill_the_reserve(void **state)
{
	(void)state;
	stack_check(&cpu);
	assert_int_equal(pages_taken, 0);
	assert_true(fault(s->low - 8, s->low, PF_W));
	/* No memory: nothing happens, and it is not forgotten. */
	pages_left = 0;
	stack_check(&cpu);
	assert_true(cpu.stack_short);
	assert_int_equal(cpu.reserve_count, 0);
	pages_left = 10;
	stack_check(&cpu);
	assert_false(cpu.stack_short);
	assert_int_equal(cpu.reserve_count, CPU_STACK_RESERVE);
	assert_int_equal(cpu.reserve[0].v, 0x100000);
}

/* At the limit nothing can be grown: nothing is kept for it. */
static void no_reserve_at_the_limit(void **state)
{
	unsigned int page = CPU_PAGE_STACK_TOP - CPU_STACK_FIRST;

	(void)state;
	while (s->low > s->limit) {
		assert_true(fault(s->low - 8, s->low, PF_W));
		assert_true(pte(--page) & PTE_P);
		stack_check(&cpu);
	}
	assert_int_equal(page, CPU_PAGE_STACK);
	assert_int_equal(s->grown, CPU_STACK_LIMIT - CPU_STACK_FIRST);
	assert_int_equal(cpu.reserve_count, 0);
	assert_false(cpu.stack_short);
	/* All that the CPU owns then, GHCB and so on included. */
	assert_int_equal(CPU_AREA_PAGES - CPU_STACK_FIRST + CPU_STACK_LIMIT + 4,
			 CPU_PRIVATE_PAGES);
}

static int end_of(uint64_t at, uint64_t sp)
{
	int ended = setjmp(fake_panic);

	if (ended == 0) {
		(void)fault(at, sp, PF_W);
		return 0;
	}
	return ended;
}

/* The first panic of a process speaks; later ones are nested. */
static void overflow_names_task_and_depth(void **state)
{
	(void)state;
	log_console_on();
	s->low = s->limit;
	assert_int_equal(end_of(s->limit - 16, s->limit - 8), PANIC_TRAP + 1);
	assert_non_null(strstr(
		fake_console, "CPU 3 kernel stack overflow: 24592 bytes deep"));
	assert_int_equal(pte(CPU_PAGE_STACK - 1), 0);
}

/* Last of all: spares are handed out once. Two pages at a time leave no hole. */
static void without_reserve_the_spares(void **state)
{
	unsigned int left = stack_spares();

	(void)state;
	assert_int_equal(left, CPU_STACK_SPARES);
	cpu.reserve_count = 0;
	assert_true(fault(s->low - PAGE_4K - 8, s->low - PAGE_4K - 16, PF_W));
	assert_int_equal(s->grown, 2);
	assert_int_equal(stack_spares(), left - 2);
	assert_true(pte(CPU_PAGE_STACK_TOP - 2) & PTE_P);
	assert_true(pte(CPU_PAGE_STACK_TOP - 3) & PTE_P);
	assert_int_not_equal(pte(CPU_PAGE_STACK_TOP - 2),
			     pte(CPU_PAGE_STACK_TOP - 3));
	assert_int_not_equal(end_of(s->low - 8, s->low), 0);
	assert_int_equal(s->grown, 2);
	assert_int_equal(stack_spares(), 0);
}

static void marks_are_the_deepest_word(void **state)
{
	static uint64_t memory[1024];
	struct stack m = { .top = (uint64_t)(memory + 1024),
			   .low = (uint64_t)memory };

	(void)state;
	assert_int_equal(stack_used(&m), 0);
	memory[1023] = 1;
	assert_int_equal(stack_used(&m), 8);
	memory[512] = 1ull << 63;
	assert_int_equal(stack_used(&m), 4096);
	memory[0] = 1;
	assert_int_equal(stack_used(&m), 8192);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_boundary_has_its_answer, setup),
		cmocka_unit_test_setup(only_near_the_stack_pointer, setup),
		cmocka_unit_test_setup(wild_numbers_are_nobodys, setup),
		cmocka_unit_test_setup(what_a_stack_holds, setup),
		cmocka_unit_test_setup(a_fault_maps_the_reserve, setup),
		cmocka_unit_test_setup(reads_grow_and_other_accesses_do_not,
				       setup),
		cmocka_unit_test_setup(safe_points_fill_the_reserve, setup),
		cmocka_unit_test_setup(no_reserve_at_the_limit, setup),
		cmocka_unit_test_setup(marks_are_the_deepest_word, setup),
		cmocka_unit_test_setup(overflow_names_task_and_depth, setup),
		cmocka_unit_test_setup(without_reserve_the_spares, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
