/* SPDX-License-Identifier: MIT */
/*
 * tlb_flush from call to return in instructions, under icount. On SEV-SNP those
 * of the CPU that flushes, by the machine's meter: the others do nothing for it.
 * On a plain machine those of all CPUs together, by the TSC: the others sleep, so
 * what they execute is their answer. Lines "bench NAME VALUE" are read by
 * scripts/bench.py.
 */
#include "tests/inject/flush.h"

#include "abi/boot/launch.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/tlb.h"
#include "kernel/snp/ghcb_msr.h"
#include "tests/inject/suite.h"

#define FLUSH_VA  (DEVICES_VA + 0xc0000000)
#define ROUNDS	  8u
#define SETTLE	  4096u /* pauses until all others sleep */
#define MANY	  64u	/* pages: more than go one by one */
#define EXIT_PORT 0xf4u

static uint32_t here, awake;
static bool wake;

static uint64_t instructions(void)
{
	return platform->has_guest() ? ghcb_msr_call(GHCB_MSR_METER_REQ) >> 12
				     : hw_rdtsc();
}

static uint64_t cost(const struct tlb_gather *what)
{
	uint64_t start = instructions(), nothing, end;

	nothing = instructions() - start;
	start = instructions();
	tlb_flush(what);
	end = instructions();
	return end - start - nothing;
}

/* The first round may grow a stack; the rest must be alike. */
static void measure(const char *how, const char *name, uint64_t pages)
{
	struct tlb_gather what = { .all = !pages };
	uint64_t least = ~0ull, most = 0;

	tlb_add(&what, (void *)FLUSH_VA, pages);
	(void)cost(&what);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t n = cost(&what);

		least = n < least ? n : least;
		most = n > most ? n : most;
	}
	log_line("bench flush_%s_%s %lu", how, name, least);
	if (most != least)
		log_line("flush: %s %s: up to %lu", how, name, most);
}

static void measure_all(const char *how)
{
	for (unsigned int i = 0; i < SETTLE; i++)
		hw_pause();
	measure(how, "1", 1);
	measure(how, "64", MANY);
	measure(how, "all", 0);
}

static void arrive(uint32_t *count)
{
	__atomic_add_fetch(count, 1, __ATOMIC_RELEASE);
}

static bool all_at(const uint32_t *count)
{
	return __atomic_load_n(count, __ATOMIC_ACQUIRE) == suite_cpus() - 1;
}

/* Resting first: not told of flushes. Then asleep all the same, but told. */
static void sleeper(void)
{
	arrive(&here);
	if (platform->has_guest())
		return; /* to sleep until the guest starts it */
	while (!__atomic_load_n(&wake, __ATOMIC_ACQUIRE))
		platform->halt();
	arrive(&awake);
	for (;;)
		hw_hlt(); /* interrupts are off: an NMI ends it */
}

static void wake_all(void)
{
	__atomic_store_n(&wake, true, __ATOMIC_RELEASE);
	while (!all_at(&awake)) {
		for (uint32_t i = 1; i < suite_cpus(); i++)
			if (platform->cpu_signal(
				    (void *)percpu_page(i, CPU_PAGE_SELF),
				    SIGNAL_WAKE) != OK)
				panic("flush: no signal");
		hw_pause();
	}
}

static void owner(void)
{
	while (!all_at(&here))
		hw_pause();
	if (platform->has_guest()) {
		uint64_t msr = hw_rdmsr(MSR_GHCB);

		measure_all("snp");
		hw_wrmsr(MSR_GHCB, msr);
		return;
	}
	measure_all("rest");
	wake_all();
	measure_all("told");
	if (platform->io_write(EXIT_PORT, 1, 0) != OK)
		panic("no way to end the machine");
}

void flush_test(const char *what)
{
	(void)what;
	suite_begin();
	if (percpu_this()->index == 0)
		owner();
	else
		sleeper();
}
