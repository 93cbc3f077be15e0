/* SPDX-License-Identifier: MIT */
/* The schedule is a list of choices; the last one that has an alternative left
 * is changed for the next run. */
#include "tests/interleave/explore.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#define STACK	 (256u * 1024)
#define DEPTH	 100000u
#define OUTCOMES 64u
#define UNFAIR	 4u	 /* switches that pass a CPU by which could run */
#define PATIENCE 100000u /* pauses in a row in which nothing changes */

struct choice {
	uint8_t taken, count;
	uint8_t cpu; /* that was chosen, for the report */
};

static ucontext_t home, context[EXPLORE_CPUS];
static char stacks[EXPLORE_CPUS][STACK];
static const struct scenario *scenario;
static struct choice path[DEPTH];
static unsigned int depth, known, current, preemptions, bound;
static bool active, done[EXPLORE_CPUS], waits[EXPLORE_CPUS];
static uint64_t changes, seen[EXPLORE_CPUS], idle, idle_at;
static unsigned int switches, last_turn[EXPLORE_CPUS];
static uint64_t outcomes[OUTCOMES];
static unsigned int outcome_count;

void explore_fail(const char *format, ...)
{
	va_list args;

	active = false;
	printf("\n%s, %u CPUs: ", scenario->name, scenario->cpus);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n  schedule:");
	for (unsigned int i = 0; i < depth; i++)
		if (i == 0 || path[i].cpu != path[i - 1].cpu)
			printf(" %u:%u", i, path[i].cpu);
	printf("\n");
	fflush(stdout);
	_Exit(1);
}

void explore_changed(void)
{
	changes++;
}

static bool can_run(unsigned int cpu)
{
	return !done[cpu] && !(waits[cpu] && seen[cpu] == changes);
}

/* One of so many, by the schedule; new choices begin with the first. */
static struct choice *take(unsigned int count)
{
	struct choice *c = &path[depth];

	if (depth == DEPTH)
		explore_fail("too deep");
	if (depth >= known)
		*c = (struct choice){ 0, (uint8_t)count, 0 };
	else if (c->count != count)
		explore_fail("two runs differ at choice %u", depth);
	c->cpu = (uint8_t)current;
	depth++;
	return c;
}

static unsigned int choose(const unsigned int *from, unsigned int count)
{
	struct choice *c = take(count);

	c->cpu = (uint8_t)from[c->taken];
	return c->cpu;
}

unsigned int explore_pick(unsigned int count)
{
	return active ? take(count)->taken : 0;
}

static void go_to(unsigned int cpu)
{
	unsigned int from = current;

	if (cpu == from)
		return;
	last_turn[from] = switches++;
	current = cpu;
	if (scenario->enter)
		scenario->enter(cpu);
	swapcontext(&context[from], &context[cpu]);
	/* Back here: whoever came back has set current. */
}

static unsigned int others(unsigned int *list, unsigned int count)
{
	for (unsigned int i = 0; i < scenario->cpus; i++)
		if (i != current && can_run(i))
			list[count++] = i;
	return count;
}

void explore_step(void)
{
	unsigned int list[EXPLORE_CPUS] = { current }, count = 1;

	if (!active)
		return;
	if (preemptions < bound)
		count = others(list, count);
	if (count > 1 && choose(list, count) != current) {
		preemptions++;
		go_to(path[depth - 1].cpu);
	}
}

/* CPUs that call again and again may not keep another from running for ever:
 * no host is asked to be fair, but to tell what happens if one is. */
static unsigned int fair(unsigned int *list, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (switches - last_turn[list[i]] > UNFAIR) {
			list[0] = list[i];
			return 1;
		}
	return count;
}

/* Those that wait, too: a pause may have been for nothing. */
static unsigned int all_others(unsigned int *list)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < scenario->cpus; i++)
		if (i != current && !done[i])
			list[count++] = i;
	return count;
}

void explore_pause(void)
{
	unsigned int list[EXPLORE_CPUS], count;

	if (!active)
		return;
	idle = changes == idle_at ? idle + 1 : 0;
	idle_at = changes;
	if (idle > PATIENCE)
		explore_fail("nobody can go on");
	waits[current] = true;
	seen[current] = changes;
	count = fair(list, others(list, 0));
	if (count)
		go_to(count > 1 ? choose(list, count) : list[0]);
	else if (all_others(list))
		go_to(list[0]);
	waits[current] = false;
}

/* The running CPU has ended; a waiting one goes on if no other can. */
static void next_cpu(void)
{
	unsigned int list[EXPLORE_CPUS], count = others(list, 0);

	if (!count)
		count = all_others(list);
	if (count)
		go_to(count > 1 ? choose(list, count) : list[0]);
}

_Noreturn void explore_end(void)
{
	explore_changed();
	done[current] = true;
	next_cpu();
	setcontext(&home);
	abort();
}

static void cpu_main(void)
{
	scenario->run(current);
	explore_end();
}

static void run_once(void)
{
	unsigned int list[EXPLORE_CPUS];

	scenario->setup();
	depth = preemptions = 0;
	idle = idle_at = changes = 0;
	switches = 0;
	for (unsigned int i = 0; i < scenario->cpus; i++) {
		done[i] = waits[i] = false;
		last_turn[i] = 0;
		list[i] = i;
		getcontext(&context[i]);
		context[i].uc_stack.ss_sp = stacks[i];
		context[i].uc_stack.ss_size = STACK;
		context[i].uc_link = &home;
		makecontext(&context[i], cpu_main, 0);
	}
	current = choose(list, scenario->cpus);
	if (scenario->enter)
		scenario->enter(current);
	active = true;
	swapcontext(&home, &context[current]);
	active = false;
	for (unsigned int i = 0; i < scenario->cpus; i++)
		if (!done[i])
			explore_fail("CPU %u never ended", i);
}

static bool outcome_known(uint64_t o)
{
	for (unsigned int i = 0; i < outcome_count; i++)
		if (outcomes[i] == o)
			return true;
	return false;
}

static void judge(bool serial)
{
	uint64_t o = scenario->outcome();

	if (!o || outcome_known(o))
		return;
	if (!serial)
		explore_fail("no order of whole calls gives %llx",
			     (unsigned long long)o);
	if (outcome_count == OUTCOMES)
		explore_fail("too many outcomes");
	outcomes[outcome_count++] = o;
}

/* False: all have been tried. */
static bool next_path(void)
{
	known = depth;
	while (known && path[known - 1].taken + 1u >= path[known - 1].count)
		known--;
	if (!known)
		return false;
	path[known - 1].taken++;
	return true;
}

static uint64_t explore_all(unsigned int with)
{
	uint64_t count = 0;

	bound = with;
	known = 0;
	do {
		run_once();
		judge(with == 0);
		count++;
	} while (next_path());
	return count;
}

uint64_t explore(const struct scenario *s, unsigned int with)
{
	uint64_t count;

	scenario = s;
	outcome_count = 0;
	count = explore_all(0);
	printf("%s: %u CPUs, %llu orders, %u outcomes", s->name, s->cpus,
	       (unsigned long long)count, outcome_count);
	fflush(stdout);
	count = explore_all(with);
	printf(", %llu interleavings\n", (unsigned long long)count);
	fflush(stdout);
	return count;
}
