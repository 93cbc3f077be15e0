/* SPDX-License-Identifier: MIT */
/* What is gathered, and what a CPU does when it answers. */
/* test-sources: kernel/cpu/tlb.c kernel/base/platform.c kernel/base/panic.c */
/* test-sources: kernel/base/log.c kernel/base/lock.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/cpu/tlb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "tests/fake/hw/fake.h"

static struct percpu cpu;
static struct tlb_gather g;
static enum err broadcast_answer;
static unsigned int broadcasts;

static enum err broadcast(const struct tlb_gather *what)
{
	(void)what;
	broadcasts++;
	return broadcast_answer;
}

static const struct platform_ops ops = {
	.name = "test",
	.tlb_broadcast = broadcast,
};

static int setup(void **state)
{
	(void)state;
	fake_reset(PAGE_2M);
	memset(&g, 0, sizeof(g));
	cpu.self = &cpu;
	fake.gs = &cpu;
	broadcast_answer = ERR_UNSUPPORTED;
	broadcasts = 0;
	platform_select(&ops);
	return 0;
}

static void *page(uint64_t n)
{
	return (void *)(0xffffff8200000000 + n * PAGE_4K);
}

static void neighbours_are_joined(void **state)
{
	(void)state;
	tlb_add(&g, page(1), 0);
	assert_int_equal(g.count, 0);
	tlb_add(&g, page(1), 1);
	tlb_add(&g, page(2), 3);
	tlb_add(&g, page(9), 1);
	assert_int_equal(g.count, 2);
	assert_int_equal(g.range[0].pages, 4);
	assert_int_equal(g.pages, 5);
	assert_false(g.all);
}

static void too_many_ranges_are_all(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < TLB_RANGES; i++)
		tlb_add(&g, page(2 * i), 1);
	assert_false(g.all);
	tlb_add(&g, page(100), 1);
	assert_true(g.all);
	assert_int_equal(g.count, TLB_RANGES);
}

static void too_many_pages_are_all(void **state)
{
	(void)state;
	tlb_add(&g, page(0), TLB_PAGES_MAX);
	assert_false(g.all);
	tlb_add(&g, page(TLB_PAGES_MAX), 1);
	assert_true(g.all);
	memset(&g, 0, sizeof(g));
	tlb_add(&g, page(0), ~0ull);
	assert_true(g.all);
	memset(&g, 0, sizeof(g));
	tlb_add(&g, page(0), 2);
	tlb_add(&g, page(7), ~0ull); /* the sum would wrap */
	assert_true(g.all);
}

static void nothing_costs_nothing(void **state)
{
	(void)state;
	tlb_flush(&g);
	assert_int_equal(broadcasts, 0);
	assert_int_equal(fake.invlpg, 0);
}

static void an_instruction_is_enough(void **state)
{
	uint64_t before = cpu.tlb_seen;

	(void)state;
	broadcast_answer = OK;
	tlb_add(&g, page(0), 1);
	tlb_flush(&g);
	assert_int_equal(broadcasts, 1);
	assert_int_equal(fake.invlpg, 0);
	assert_int_equal(cpu.tlb_seen, before);
}

/* CR3 is written for a whole flush: told by the fake, which counts INVLPG. */
static void pages_one_by_one(void **state)
{
	(void)state;
	tlb_add(&g, page(0), 2);
	tlb_add(&g, page(5), 1);
	tlb_flush(&g);
	assert_int_equal(fake.invlpg, 3);
}

static void whole_where_asked(void **state)
{
	uint64_t before = cpu.tlb_seen;

	(void)state;
	tlb_flush_all();
	assert_int_equal(fake.invlpg, 0);
	assert_int_equal(cpu.tlb_seen, before + 1);
}

/* A CPU that rested while others flushed little catches up by page; one that
 * missed too many flushes does the whole. */
static void catching_up(void **state)
{
	uint64_t before;

	(void)state;
	tlb_add(&g, page(0), 2);
	tlb_flush(&g);
	before = cpu.tlb_seen;
	cpu.tlb_seen = before - 1;
	fake.invlpg = 0;
	tlb_rest(&cpu);
	assert_int_equal(cpu.tlb_state, TLB_RESTS);
	tlb_back(&cpu);
	assert_int_equal(cpu.tlb_state, TLB_ACTIVE);
	assert_int_equal(fake.invlpg, 2);
	assert_int_equal(cpu.tlb_seen, before);
	for (unsigned int i = 0; i < 9; i++)
		tlb_flush(&g);
	cpu.tlb_seen -= 9;
	fake.invlpg = 0;
	tlb_answer(&cpu);
	assert_int_equal(fake.invlpg, 0);
	assert_int_equal(cpu.tlb_seen, before + 9);
	/* Seven of two pages: within the threshold, and all still known. */
	cpu.tlb_seen -= 7;
	tlb_answer(&cpu);
	assert_int_equal(fake.invlpg, 14);
}

static void answers_never_go_back(void **state)
{
	(void)state;
	cpu.tlb_seen += 100; /* an answer came in between and knew of more */
	tlb_answer(&cpu);
	tlb_back(&cpu);
	assert_int_equal(fake.invlpg, 0);
	cpu.tlb_seen -= 100;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(neighbours_are_joined, setup),
		cmocka_unit_test_setup(too_many_ranges_are_all, setup),
		cmocka_unit_test_setup(too_many_pages_are_all, setup),
		cmocka_unit_test_setup(nothing_costs_nothing, setup),
		cmocka_unit_test_setup(an_instruction_is_enough, setup),
		cmocka_unit_test_setup(pages_one_by_one, setup),
		cmocka_unit_test_setup(whole_where_asked, setup),
		cmocka_unit_test_setup(catching_up, setup),
		cmocka_unit_test_setup(answers_never_go_back, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
