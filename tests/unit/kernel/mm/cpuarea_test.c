/* SPDX-License-Identifier: MIT */
/* Areas of more CPUs: complete, guarded, and undone when memory runs out. */
/* test-sources: kernel/mm/cpuarea.c kernel/base/platform.c tests/fake/mm.c */
/* test-sources: lib/fmt.c lib/str.c kernel/cpu/tlb.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/log.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/mm/cpuarea.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/cpu/desc.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "tests/fake/mm.h"

#define MAPPED_MAX 64u

extern char boot_cpu0[];
char boot_cpu0[1];

static unsigned int pages_left, pages_out;
static unsigned int flushes_at_drop; /* flushes before the last drop */
static struct {
	void *va;
	struct pa pa;
} mapped[MAPPED_MAX];
static unsigned int mapped_count;

enum err page_take(struct pa *out)
{
	if (pages_left == 0)
		return ERR_NOMEM;
	pages_left--;
	out->v = ++pages_out * PAGE_4K;
	return OK;
}

/* Of a page that was mapped: after a flush. */
void page_give(struct pa page)
{
	(void)page;
	assert_true(!flushes_at_drop || fake.tlb_flushes == flushes_at_drop);
	pages_out--;
}

/* The record's page is at an address that no test can write: catch it. */
void desc_make(struct percpu *cpu)
{
	(void)cpu;
}

enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	assert_int_equal(use, KMAP_WRITE);
	mapped[mapped_count].va = va;
	mapped[mapped_count++].pa = pa;
	return OK;
}

enum err kmap_drop(void *va, struct pa *old)
{
	unsigned int i;

	for (i = 0; i < mapped_count; i++) {
		if (mapped[i].va != va)
			continue;
		*old = mapped[i].pa;
		flushes_at_drop = fake.tlb_flushes + 1;
		mapped[i] = mapped[--mapped_count];
		return OK;
	}
	return ERR_ABSENT;
}

uint64_t kmap_pte(struct pa pa, enum kmap_use use)
{
	(void)use;
	return pa.v;
}

static int setup(void **state)
{
	(void)state;
	fake_mm_reset(PAGE_2M);
	pages_out = 0;
	mapped_count = 0;
	flushes_at_drop = 0;
	return 0;
}

static void running_out_leaves_nothing(void **state)
{
	struct percpu *cpu;
	unsigned int n;

	(void)state;
	for (n = 0; n < CPU_AREA_PAGES + CPU_STACK_RESERVE; n++) {
		pages_left = n;
		flushes_at_drop = 0;
		assert_int_equal(cpuarea_make(3, 7, &cpu), ERR_NOMEM);
		assert_int_equal(pages_out, 0);
		assert_int_equal(mapped_count, 0);
	}
}

static void index_is_bounded(void **state)
{
	struct percpu *cpu;

	(void)state;
	pages_left = 100;
	assert_int_equal(cpuarea_make(0, 7, &cpu), ERR_RANGE);
	assert_int_equal(cpuarea_make(CPU_AREA_MAX, 7, &cpu), ERR_RANGE);
	assert_int_equal(pages_out, 0);
}

/* Pages of the layout do not collide, and every stack has a hole below. */
static void stacks_have_guards(void **state)
{
	static const unsigned int used[] = {
		CPU_AREA_LIST, CPU_PAGE_GHCB,  CPU_PAGE_VMSA,
		CPU_PAGE_CAA,  CPU_PAGE_SPARE, CPU_PAGE_SPARE + 1,
	};
	static const unsigned int lowest[] = {
		CPU_PAGE_IST_VC,
		CPU_PAGE_IST_PF,
		CPU_PAGE_IST_DF,
		CPU_PAGE_IST_NMI,
	};
	bool taken[512] = { false };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
		assert_false(taken[used[i]]);
		taken[used[i]] = true;
	}
	for (i = 0; i < CPU_WINDOWS; i++)
		taken[CPU_PAGE_WINDOW + i] = true;
	for (i = 0; i < sizeof(lowest) / sizeof(lowest[0]); i++)
		assert_false(taken[lowest[i] - 1]);
	/* All that the stack may grow into, and its guard, is nobody else's. */
	for (i = CPU_PAGE_STACK - CPU_STACK_GUARD;
	     i < CPU_PAGE_STACK_TOP - CPU_STACK_FIRST; i++)
		assert_false(taken[i]);
	assert_true(taken[CPU_PAGE_STACK_TOP - 1]);
	assert_int_equal(cpuarea_stack_top(2),
			 CPU_AREAS_VA + 2 * CPU_AREA_SIZE +
				 CPU_PAGE_STACK_TOP * PAGE_4K);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(running_out_leaves_nothing, setup),
		cmocka_unit_test_setup(index_is_bounded, setup),
		cmocka_unit_test_setup(stacks_have_guards, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
