/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks on trial: stack=grow on all CPUs named by cpus=N at once, and
 * three ways to end on the CPU named by cpu=N: stack=overflow, none, stray.
 */
#include "tests/inject/stack.h"

#include "abi/x86/paging.h"
#include "kernel/base/lock.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"
#include "kernel/mm/stack.h"
#include "lib/str.h"
#include "tests/inject/option.h"

#define WORDS	 64u   /* of a level's frame */
#define NEAR	 1024u /* stop so far above the limit */
#define CPUS_MAX 16u

static uint32_t arrived;
static struct spinlock region;
static uint64_t pages[CPUS_MAX][CPU_STACK_LIMIT];

static void expect(bool holds, const char *what)
{
	if (!holds)
		panic("stack test: %s", what);
}

/* All CPUs meet here; the n-th meeting has n times as many arrivals. */
static void meet(uint32_t cpus, uint32_t n)
{
	__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < cpus * n)
		hw_pause();
}

/* Recurses until its frame reaches down to @to, and to a safe point on each
 * level if so asked. Gives the lowest address that it wrote to. */
__attribute__((noinline)) static uint64_t dig(uint64_t to, bool safe)
{
	volatile uint64_t frame[WORDS];
	uint64_t deepest = (uint64_t)frame;

	frame[0] = deepest;
	if (safe)
		stack_check(percpu_this());
	if (deepest > to)
		deepest = dig(to, safe);
	frame[1] = deepest;
	return frame[1];
}

/* Exactly one page more, from the reserve or the spares. */
static uint64_t dig_page(struct percpu *cpu)
{
	uint32_t grown = cpu->stack.grown;
	uint64_t deepest = dig(cpu->stack.low - PAGE_4K / 2, false);

	expect(cpu->stack.grown == grown + 1, "one page was to be mapped");
	expect(cpu->stack_short, "the growth was not noted");
	return deepest;
}

static void refill(struct percpu *cpu)
{
	stack_check(cpu);
	expect(!cpu->stack_short, "the reserve was not filled");
	expect(cpu->reserve_count == CPU_STACK_RESERVE, "the reserve is small");
}

/* The mark is the depth that was used, but for what dig itself calls. */
static void marks(struct percpu *cpu)
{
	uint64_t depth = cpu->stack.top - dig_page(cpu);
	uint64_t used = stack_used(&cpu->stack);

	expect(cpu->reserve_count == CPU_STACK_RESERVE - 1,
	       "the page is not from the reserve");
	expect(used >= depth && used <= depth + 64, "the mark is wrong");
	refill(cpu);
}

static void locked(struct percpu *cpu)
{
	spin_lock(&region);
	dig_page(cpu);
	expect(spin_held(&region), "the lock was lost");
	spin_unlock(&region);
	refill(cpu);
}

static void empty(struct percpu *cpu)
{
	uint32_t spares = stack_spares();

	cpu->reserve_count = 0;
	dig_page(cpu);
	expect(stack_spares() == spares - 1, "the page is not a spare one");
	cpu->reserve_count = CPU_STACK_RESERVE;
}

static void limit(struct percpu *cpu)
{
	struct stack *s = &cpu->stack;
	uint64_t deepest = dig(s->limit + NEAR, true);
	const uint64_t *pte = selfmap_entry((void *)s->limit, 0);

	expect(deepest >= s->limit && deepest <= s->limit + NEAR,
	       "the limit was not reached");
	expect(s->low == s->limit, "not mapped down to the limit");
	expect(s->grown == CPU_STACK_LIMIT - CPU_STACK_FIRST,
	       "more or fewer pages than the limit has");
	expect(!cpu->reserve_count, "a reserve without use");
	expect(stack_used(s) >= s->top - deepest, "the mark is too low");
	log_line("stack test: %s: %lu of %lu bytes used", s->name,
		 stack_used(s), s->top - s->limit);
	for (unsigned int i = 1; i <= CPU_STACK_GUARD; i++)
		expect(!(pte[0 - (int)i] & PTE_P), "the guard is mapped");
	for (unsigned int i = 0; i < CPU_STACK_LIMIT; i++)
		pages[cpu->index][i] = pte[i];
}

/* No page serves two stacks, or one twice. */
static void compare(uint32_t cpus)
{
	const uint64_t *all = pages[0];

	for (uint32_t i = 0; i < cpus * CPU_STACK_LIMIT; i++)
		for (uint32_t j = 0; j < i; j++)
			expect(all[i] != all[j], "a page is mapped twice");
}

static void grow(struct percpu *cpu)
{
	uint32_t cpus = (uint32_t)option_number("cpus");

	expect(cpus >= 1 && cpus <= CPUS_MAX, "cpus=1..16");
	meet(cpus, 1);
	marks(cpu);
	locked(cpu);
	if (cpu->index == 0)
		empty(cpu);
	meet(cpus, 2);
	limit(cpu);
	meet(cpus, 3);
	if (cpu->index)
		return;
	compare(cpus);
	log_line("stack test: passed on %u CPUs, %llu KiB used", cpus,
		 (unsigned long long)page_count_taken() * 4);
}

/* What one growth costs: the same descent, first with it, then without. */
static void cost(struct percpu *cpu)
{
	uint64_t to = cpu->stack.low - PAGE_4K / 2;
	uint64_t start, first, second;

	start = hw_rdtsc();
	dig(to, false);
	first = hw_rdtsc() - start;
	start = hw_rdtsc();
	dig(to, false);
	second = hw_rdtsc() - start;
	log_line("bench growth_fault %llu",
		 (unsigned long long)(first - second));
}

static void none(struct percpu *cpu)
{
	cpu->reserve_count = 0;
	dig(cpu->stack.limit, false);
}

/* Not near the stack pointer: a bug, which growth must not hide. */
__attribute__((noinline)) static void stray(struct percpu *cpu)
{
	*(volatile uint8_t *)(cpu->stack.low - PAGE_4K / 2) = 1;
}

void stack_test(const char *what)
{
	struct percpu *cpu = percpu_this();

	if (strcmp(what, "grow") == 0) {
		grow(cpu);
		return;
	}
	if (strcmp(what, "cost") == 0) {
		if (cpu->index == 0)
			cost(cpu);
		return;
	}
	/* The others say nothing more and wait for the end. */
	meet((uint32_t)option_number("cpus"), 1);
	while (cpu->index != option_number("cpu"))
		hw_pause();
	if (strcmp(what, "overflow") == 0)
		dig(0, true);
	else if (strcmp(what, "none") == 0)
		none(cpu);
	else if (strcmp(what, "stray") == 0)
		stray(cpu);
	panic("stack test: stack=%s came back", what);
}
