/* SPDX-License-Identifier: MIT */
/* CPUs together: locks, signals, translations; and the timer of each. */
#include "abi/boot/launch.h"
#include "hw/cpu.h"
#include "kernel/base/lock.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/sys/clock.h"
#include "tests/inject/fault.h"
#include "tests/inject/leap.h"
#include "tests/inject/suite.h"

/* For all CPUs together: where they outnumber the computer's own, each hand-over
 * of a fair lock costs a turn of the scheduler. */
#define LOCK_ROUNDS 512u
#define TLB_ROUNDS  16u
#define TLB_AT_ONCE 4u
#define TLB_VA	    (DEVICES_VA + 0x80000000)
#define MARK	    0x1111u
#define TIMER_US    20000u
#define STOPS	    100u
#define PATIENCE    20000000000ull /* TSC ticks */

static struct spinlock lock;
static volatile uint64_t counter;
static uint64_t tried;

void suite_locks(struct percpu *cpu)
{
	const uint32_t rounds = LOCK_ROUNDS / suite_cpus();

	(void)cpu;
	for (uint32_t i = 0; i < rounds; i++) {
		spin_lock(&lock);
		counter++; /* two halves on purpose: not atomic */
		spin_unlock(&lock);
	}
	for (uint32_t i = 0; i < rounds; i++)
		if (spin_try(&lock)) {
			counter++;
			tried++;
			spin_unlock(&lock);
		}
	suite_meet();
	suite_expect(counter == rounds * suite_cpus() + tried,
		     "an addition was lost");
	suite_expect(tried > 0 && !spin_held(&lock), "the lock is not free");
}

static uint32_t called[SUITE_CPUS_MAX], answered;

/* Wakes one CPU after the other, each asleep with interrupts on. */
static void signals_send(void)
{
	for (uint32_t i = 1; i < suite_cpus(); i++) {
		const struct percpu *cpu =
			(void *)percpu_page(i, CPU_PAGE_SELF);
		uint64_t start = hw_rdtsc();
		bool came;

		__atomic_store_n(&called[i], 1, __ATOMIC_RELEASE);
		suite_expect(platform->cpu_signal(cpu, SIGNAL_WAKE) == OK,
			     "not sent");
		do {
			came = __atomic_load_n(&answered, __ATOMIC_ACQUIRE) ==
			       i;
			hw_pause();
		} while (!came && hw_rdtsc() - start < PATIENCE);
		suite_expect(came, "a CPU did not wake");
	}
}

void suite_signals(struct percpu *cpu)
{
	if (platform->cpu_signal(cpu, SIGNAL_WAKE) == ERR_UNSUPPORTED) {
		suite_skip("only the host wakes CPUs here");
		return;
	}
	/* By the one that we sent to ourselves. */
	platform->halt();
	suite_expect(true, "it ended");
	suite_meet();
	if (cpu->index == 0) {
		signals_send();
		suite_meet();
		return;
	}
	while (!__atomic_load_n(&called[cpu->index], __ATOMIC_ACQUIRE))
		platform->halt();
	__atomic_store_n(&answered, cpu->index, __ATOMIC_RELEASE);
	suite_meet();
	/* A call that was seen before its signal came: take that now. */
	interrupts_let();
}

static struct pa page[2];

static void page_mark(unsigned int n)
{
	struct tmpmap map;

	if (page_take(&page[n]) != OK) {
		suite_expect(false, "no page");
		return;
	}
	map = tmpmap_4k(page[n], KMAP_WRITE);
	*(uint64_t *)map.va = MARK + n;
	tmpmap_drop(map);
}

static void page_show(unsigned int n, bool first)
{
	void *va = (void *)TLB_VA;
	enum err e = first ? kmap_page(va, page[n], KMAP_READ)
			   : kmap_replace(va, page[n], KMAP_READ);

	suite_expect(e == OK, "not mapped");
	tlb_flush_all();
}

/* Every CPU has used the old translation when it is replaced. */
static void tlb_round(struct percpu *cpu, uint32_t round)
{
	if (cpu->index == 0)
		page_show(round % 2, round == 0);
	suite_meet();
	suite_expect(*(volatile uint64_t *)TLB_VA == MARK + round % 2,
		     "an old translation was used");
	suite_meet();
}

void suite_tlb(struct percpu *cpu)
{
	struct pa old;

	if (cpu->index == 0) {
		page_mark(0);
		page_mark(1);
	}
	suite_meet();
	for (uint32_t i = 0; i < TLB_ROUNDS; i++)
		tlb_round(cpu, i);
	/* All at once, each waiting for all others. */
	for (uint32_t i = 0; i < TLB_AT_ONCE; i++)
		tlb_flush_all();
	suite_meet();
	if (cpu->index)
		return;
	suite_expect(kmap_drop((void *)TLB_VA, &old) == OK, "not unmapped");
	tlb_flush_all();
	page_give(page[0]);
	page_give(page[1]);
}

/* What a timer that is stopped by now asked for earlier: services had theirs,
 * and an interrupt that no one took before the stop stays requested. */
static void timer_drain(void)
{
	interrupts_let();
	fault_count(true);
}

/* Set and stopped before it was due; else, on a busy computer, once more. */
static bool timer_stopped(void)
{
	for (unsigned int i = 0; i < STOPS; i++) {
		uint64_t start = hw_rdtsc();

		if (platform->timer_arm(TIMER_US) != OK ||
		    platform->timer_arm(0) != OK)
			return false;
		if (hw_rdtsc() - start < clock_ticks(TIMER_US) / 2)
			return true;
		interrupts_let();
	}
	return false;
}

static void timer_stop_try(void)
{
	bool stopped = timer_stopped();
	uint64_t start;

	suite_expect(stopped, "the timer cannot be stopped");
	timer_drain();
	start = hw_rdtsc();
	while (hw_rdtsc() - start < clock_ticks(2 * TIMER_US))
		interrupts_let();
	suite_expect(fault_counted() == 0, "a stopped timer came");
}

/* One interrupt, not before its time. */
void suite_timer(struct percpu *cpu)
{
	uint64_t start;

	(void)cpu;
	fault_count(true);
	timer_drain();
	start = hw_rdtsc();
	if (platform->timer_arm(TIMER_US) != OK) {
		fault_count(false);
		suite_skip("the host gives no timer");
		return;
	}
	while (!fault_counted() && hw_rdtsc() - start < PATIENCE)
		interrupts_let();
	suite_expect(fault_counted() == 1, "the timer did not come");
	suite_expect(hw_rdtsc() - start >= clock_ticks(TIMER_US) / 2,
		     "the timer came too early");
	timer_stop_try();
	fault_count(false);
}
