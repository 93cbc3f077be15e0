/* SPDX-License-Identifier: MIT */
/*
 * Flushes of old translations: owners unmap and flush, others use addresses all
 * the time, rest and come back, or join, and are told by an interrupt that may
 * come at any point of the same code, while a process's tables are loaded, too.
 * When a flush has returned, no CPU that uses addresses has what it was about.
 *
 * Each CPU is taken to have looked up what an owner unmaps in the moment before:
 * nothing that a processor looks up of its own accord can be worse.
 */
/* test-sources: tests/interleave/explore.c tests/interleave/tsan.c */
/* test-sources: tests/interleave/switch.S */
/* test-sources: tests/interleave/state.c tests/interleave/records.c */
/* test-sources: tests/interleave/panic.c kernel/cpu/tlb.c kernel/cpu/pcid.c kernel/base/lock.c */
/* test-sources: kernel/base/platform.c lib/str.c lib/fmt.c tests/fake/hw/fake.c */
/* test-sources: model/rmp.c model/rmp_guest.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/x86/cr.h"
#include "kernel/base/log.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/pcid.h"
#include "kernel/cpu/tlb.h"
#include "tests/interleave/explore.h"
#include "tests/interleave/records.h"
#include "tests/interleave/state.h"

#define BASE   0xffffff8000000000ull
#define ROUNDS 12u /* of one owner, at most */

#define TAGS 2u /* PCIDs: the kernel's, and the process's */

enum part { OWNS, USES, RESTS, JOINS, SERVES, INSIDE };

struct plan {
	const char *name;
	unsigned int cpus;
	enum part part[EXPLORE_CPUS];
	unsigned int times[EXPLORE_CPUS]; /* flushes, rests, processes */
	bool all;			  /* flushes are whole ones */
	bool large;			  /* takes minutes */
};

static const struct plan plans[] = {
	{ "owner, user", 2, { OWNS, USES }, { 2, 0 }, false, false },
	{ "owner of all, user", 2, { OWNS, USES }, { 2, 0 }, true, false },
	{ "owner, sleeper", 2, { OWNS, RESTS }, { 2, 2 }, false, false },
	{ "owner of all, sleeper", 2, { OWNS, RESTS }, { 2, 1 }, true, false },
	{ "many flushes, sleeper", 2, { OWNS, RESTS }, { 10, 1 }, false, true },
	{ "owner, server", 2, { OWNS, SERVES }, { 2, 2 }, false, false },
	{ "owner of all, server", 2, { OWNS, SERVES }, { 2, 1 }, true, false },
	{ "owner inside, user", 2, { INSIDE, USES }, { 2, 0 }, false, false },
	{ "owner inside, owner", 2, { INSIDE, OWNS }, { 1, 1 }, false, false },
	{ "two inside", 2, { INSIDE, INSIDE }, { 1, 1 }, false, true },
	{ "many flushes, server", 2, { OWNS, SERVES }, { 10, 1 }, false, true },
	{ "owner, newcomer", 2, { OWNS, JOINS }, { 2, 0 }, false, false },
	{ "two owners", 2, { OWNS, OWNS }, { 1, 1 }, false, false },
	{ "two owners, twice", 2, { OWNS, OWNS }, { 2, 1 }, false, true },
	{ "owner, two users", 3, { OWNS, USES, USES }, { 1 }, false, false },
	{ "user, sleeper", 3, { OWNS, USES, RESTS }, { 1, 0, 1 }, false, false },
	{ "user, newcomer", 3, { OWNS, USES, JOINS }, { 1 }, false, false },
	{ "two servers", 3, { OWNS, SERVES, SERVES }, { 1, 1, 1 }, false, true },
	{ "two sleepers", 3, { OWNS, RESTS, RESTS }, { 1, 1, 1 }, false, true },
	{ "sleeper, newcomer", 3, { OWNS, RESTS, JOINS }, { 1, 1 }, false, true },
	{ "two owners, user", 3, { OWNS, OWNS, USES }, { 1, 1 }, false, true },
};

static APART const struct plan *now;
static struct platform_ops machine;
static uint64_t gone; /* bits: mappings that may be used for other things */
static unsigned int ended;
static struct {
	/* under each tag, behind the page of each owner: mappings */
	uint64_t has[TAGS][EXPLORE_CPUS];
	uint64_t cr3;
	bool uses; /* any address, at any time */
	bool told; /* an interrupt is on its way */
	bool answers;
} cpus[EXPLORE_CPUS];

/* ---- what tlb.c stands on ---- */

void log_panic(const char *format, ...)
{
	(void)format;
}

static unsigned int self(void)
{
	return percpu_this()->index;
}

bool features_pcid(void)
{
	return true;
}

/* MOV to CR3, or INVLPG: of one tag, both. */
static void flushed(const volatile void *va)
{
	uint64_t page = ((uint64_t)va - BASE) / PAGE_4K, cr3 = fake.cr3;
	unsigned int cpu = self();
	uint64_t *has;

	fake.cr3 = cpus[cpu].cr3; /* not written yet */
	explore_step();
	if (!va)
		fake.cr3 = cpus[cpu].cr3 = cr3 & ~CR3_NOFLUSH;
	has = cpus[cpu].has[fake.cr3 & CR3_PCID];
	if (!va && !(cr3 & CR3_NOFLUSH))
		memset(has, 0, sizeof(cpus[cpu].has[0]));
	else if (va && page < EXPLORE_CPUS)
		has[page] = 0;
}

static enum err broadcast(const struct tlb_gather *what)
{
	(void)what;
	return ERR_UNSUPPORTED;
}

static enum err tell(const struct percpu *cpu, enum cpu_signal signal)
{
	if (signal != SIGNAL_FLUSH)
		explore_fail("signal %u", (unsigned int)signal);
	explore_step();
	cpus[cpu->index].told = true;
	explore_changed();
	return OK;
}

/* Nothing comes before the end of one. */
static void answer(unsigned int cpu)
{
	cpus[cpu].told = false;
	cpus[cpu].answers = true;
	tlb_answer(record(cpu));
	cpus[cpu].answers = false;
}

/* Time stands still, and nobody counts: both would make every state a new one. */
static void interrupt(unsigned int cpu)
{
	fake.tsc = 0;
	fake.invlpg = 0;
	while (cpus[cpu].told && !cpus[cpu].answers && explore_pick(2))
		answer(cpu);
}

/* One that waits is interrupted in the end. */
static void pause_here(void)
{
	unsigned int cpu = self();

	fake.tsc = 0;
	if (cpus[cpu].told && !cpus[cpu].answers)
		answer(cpu);
	else
		explore_pause();
}

/* ---- the CPUs ---- */

static void has_nothing_gone(unsigned int cpu)
{
	const uint64_t *has = cpus[cpu].has[cpus[cpu].cr3 & CR3_PCID];

	for (unsigned int page = 0; page < now->cpus; page++)
		if (has[page] & gone)
			explore_fail("CPU %u uses an old translation", cpu);
}

/* Unmaps the n-th mapping behind its page. */
static void unmap(unsigned int cpu, unsigned int n)
{
	uint64_t mapping = 1ull << (cpu * ROUNDS + n);
	struct tlb_gather what = { 0 };

	explore_step();
	for (unsigned int i = 0; i < now->cpus; i++)
		for (unsigned int tag = 0; tag < TAGS; tag++)
			cpus[i].has[tag][cpu] |= mapping;
	if (now->all)
		what.all = true;
	else
		tlb_add(&what, (void *)(BASE + cpu * PAGE_4K), 1);
	tlb_flush(&what);
	gone |= mapping;
	for (unsigned int i = 0; i < now->cpus; i++)
		if (cpus[i].uses)
			has_nothing_gone(i);
}

static void sleep_once(unsigned int cpu)
{
	cpus[cpu].uses = false;
	tlb_rest(record(cpu));
	explore_step();
	tlb_back(record(cpu));
	cpus[cpu].uses = true;
	has_nothing_gone(cpu);
}

/* Between the two of pcid_leave nothing is used that is ever unmapped. */
static void serve_once(unsigned int cpu, unsigned int n)
{
	pcid_enter(record(cpu), PAGE_4K);
	has_nothing_gone(cpu);
	if (now->part[cpu] == INSIDE)
		unmap(cpu, n);
	else
		explore_step();
	has_nothing_gone(cpu);
	cpus[cpu].uses = false;
	pcid_leave(record(cpu), 0);
	cpus[cpu].uses = true;
	has_nothing_gone(cpu);
}

static void once(unsigned int cpu, unsigned int n)
{
	if (now->part[cpu] == OWNS)
		unmap(cpu, n);
	else if (now->part[cpu] == RESTS)
		sleep_once(cpu);
	else
		serve_once(cpu, n);
}

static void run(unsigned int cpu)
{
	if (now->part[cpu] == JOINS) {
		tlb_join(record(cpu));
		cpus[cpu].uses = true;
		has_nothing_gone(cpu);
	}
	for (unsigned int n = 0; n < now->times[cpu]; n++)
		once(cpu, n);
	ended++;
	explore_changed();
	while (ended < now->cpus)
		pause_here();
}

static void enter(unsigned int cpu)
{
	fake.gs = record(cpu);
	fake.cr3 = cpus[cpu].cr3;
}

/* Those that do not join later have joined. */
static void setup(void)
{
	records_reset(now->cpus);
	fake.flushed = NULL;
	for (unsigned int i = 0; i < now->cpus; i++)
		if (now->part[i] != JOINS) {
			tlb_join(record(i));
			cpus[i].uses = true;
		}
	fake.flushed = flushed;
}

static uint64_t outcome(void)
{
	for (unsigned int i = 0; i < now->cpus; i++)
		has_nothing_gone(i);
	return 0;
}

static void state(void)
{
	for (unsigned int i = 0; i < now->cpus; i++) {
		state_add(&record(i)->tlb_seen, sizeof(record(i)->tlb_seen));
		state_add(&record(i)->tlb_state, sizeof(record(i)->tlb_state));
		state_add(&record(i)->pcid_seen, sizeof(record(i)->pcid_seen));
	}
}

/* tlb [N]: all states of each plan; of the large ones, too, if N is above 1. */
int main(int argc, char **argv)
{
	bool large = argc > 1 && atoi(argv[1]) > 1;
	uint64_t sum = 0;

	records_make();
	machine.cpu_signal = tell;
	machine.tlb_broadcast = broadcast;
	platform_select(&machine);
	fake.pause = pause_here;
	for (unsigned int i = 0; i < sizeof(plans) / sizeof(*now); i++) {
		struct scenario s = { .name = plans[i].name,
				      .cpus = plans[i].cpus,
				      .setup = setup,
				      .run = run,
				      .enter = enter,
				      .outcome = outcome,
				      .interrupt = interrupt,
				      .states = true,
				      .state = state };

		now = &plans[i];
		if (large || !now->large)
			sum += explore(&s, 0);
	}
	printf("tlb: %llu states of flushes by two and three CPUs, all of them\n",
	       (unsigned long long)sum);
	return sum == 0;
}
