/* SPDX-License-Identifier: MIT */
/* The schedule is a list of choices; the last one that has an alternative left
 * is changed for the next run. */
#include "tests/interleave/explore.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/interleave/state.h"

#define STACK	    (256u * 1024)
#define STACK_WIPED 4096u
#define DEPTH	    100000u
#define OUTCOMES    64u
#define UNFAIR	    4u	    /* switches that pass a CPU by which could run */
#define PATIENCE    100000u /* pauses in a row in which nothing changes */

struct choice {
	uint8_t taken, count;
	uint8_t cpu; /* that was chosen, for the report */
};

enum wish { STEP, PAUSE, PICK, END };

/* The explorer's own: no part of a state. */
static APART char *home, *stack_at[EXPLORE_CPUS]; /* where each is left */
static APART char stacks[EXPLORE_CPUS][STACK] __attribute__((aligned(16)));
static APART const struct scenario *scenario;
static APART struct choice path[DEPTH];
static APART unsigned int depth, known, current, preemptions, bound;
static APART bool active, done[EXPLORE_CPUS], waits[EXPLORE_CPUS];
static APART bool met;	 /* the run has come to a state that was seen before */
static APART bool marks; /* states are looked at, not orders */
static APART bool serving;
static APART enum wish wish;
static APART unsigned int pick; /* of so many; then: which */
static APART uint64_t changes, seen[EXPLORE_CPUS], idle, idle_at;
static APART unsigned int switches, last_turn[EXPLORE_CPUS];
static APART uint64_t outcomes[OUTCOMES];
static APART unsigned int outcome_count;

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

/* What else there is to a state: where each CPU is, on its stack. */
static void state_stacks(void)
{
	state_add(&current, sizeof(current));
	for (unsigned int i = 0; i < scenario->cpus; i++) {
		bool can = can_run(i);

		state_add(&done[i], sizeof(done[i]));
		state_add(&can, sizeof(can));
		if (!done[i])
			state_add(stack_at[i],
				  (size_t)(stacks[i] + STACK - stack_at[i]));
	}
}

/* Has what may come from here been looked at before? */
static bool state_met(void)
{
	state_begin();
	state_stacks();
	if (scenario->state)
		scenario->state();
	return !state_end();
}

/* One of so many, by the schedule; new choices begin with the first. */
static struct choice *take(unsigned int count)
{
	struct choice *c = &path[depth];

	if (depth == DEPTH)
		explore_fail("too deep");
	if (depth >= known) {
		met = marks && active && state_met();
		/* Nothing is left to choose where others have been. */
		*c = (struct choice){ 0, met ? 1 : (uint8_t)count, 0 };
	} else if (c->count != count) {
		explore_fail("two runs differ at choice %u", depth);
	}
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

static void go_to(unsigned int cpu)
{
	if (cpu == current)
		return;
	last_turn[current] = switches++;
	current = cpu;
	if (scenario->enter)
		scenario->enter(cpu);
}

static void go_to_one_of(const unsigned int *list, unsigned int count)
{
	go_to(count > 1 ? choose(list, count) : list[0]);
}

static unsigned int others(unsigned int *list, unsigned int count)
{
	for (unsigned int i = 0; i < scenario->cpus; i++)
		if (i != current && can_run(i))
			list[count++] = i;
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

/* CPUs that call again and again may not keep another from running for ever:
 * no host is asked to be fair, but to tell what happens if one is. */
static unsigned int fair(unsigned int *list, unsigned int count)
{
	if (scenario->states)
		return count; /* a circle ends by itself */
	for (unsigned int i = 0; i < count; i++)
		if (switches - last_turn[list[i]] > UNFAIR) {
			list[0] = list[i];
			return 1;
		}
	return count;
}

/* ---- what CPUs wish for, and the explorer, on its own stack, does ---- */

static void step_serve(void)
{
	unsigned int list[EXPLORE_CPUS] = { current };
	unsigned int count = others(list, 1), cpu = choose(list, count);

	if (cpu != current) {
		preemptions++;
		go_to(cpu);
	}
}

static void pause_serve(void)
{
	unsigned int list[EXPLORE_CPUS], count;

	idle = changes == idle_at ? idle + 1 : 0;
	idle_at = changes;
	if (idle > PATIENCE)
		explore_fail("nobody can go on");
	waits[current] = true;
	seen[current] = changes;
	count = fair(list, others(list, 0));
	if (count)
		go_to_one_of(list, count);
	else if (all_others(list))
		go_to(list[0]);
}

/* A waiting CPU goes on if no other can. */
static void end_serve(void)
{
	unsigned int list[EXPLORE_CPUS], count;

	explore_changed();
	done[current] = true;
	count = others(list, 0);
	if (!count)
		count = all_others(list);
	if (count)
		go_to_one_of(list, count);
}

static void serve(void)
{
	switch (wish) {
	case STEP:
		step_serve();
		break;
	case PAUSE:
		pause_serve();
		break;
	case PICK:
		pick = take(pick)->taken;
		break;
	case END:
		end_serve();
		break;
	}
}

/* Leaves this stack, with the registers that a call keeps on it, for another
 * (switch.S). */
void stack_switch(char **left, char *to);
static void ask(enum wish what)
{
	wish = what;
	stack_switch(&stack_at[current], home);
}

static bool anyone_else(void)
{
	unsigned int list[EXPLORE_CPUS];

	return others(list, 0) > 0;
}

void explore_step(void)
{
	if (!active)
		return;
	if (preemptions < bound && anyone_else())
		ask(STEP);
	if (scenario->interrupt)
		scenario->interrupt(current);
}

void explore_copy(void)
{
	if (scenario && scenario->states)
		explore_step();
}

void explore_pause(void)
{
	if (active)
		ask(PAUSE);
}

unsigned int explore_pick(unsigned int count)
{
	if (!active)
		return 0;
	if (serving) /* the scenario's enter() */
		return take(count)->taken;
	pick = count;
	ask(PICK);
	return pick;
}

_Noreturn void explore_end(void)
{
	ask(END);
	abort();
}

static void cpu_main(void)
{
	scenario->run(current);
	explore_end();
}

/* As if it had been left where it begins: six registers, where to return to. */
static void cpu_make(unsigned int cpu)
{
	uint64_t *top = (uint64_t *)(stacks[cpu] + STACK);

	done[cpu] = waits[cpu] = false;
	last_turn[cpu] = 0;
	memset(top - 8, 0, 8 * sizeof(*top));
	top[-2] = (uint64_t)cpu_main;
	stack_at[cpu] = (char *)(top - 8);
}

/* What calls that are over have left behind is no part of a state. */
static void stack_wipe(unsigned int cpu)
{
	memset(stack_at[cpu] - STACK_WIPED, 0, STACK_WIPED);
}

static bool all_done(void)
{
	for (unsigned int i = 0; i < scenario->cpus; i++)
		if (!done[i])
			return false;
	return true;
}

static void run_all(void)
{
	while (!met && !all_done()) {
		waits[current] = false;
		active = true;
		stack_switch(&home, stack_at[current]);
		if (scenario->states)
			stack_wipe(current);
		serving = true;
		serve();
		serving = false;
	}
	active = false;
}

static void run_once(void)
{
	unsigned int list[EXPLORE_CPUS];

	if (scenario->states)
		state_restore();
	scenario->setup();
	depth = preemptions = 0;
	met = false;
	idle = idle_at = changes = 0;
	switches = 0;
	for (unsigned int i = 0; i < scenario->cpus; i++) {
		cpu_make(i);
		list[i] = i;
	}
	current = choose(list, scenario->cpus);
	if (scenario->enter)
		scenario->enter(current);
	run_all();
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
	uint64_t o = met ? 0 : scenario->outcome();

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

static uint64_t explore_states(void)
{
	uint64_t runs;

	state_keep();
	if (scenario->orders)
		explore_all(0);
	marks = true;
	runs = explore_all(UINT_MAX);
	marks = false;
	printf("%s: %u CPUs, all %llu states, %llu runs\n", scenario->name,
	       scenario->cpus, (unsigned long long)state_count(),
	       (unsigned long long)runs);
	fflush(stdout);
	return state_count();
}

uint64_t explore(const struct scenario *s, unsigned int with)
{
	uint64_t count;

	scenario = s;
	outcome_count = 0;
	if (s->states)
		return explore_states();
	count = explore_all(0);
	printf("%s: %u CPUs, %llu orders, %u outcomes", s->name, s->cpus,
	       (unsigned long long)count, outcome_count);
	fflush(stdout);
	count = explore_all(with);
	printf(", %llu interleavings\n", (unsigned long long)count);
	fflush(stdout);
	return count;
}
