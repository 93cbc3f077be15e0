/* SPDX-License-Identifier: MIT */
/* Each CPU is owner and reader, and in the way of all others. */
#include "tests/inject/flood.h"

#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/tlb.h"
#include "kernel/native/native.h"
#include "lib/fmt.h"
#include "tests/inject/lane.h"
#include "tests/inject/option.h"
#include "tests/inject/suite.h"

#define BURST 4u /* before a CPU rests */
#define WORDS 120u

static struct lane lanes[SUITE_CPUS_MAX];
/* By owner and reader: the last round that was read. */
static uint64_t used[SUITE_CPUS_MAX][SUITE_CPUS_MAX];
static uint64_t wakes, nmis, rests;
static uint32_t finished;
static bool blind;

static void add(uint64_t *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static void wake(uint32_t index)
{
	lane_wake(index);
	add(&wakes);
}

static void wake_others(uint32_t me)
{
	for (uint32_t i = 0; i < suite_cpus(); i++)
		if (i != me)
			wake(i);
}

static bool is_new(uint32_t me, uint32_t lane)
{
	return lane != me &&
	       __atomic_load_n(&lanes[lane].now, __ATOMIC_ACQUIRE) !=
		       used[lane][me];
}

static void read_new(uint32_t me)
{
	for (uint32_t i = 0; i < suite_cpus(); i++) {
		uint64_t round = 0;

		if (!is_new(me, i))
			continue;
		for (unsigned int n = 0; n < LANE_PAGES; n++)
			round = lane_look(&lanes[i], n);
		if (!round)
			continue;
		__atomic_store_n(&used[i][me], round, __ATOMIC_RELEASE);
		wake(i);
	}
}

static bool all_have_used(uint32_t me, uint64_t round)
{
	for (uint32_t i = 0; i < suite_cpus(); i++)
		if (i != me &&
		    __atomic_load_n(&used[me][i], __ATOMIC_ACQUIRE) != round)
			return false;
	return true;
}

static bool all_finished(void)
{
	return __atomic_load_n(&finished, __ATOMIC_ACQUIRE) == suite_cpus();
}

/* Into whatever the others do, and pages that they unmap meanwhile. */
static void disturb(uint32_t me)
{
	for (uint32_t i = 0; i < suite_cpus(); i++) {
		if (i == me)
			continue;
		wake(i);
		if (platform->cpu_signal((void *)percpu_page(i, CPU_PAGE_SELF),
					 SIGNAL_FLUSH) != OK)
			panic("flood: not for this platform");
		add(&nmis);
		(void)lane_look(&lanes[i], 0);
	}
}

static bool nothing_new(uint32_t me)
{
	for (uint32_t i = 0; i < suite_cpus(); i++)
		if (is_new(me, i))
			return false;
	return !lane_stale();
}

/* Until the others have read the round; 0: until all have finished. */
static void wait_for(uint32_t me, uint64_t round)
{
	for (uint32_t n = 0; !lane_stale(); n++) {
		read_new(me);
		if (round ? all_have_used(me, round) : all_finished())
			return;
		if (n < BURST) {
			disturb(me);
			continue;
		}
		if (n == BURST && !blind)
			tlb_flush_all();
		/* A signal that came since we looked ends it at once. */
		if (nothing_new(me)) {
			add(&rests);
			platform->halt();
		}
	}
}

static void report(uint64_t rounds)
{
	char words[WORDS];
	uint64_t taken = 0;

	for (uint32_t i = 0; i < suite_cpus(); i++)
		taken += ((struct percpu *)percpu_page(i, CPU_PAGE_SELF))
				 ->platform_data[NATIVE_INTERRUPTS];
	fmt_print(words, sizeof(words),
		  "%u CPUs, %llu rounds, %llu flushes, %llu NMIs, %llu wakes, "
		  "%llu taken, %llu rests",
		  suite_cpus(), (unsigned long long)rounds,
		  (unsigned long long)lane_counts.flushes,
		  (unsigned long long)nmis, (unsigned long long)wakes,
		  (unsigned long long)taken, (unsigned long long)rests);
	lane_report("flood", words);
}

void flood_test(const char *value)
{
	uint64_t rounds = option_number("flood");
	uint32_t me = percpu_this()->index;

	(void)value;
	suite_begin();
	__atomic_store_n(&blind, option_number("blind") != 0, __ATOMIC_RELAXED);
	lane_init(&lanes[me], me + 1);
	suite_meet();
	for (uint64_t r = 1; r <= rounds && !lane_stale(); r++) {
		lane_map(&lanes[me], r);
		wake_others(me);
		wait_for(me, r);
		lane_unmap(&lanes[me], blind);
	}
	__atomic_add_fetch(&finished, 1, __ATOMIC_RELEASE);
	wake_others(me);
	wait_for(me, 0);
	wake_others(me); /* also where a stale read was the end */
	if (!me)
		report(rounds);
}
