/* SPDX-License-Identifier: MIT */
/*
 * Several vCPUs ask one service, whose process is played here: it takes several
 * slices, crashes, is started again; a caller goes away in the middle. One CPU
 * is in the process at a time, an answer goes to who asked, no request is lost.
 */
/* test-sources: tests/interleave/explore.c tests/interleave/tsan.c */
/* test-sources: tests/interleave/switch.S */
/* test-sources: tests/interleave/state.c */
/* test-sources: tests/interleave/panic.c kernel/sys/service.c */
/* test-sources: kernel/sys/clock.c kernel/base/lock.c */
/* test-sources: kernel/base/platform.c lib/str.c tests/fake/mm.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/lock.h"
#include "kernel/base/log.h"
#include "kernel/cpu/features.h"
#include "kernel/mm/heap.h"
#include "kernel/sys/call.h"
#include "kernel/sys/clock.h"
#include "kernel/sys/service.h"
#include "lib/archive.h"
#include "tests/fake/mm.h"
#include "tests/interleave/explore.h"
#include "tests/interleave/state.h"

#define TRIES	60u
#define KEEP_US 1000000u
#define KEEPS	2u

struct plan {
	const char *name;
	unsigned int cpus;
	unsigned int slices; /* that each request takes */
	unsigned int crash;  /* at the n-th run of the process; 0: never */
	bool orphan;	     /* the last CPU asks once and is no more */
	enum { SMALL, LARGE, HUGE } states; /* all: at once, minutes, no end */
};

static const struct plan plans[] = {
	{ "short", 2, 1, 0, false, SMALL },
	{ "three slices", 2, 3, 0, false, SMALL },
	{ "crash at once", 2, 1, 1, false, SMALL },
	{ "crash in the second slice", 2, 2, 2, false, SMALL },
	{ "crash of the second request", 2, 1, 2, false, SMALL },
	{ "the other is gone", 2, 2, 0, true, SMALL },
	{ "the other is gone, then a crash", 2, 3, 2, true, SMALL },
	{ "short, three", 3, 1, 0, false, SMALL },
	{ "two slices, three", 3, 2, 0, false, LARGE },
	{ "crash, three", 3, 2, 2, false, LARGE },
	{ "one is gone, three", 3, 2, 0, true, HUGE },
};

static APART const struct plan *now;
static struct archive_entry image = { .name = "played" };
static struct task task;
static struct service *service;
static unsigned int runs, left, inside, crashes;
static uint32_t page;	  /* the request page's contents */
static APART bool states; /* all of them: time goes on KEEPS times at most */
static unsigned int keeps;
static struct {
	uint32_t answers, crashed;
} got[EXPLORE_CPUS];

/* ---- what service.c stands on ---- */

void log_line(const char *format, ...)
{
	(void)format;
}

enum err archive_check(const void *bytes, size_t size)
{
	(void)bytes;
	(void)size;
	return OK;
}

uint32_t archive_count(const void *bytes)
{
	(void)bytes;
	return 1;
}

const struct archive_entry *archive_at(const void *bytes, uint32_t index)
{
	(void)bytes;
	(void)index;
	return &image;
}

const struct snp_cpuid_fn *features_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)leaf;
	(void)subleaf;
	return NULL;
}

enum err heap_pages(uint64_t size, void **out)
{
	if (size > sizeof(task))
		return ERR_NOMEM;
	memset(&task, 0, sizeof(task));
	*out = &task;
	return OK;
}

enum err task_load(struct task *t, const void *archive,
		   const struct archive_entry *from)
{
	(void)archive;
	t->image = from;
	t->op = 0;
	t->state = TASK_RUNS;
	return OK;
}

void task_end(struct task *t)
{
	page = 0;
	t->state = TASK_NONE;
}

void task_stop(struct task *t, const char *format, ...)
{
	snprintf(t->reason, sizeof(t->reason), "%s", format);
	t->state = TASK_STOPPED;
}

void task_request(struct task *t, uint32_t op, uint32_t arg, uint32_t size)
{
	t->op = op;
	t->arg = arg;
	t->size = size;
	t->state = TASK_RUNS;
	left = now->slices;
}

void call_dispatch(struct task *t)
{
	(void)t;
}

/* Ring 3, for a slice: others run meanwhile. */
void task_run(struct task *t, const struct task_calls *calls)
{
	(void)calls;
	if (inside++)
		explore_fail("two CPUs are in one process");
	explore_step();
	if (t->op && ++runs == now->crash) {
		crashes++;
		task_stop(t, "as planned");
	} else if (!t->op || !--left) {
		if (t->op && page != t->op)
			explore_fail("request %u, page %u", t->op, page);
		t->result = t->op + 1000;
		t->size = t->arg;
		page = t->op + 1000;
		t->state = TASK_WAITS;
	}
	explore_step();
	inside--;
}

/* ---- the guest's side ---- */

static uint32_t op_of(unsigned int cpu)
{
	return 10 + cpu;
}

static void setup(void)
{
	static const struct params params = { .services = { 0, PAGE_4K } };

	memset(got, 0, sizeof(got));
	runs = left = inside = crashes = 0;
	page = 0;
	fake.tsc = 1;
	keeps = 0;
	service_start_all(&params);
	service = service_find("played");
}

static void answer_check(unsigned int cpu, const struct service_answer *a)
{
	explore_step();
	if (a->result != op_of(cpu) + 1000 || a->size != 100 + cpu ||
	    page != op_of(cpu) + 1000)
		explore_fail("CPU %u got answer %u, %u, page %u", cpu,
			     a->result, a->size, page);
	got[cpu].answers++;
}

/* One call, as kernel/proto/vtpm.c makes it. True: it is over. */
static bool call(unsigned int cpu)
{
	const struct service_caller caller = { &got[cpu], 0, 0x1000 };
	struct service_answer answer;
	enum service_end end;

	switch (service_enter(service, &caller)) {
	case SERVICE_BUSY:
		return false;
	case SERVICE_GONE:
		explore_fail("given up after %u crashes", crashes);
	case SERVICE_FREE:
		page = op_of(cpu);
		explore_step();
		service_request(service, &caller, op_of(cpu), 100 + cpu, 4);
		break;
	case SERVICE_RESUME:
		break;
	}
	end = service_work(service, &answer);
	if (end == SERVICE_DONE)
		answer_check(cpu, &answer);
	service_leave(service);
	if (end == SERVICE_CRASHED)
		got[cpu].crashed++;
	return end != SERVICE_MORE;
}

/* The lock, the service's first member, counts its holders: free, it is as good
 * as new. */
static void lock_forgets(void)
{
	struct spinlock *lock = (struct spinlock *)service;

	if (lock->next == lock->owner)
		*lock = (struct spinlock){ 0 };
}

/* Back in its guest, for some time. */
static void guest_runs(void)
{
	if (!states) {
		fake.tsc += clock_ticks(KEEP_US / 8);
		explore_changed();
	} else if (keeps < KEEPS && explore_pick(2)) {
		keeps++;
		fake.tsc += clock_ticks(KEEP_US);
		explore_changed();
	}
	if (states)
		lock_forgets();
	explore_pause();
}

static void run(unsigned int cpu)
{
	bool gone = now->orphan && cpu == now->cpus - 1;

	/* With states a circle ends by itself, unless somebody counts. */
	for (unsigned int i = 0; i < TRIES; i += !states) {
		if (call(cpu) || gone)
			return;
		guest_runs();
	}
	explore_fail("CPU %u never got an answer", cpu);
}

static uint64_t outcome(void)
{
	const struct service_caller last = { &now, 1, 2 };
	uint32_t crashed = 0;
	enum service_turn turn;

	for (unsigned int i = 0; i < now->cpus; i++)
		crashed += got[i].crashed;
	if (crashed > crashes)
		explore_fail("%u calls failed of %u crashes", crashed, crashes);
	/* It is free for the next one: no lock, no caller left behind. */
	for (unsigned int i = 0; i < TRIES; i++) {
		turn = service_enter(service, &last);
		if (turn == SERVICE_FREE) {
			service_leave(service);
			return 0;
		}
		fake.tsc += clock_ticks(KEEP_US / 2);
	}
	explore_fail("not free at the end: %u", (unsigned int)turn);
}

static uint64_t all_plans(unsigned int bound, unsigned int most)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < sizeof(plans) / sizeof(*now); i++) {
		struct scenario s = { .name = plans[i].name,
				      .cpus = plans[i].cpus,
				      .setup = setup,
				      .run = run,
				      .outcome = outcome,
				      .states = states };

		now = &plans[i];
		if (now->states <= most)
			sum += explore(&s, s.cpus == 2 ? bound + 2 : bound);
	}
	return sum;
}

/* service [PREEMPTIONS]: of three; two more of two. Who waits for ever is seen
 * so; then all states, of which none may be wrong. */
int main(int argc, char **argv)
{
	unsigned int bound = argc > 1 ? (unsigned int)atoi(argv[1]) : 1;
	uint64_t sum;

	fake_mm_reset(PAGE_2M);
	fake.pause = explore_pause;
	sum = all_plans(bound, HUGE);
	printf("service: %llu interleavings with at most %u preemptions of "
	       "two, %u of three\n",
	       (unsigned long long)sum, bound + 2, bound);
	states = true;
	fake.still = true; /* each moment would be a state */
	sum = all_plans(0, bound > 1 ? LARGE : SMALL);
	printf("service: %llu states of callers, all of them\n",
	       (unsigned long long)sum);
	return sum == 0;
}
