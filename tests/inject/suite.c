/* SPDX-License-Identifier: MIT */
/* One part after the other; the first CPU reports. */
#include "tests/inject/suite.h"

#include <stddef.h>

#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "lib/str.h"
#include "tests/inject/option.h"
#include "tests/inject/stack.h"

/* coir-vm's exit device, on machines that we may end. */
#define EXIT_PORT 0xf4u

static void suite_stack(struct percpu *cpu)
{
	(void)cpu;
	stack_test("grow"); /* panics where it fails */
}

static void suite_broken(struct percpu *cpu)
{
	suite_expect(cpu->index != 0, "a check that is made to fail");
}

static const struct {
	const char *name;
	void (*run)(struct percpu *cpu);
} parts[] = {
	{ "stack growth", suite_stack },    { "allocator", suite_allocator },
	{ "mappings", suite_mappings },	    { "rights", suite_rights },
	{ "user pages", suite_user_pages }, { "locks", suite_locks },
	{ "signals", suite_signals },	    { "TLB", suite_tlb },
	{ "timer", suite_timer },	    { "FPU", suite_fpu },
	{ "services", suite_services },
};

static uint32_t cpus, arrived, meetings;
static uint32_t checks, failures;
static const char *skipped;
static const char *part_name;
static uint32_t passed_parts, failed_parts, skipped_parts;

void suite_expect(bool holds, const char *what)
{
	__atomic_add_fetch(&checks, 1, __ATOMIC_RELAXED);
	if (holds)
		return;
	__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
	log_line("selftest: %s: CPU %u: %s", part_name, percpu_this()->index,
		 what);
}

void suite_skip(const char *why)
{
	__atomic_store_n(&skipped, why, __ATOMIC_RELAXED);
}

void suite_meet(void)
{
	uint32_t now = __atomic_load_n(&meetings, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL) == cpus) {
		__atomic_store_n(&arrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&meetings, now + 1, __ATOMIC_RELEASE);
		return;
	}
	while (__atomic_load_n(&meetings, __ATOMIC_ACQUIRE) == now)
		hw_pause();
}

uint32_t suite_cpus(void)
{
	return cpus;
}

static void report(void)
{
	if (failures) {
		failed_parts++;
		log_line("selftest: %s: FAILED, %u of %u checks", part_name,
			 failures, checks);
	} else if (skipped) {
		skipped_parts++;
		log_line("selftest: %s: skipped: %s", part_name, skipped);
	} else {
		passed_parts++;
		log_line("selftest: %s: passed, %u checks", part_name, checks);
	}
}

static void part_run(const char *name, void (*run)(struct percpu *cpu))
{
	struct percpu *cpu = percpu_this();

	suite_meet();
	if (cpu->index == 0) {
		part_name = name;
		checks = failures = 0;
		skipped = NULL;
	}
	suite_meet();
	run(cpu);
	suite_meet();
	if (cpu->index == 0)
		report();
}

static void finish(void)
{
	log_line("selftest: %u passed, %u failed, %u skipped on %u CPUs (%s)",
		 passed_parts, failed_parts, skipped_parts, cpus,
		 platform->name);
	if (platform->has_guest())
		return; /* it ends the machine itself */
	if (platform->io_write(EXIT_PORT, 1, failed_parts != 0) != OK)
		panic("no way to end the machine");
}

void suite_begin(void)
{
	uint32_t n = (uint32_t)option_number("cpus");

	if (n < 1 || n > SUITE_CPUS_MAX)
		panic("selftest: cpus=1..%u", SUITE_CPUS_MAX);
	__atomic_store_n(&cpus, n, __ATOMIC_RELAXED);
}

void suite_test(const char *what)
{
	suite_begin();
	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		part_run(parts[i].name, parts[i].run);
	if (strcmp(what, "broken") == 0)
		part_run("broken", suite_broken);
	if (percpu_this()->index == 0)
		finish();
}
