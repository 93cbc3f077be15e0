/* SPDX-License-Identifier: MIT */
/* Some CPUs go deaf, others flush. */
#include "tests/inject/deaf.h"

#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/tlb.h"
#include "tests/inject/lane.h"
#include "tests/inject/option.h"
#include "tests/inject/suite.h"

#define BEFORE	    10u
#define FALLS_AFTER 3000000000ull /* TSC ticks, about a second */

static bool going[SUITE_CPUS_MAX];
static uint32_t deaf, over;

static uint32_t bits(uint32_t mask)
{
	uint32_t n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

/* NMIs are held off until IRET, which does not come; it costs no time. */
void deaf_nmi(void)
{
	if (!__atomic_load_n(&going[percpu_this()->index % SUITE_CPUS_MAX],
			     __ATOMIC_ACQUIRE))
		return;
	__atomic_add_fetch(&deaf, 1, __ATOMIC_RELEASE);
	for (;;)
		hw_hlt();
}

/* Interrupts are off, and stay so: nothing but the NMI comes. */
static void go_deaf(struct percpu *cpu)
{
	__atomic_store_n(&going[cpu->index], true, __ATOMIC_RELEASE);
	if (platform->cpu_signal(cpu, SIGNAL_FLUSH) != OK)
		panic("deaf: not for this platform");
	for (;;)
		hw_pause();
}

static void fall(void)
{
	uint64_t start = hw_rdtsc();

	while (hw_rdtsc() - start < FALLS_AFTER)
		hw_pause();
	panic("another one falls");
}

static void flusher(struct percpu *cpu, uint32_t mask)
{
	while (__atomic_load_n(&deaf, __ATOMIC_ACQUIRE) != bits(mask))
		hw_pause();
	if (cpu->index == 0)
		log_line("deaf: %u of %u CPUs", bits(mask), suite_cpus());
	tlb_flush_all();
	if (cpu->index == 0) {
		__atomic_store_n(&over, 1, __ATOMIC_RELEASE);
		lane_report("deaf", "all answered");
	}
}

void deaf_test(const char *value)
{
	uint32_t mask = (uint32_t)option_number("deaf");
	uint32_t flushers = (uint32_t)option_number("flushers");
	uint32_t falls = (uint32_t)option_number("falls");
	struct percpu *cpu = percpu_this();

	(void)value;
	suite_begin();
	suite_meet();
	for (uint32_t i = 0; i < BEFORE; i++)
		tlb_flush_all();
	suite_meet();
	if (mask & 1u << cpu->index)
		go_deaf(cpu);
	if (falls && cpu->index == falls)
		fall();
	if (cpu->index < (flushers ? flushers : 1))
		flusher(cpu, mask);
	/* Awake, with nothing to say. */
	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE))
		hw_pause();
}
