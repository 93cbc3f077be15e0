/* SPDX-License-Identifier: MIT */
/*
 * Start of the other processors: smp_start and smp_release of CPU 0, with
 * smp_cpu_main of the others, while the host lets each come when it likes, late,
 * never, or although it said no, and ten seconds go by at any time. What CPU 0
 * counts and what runs the guest afterwards must be the same.
 */
/* test-sources: tests/interleave/explore.c tests/interleave/tsan.c */
/* test-sources: tests/interleave/switch.S */
/* test-sources: tests/interleave/state.c tests/interleave/records.c */
/* test-sources: tests/interleave/panic.c kernel/smp.c kernel/base/platform.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/log.h"
#include "kernel/cpu/desc.h"
#include "kernel/cpu/entry.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/guest/vcpu.h"
#include "kernel/mm/cpuarea.h"
#include "kernel/mm/page.h"
#include "kernel/proto/request.h"
#include "kernel/smp.h"
#include "tests/fake/mm.h"
#include "tests/interleave/explore.h"
#include "tests/interleave/records.h"
#include "tests/interleave/state.h"

#define LONG_TIME (1ull << 40) /* more than any patience, in TSC ticks */
#define TURNS	  3u	       /* that CPU 0 gets at most in a LONG_TIME */
#define HALTS	  3u	       /* that end, once the guest runs */

/* What the host does with a processor when it is asked to start it. */
enum host {
	COMES,
	LATE,  /* when the guest runs */
	NEVER, /* "yes", and nothing happens */
	REFUSED,
	LIES, /* "no", and starts it */
};

struct plan {
	const char *name;
	unsigned int cpus;
	enum host host[EXPLORE_CPUS];
};

static const struct plan plans[] = {
	{ "comes", 2, { COMES, COMES } },
	{ "late", 2, { COMES, LATE } },
	{ "never", 2, { COMES, NEVER } },
	{ "refused", 2, { COMES, REFUSED } },
	{ "refused, but comes", 2, { COMES, LIES } },
	{ "both come", 3, { COMES, COMES, COMES } },
	{ "first is late", 3, { COMES, LATE, COMES } },
	{ "second is late", 3, { COMES, COMES, LATE } },
	{ "both are late", 3, { COMES, LATE, LATE } },
	{ "first never comes", 3, { COMES, NEVER, COMES } },
	{ "second never comes", 3, { COMES, COMES, NEVER } },
	{ "first refused", 3, { COMES, REFUSED, COMES } },
	{ "second refused", 3, { COMES, COMES, REFUSED } },
	{ "first refused, but comes", 3, { COMES, LIES, COMES } },
	{ "second refused, but comes", 3, { COMES, COMES, LIES } },
	{ "late, never", 3, { COMES, LATE, NEVER } },
};

static APART const struct plan *now;
static APART bool states;
static struct platform_ops machine;
static bool starting, guest_runs; /* CPU 0: in smp_start; past smp_release */
static unsigned int turns, long_times;
static bool came_back; /* CPU 0, from its last pause */
static uint32_t counted;
static struct {
	bool given;   /* to the host */
	bool entered; /* its first instruction */
	bool looped;  /* serves the guest */
	bool online;
	unsigned int since; /* of the long times, the one when it was noticed */
	unsigned int halts;
} seen[EXPLORE_CPUS];

/* ---- what smp.c stands on, and the loop that it ends in ---- */

/* Says whom CPU 0 has given up; each has its ten seconds, which begin when the
 * one before it is there. */
void log_line(const char *format, ...)
{
	unsigned int cpu, since = 0;
	va_list args;

	va_start(args, format);
	cpu = va_arg(args, unsigned int);
	va_end(args);
	if (!strstr(format, "did not start") || now->host[cpu] >= REFUSED)
		return;
	for (unsigned int i = 1; i < cpu; i++)
		if (seen[i].online)
			since = seen[i].since;
	if (long_times == since)
		explore_fail("CPU %u was given up before its time", cpu);
}

enum err cpuarea_make(uint32_t index, uint32_t apic_id, struct percpu **out)
{
	*out = record(index);
	(*out)->self = *out;
	(*out)->index = index;
	(*out)->apic_id = apic_id;
	return OK;
}

enum err vcpu_attach(struct percpu *cpu)
{
	(void)cpu;
	return OK;
}

enum err page_take_for_vmsa(struct pa *out)
{
	out->v = PAGE_4K;
	return OK;
}

void desc_load(struct percpu *cpu)
{
	(void)cpu;
}

void features_load(void)
{
}

void user_init(void)
{
}

_Noreturn void request_loop(unsigned int guest_vmpl)
{
	unsigned int cpu = percpu_this()->index;

	if (!guest_runs)
		explore_fail("CPU %u is not the guest's yet", cpu);
	if (guest_vmpl != FAKE_GUEST_VMPL)
		explore_fail("CPU %u runs level %u", cpu, guest_vmpl);
	seen[cpu].looped = true;
	explore_end();
}

/* ---- the host ---- */

static enum err cpu_start(struct percpu *cpu)
{
	enum host host = now->host[cpu->index];

	seen[cpu->index].given = host != NEVER && host != REFUSED;
	explore_changed();
	explore_step();
	return host == REFUSED || host == LIES ? ERR_HOST : OK;
}

static void init_late(void)
{
	explore_step();
}

/* It wakes up again and again, whatever it was asleep for. */
static void halt(void)
{
	struct percpu *cpu = percpu_this();

	if (cpu->state != CPU_ONLINE && cpu->state != CPU_FAILED)
		explore_fail("CPU %u is lost in state %u", cpu->index,
			     cpu->state);
	if (guest_runs && ++seen[cpu->index].halts > HALTS)
		explore_end();
	explore_pause();
}

static void long_time(void)
{
	fake.tsc += LONG_TIME;
	long_times++;
	turns = 0;
}

/* Signs of life that CPU 0 can see from now on. */
static void signs_look(void)
{
	for (unsigned int i = 1; i < now->cpus; i++)
		if (!seen[i].online && record(i)->state == CPU_ONLINE) {
			seen[i].online = true;
			seen[i].since = long_times;
		}
}

/* While CPU 0 did not run, any time may have gone by; and it does not get turns
 * without end in none. */
static void enter(unsigned int cpu)
{
	fake.gs = record(cpu);
	if (cpu || !starting)
		return;
	signs_look();
	came_back = true;
	if (++turns > TURNS || explore_pick(2))
		long_time();
}

/* CPU 0 waits. All by itself: until its patience ends. */
static void pause_alone(void)
{
	came_back = false;
	explore_pause();
	if (!came_back)
		long_time();
}

/* ---- the CPUs ---- */

static void first_cpu(void)
{
	static const uint32_t ids[EXPLORE_CPUS] = { 7, 10, 13 };

	starting = true;
	counted = smp_start(ids, now->cpus);
	starting = false;
	explore_step();
	smp_release(FAKE_GUEST_VMPL);
	guest_runs = true;
	request_loop(FAKE_GUEST_VMPL);
}

static void run(unsigned int cpu)
{
	bool late = now->host[cpu] == LATE;

	if (cpu == 0)
		first_cpu();
	while (!seen[cpu].given || (late && !guest_runs)) {
		if (guest_runs)
			return; /* it never comes */
		explore_pause();
	}
	seen[cpu].entered = true;
	smp_cpu_main(record(cpu));
}

static void setup(void)
{
	memset(seen, 0, sizeof(seen));
	records_reset(now->cpus);
	record(0)->state = CPU_ONLINE;
	turns = long_times = 0;
	came_back = false;
	starting = guest_runs = false;
	fake.tsc = 1;
	smp_release(0);
}

static void cpu_check(unsigned int cpu)
{
	bool online = record(cpu)->state == CPU_ONLINE;

	if (online && !seen[cpu].looped)
		explore_fail("CPU %u is online, and does not serve", cpu);
	if (!online && seen[cpu].looped)
		explore_fail("CPU %u was given up, and serves", cpu);
	if (!online && record(cpu)->state != CPU_FAILED)
		explore_fail("CPU %u is in state %u", cpu, record(cpu)->state);
	if (!online && seen[cpu].entered && !seen[cpu].halts)
		explore_fail("CPU %u was given up, and is not parked", cpu);
}

static uint64_t outcome(void)
{
	uint32_t online = 0;

	for (unsigned int i = 0; i < now->cpus; i++) {
		cpu_check(i);
		online += record(i)->state == CPU_ONLINE;
	}
	if (counted != online)
		explore_fail("%u counted, %u online", counted, online);
	return 0;
}

static void memory_make(void)
{
	records_make();
	fake_mm_reset(PAGE_2M);
	machine = platform_fake;
	machine.cpu_start = cpu_start;
	machine.init_late = init_late;
	machine.halt = halt;
	platform_select(&machine);
	fake.pause = pause_alone;
}

static void state(void)
{
	for (unsigned int i = 0; i < now->cpus; i++)
		state_add(record(i), sizeof(struct percpu));
}

static uint64_t all_plans(unsigned int two, unsigned int three)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < sizeof(plans) / sizeof(*now); i++) {
		struct scenario s = { .name = plans[i].name,
				      .cpus = plans[i].cpus,
				      .setup = setup,
				      .run = run,
				      .enter = enter,
				      .outcome = outcome,
				      .states = states,
				      .state = state };

		now = &plans[i];
		sum += explore(&s, s.cpus == 2 ? two : three);
	}
	return sum;
}

/* start [PREEMPTIONS]: one more of three; six more of two. Then all states. */
int main(int argc, char **argv)
{
	unsigned int bound = argc > 1 ? (unsigned int)atoi(argv[1]) : 1;
	uint64_t sum;

	memory_make();
	sum = all_plans(bound + 6, bound + 1);
	printf("start: %llu interleavings with at most %u preemptions of "
	       "two, %u of three\n",
	       (unsigned long long)sum, bound + 6, bound + 1);
	states = true;
	fake.still = true; /* each moment would be a state */
	sum = all_plans(0, 0);
	printf("start: %llu states of CPUs that start, all of them\n",
	       (unsigned long long)sum);
	return sum == 0;
}
