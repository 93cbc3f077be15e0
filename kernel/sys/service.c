/* SPDX-License-Identifier: MIT */
/* Life of a service: started, asked, driven on, crashed, started again. */
#include "kernel/sys/service.h"

#include "hw/cpu.h"
#include "kernel/base/lock.h"
#include "kernel/base/log.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/sys/call.h"
#include "kernel/sys/clock.h"
#include "lib/archive.h"
#include "lib/str.h"

#define RESTARTS_MAX 8u
#define SLICE_US     10000u
#define BUDGET_US    30000000u
/* How long an answer waits for a caller that does not come back. */
#define KEEP_US	     1000000u

struct service {
	struct spinlock lock; /* tried, never waited for */
	struct task *task;
	const struct archive_entry *image;
	struct service_caller caller; /* who: NULL when there is no request */
	bool answered;		      /* and the caller has not fetched it */
	uint64_t answered_at;
	uint64_t slice; /* TSC at which it began */
	uint64_t spent; /* in ring 3, for this request or start */
	bool gone;
};

static struct service services[ARCHIVE_MAX];
sealed static uint32_t count;
sealed static const void *archive;
static bool timer_missing;

static struct service *service_of(const struct task *t)
{
	for (uint32_t i = 0; i < count; i++)
		if (services[i].task == t)
			return &services[i];
	panic("a process without a service");
}

static void timer_set(uint32_t microseconds)
{
	if (!timer_missing && platform->timer_arm(microseconds) != OK) {
		timer_missing = true;
		log_line("the host gives no timer: services run to the end");
	}
}

static uint64_t slice_spent(const struct service *s)
{
	return hw_rdtsc() - s->slice;
}

/* False: the guest gets its CPU back. */
static bool on_tick(struct task *t)
{
	const struct service *s = service_of(t);
	uint64_t spent = slice_spent(s);

	if (s->spent + spent > clock_ticks(BUDGET_US)) {
		task_stop(t, "it used up its time at %lx", t->frame.rip);
		return false;
	}
	if (spent >= clock_ticks(SLICE_US))
		return false;
	timer_set(SLICE_US);
	return true;
}

/* The clock is looked at between calls, too, where there is no timer. */
static void on_call(struct task *t)
{
	const struct service *s = service_of(t);

	call_dispatch(t);
	if (t->state == TASK_RUNS &&
	    s->spent + slice_spent(s) > clock_ticks(BUDGET_US))
		task_stop(t, "it used up its time");
}

static const struct task_calls service_calls = { on_call, on_tick };

static void slice_run(struct service *s)
{
	s->slice = hw_rdtsc();
	timer_set(SLICE_US);
	task_run(s->task, &service_calls);
	timer_set(0);
	s->spent += slice_spent(s);
}

static void request_forget(struct service *s)
{
	s->caller = (struct service_caller){ NULL, 0, 0 };
	s->answered = false;
	s->spent = 0;
}

/* Everything that it knew is wiped. */
static void bury(struct service *s)
{
	struct task *t = s->task;

	log_line("service %s stopped: %s; %u system calls refused",
		 s->image->name, t->reason, t->refused);
	task_end(t);
	request_forget(s);
	t->restarts++;
	if (t->restarts > RESTARTS_MAX) {
		s->gone = true;
		log_line("service %s: crashed too often, given up",
			 s->image->name);
	}
}

/* One slice towards the point where it waits; true: it does. */
static bool drive(struct service *s)
{
	struct task *t = s->task;

	if (t->state == TASK_NONE && !s->gone &&
	    task_load(t, archive, s->image) != OK)
		return false;
	if (t->state == TASK_RUNS)
		slice_run(s);
	if (t->state == TASK_STOPPED)
		bury(s);
	if (t->state != TASK_WAITS)
		return false;
	if (s->caller.who && !s->answered) {
		s->answered = true;
		s->answered_at = hw_rdtsc();
	}
	return true;
}

static bool caller_same(const struct service_caller *a,
			const struct service_caller *b)
{
	return a->who == b->who && a->slot == b->slot;
}

/* Somebody else's request: on with it, but its answer is not ours. */
static enum service_turn turn_foreign(struct service *s,
				      const struct service_caller *caller)
{
	if (!s->answered && !drive(s))
		return SERVICE_BUSY;
	/* A caller that asks for something else wants its old answer no more;
	 * others wait for a while, since theirs is on its way. */
	if (!caller_same(&s->caller, caller) &&
	    hw_rdtsc() - s->answered_at < clock_ticks(KEEP_US))
		return SERVICE_BUSY;
	request_forget(s);
	return SERVICE_FREE;
}

static enum service_turn turn(struct service *s,
			      const struct service_caller *caller)
{
	if (s->gone)
		return SERVICE_GONE;
	if (s->caller.who) {
		if (caller_same(&s->caller, caller) &&
		    s->caller.key == caller->key)
			return SERVICE_RESUME;
		return turn_foreign(s, caller);
	}
	if (s->task->state == TASK_WAITS || drive(s)) {
		s->spent = 0;
		return SERVICE_FREE;
	}
	return s->gone ? SERVICE_GONE : SERVICE_BUSY;
}

enum service_turn service_enter(struct service *s,
				const struct service_caller *caller)
{
	enum service_turn t;

	if (!spin_try(&s->lock))
		return SERVICE_BUSY;
	t = turn(s, caller);
	if (t == SERVICE_BUSY || t == SERVICE_GONE)
		spin_unlock(&s->lock);
	return t;
}

void service_leave(struct service *s)
{
	spin_unlock(&s->lock);
}

struct pa service_page(const struct service *s)
{
	return s->task->page;
}

void service_request(struct service *s, const struct service_caller *caller,
		     uint32_t op, uint32_t arg, uint32_t size)
{
	ASSERT(s->task->state == TASK_WAITS && !s->caller.who);
	s->caller = *caller;
	task_request(s->task, op, arg, size);
}

enum service_end service_work(struct service *s, struct service_answer *answer)
{
	if (!s->answered && !drive(s))
		return s->caller.who ? SERVICE_MORE : SERVICE_CRASHED;
	*answer = (struct service_answer){ s->task->result, s->task->size };
	request_forget(s);
	return SERVICE_DONE;
}

static void archive_map(const struct params *params)
{
	uint64_t size = addr_up(params->services.size, PAGE_4K);

	for (uint64_t at = 0; at < size; at += PAGE_4K)
		if (kmap_page((char *)SERVICES_VA + at,
			      (struct pa){ params->services.start + at },
			      KMAP_READ) != OK)
			panic_memory("the services' archive");
	archive = (const void *)SERVICES_VA;
	if (archive_check(archive, params->services.size) != OK)
		panic("the services' archive makes no sense");
}

static void start(struct service *s)
{
	uint64_t begin = clock_ns();

	while (!drive(s))
		if (s->task->restarts || s->task->state != TASK_RUNS)
			panic("service %s does not start", s->image->name);
	log_line("service %s: ready after %llu ms, %llu KiB, %u calls refused",
		 s->image->name,
		 (unsigned long long)(clock_ns() - begin) / 1000000,
		 (unsigned long long)s->task->space.pages * 4,
		 s->task->refused);
	request_forget(s);
}

void service_start_all(const struct params *params)
{
	if (!params->services.size)
		return;
	clock_init();
	archive_map(params);
	count = archive_count(archive);
	for (uint32_t i = 0; i < count; i++) {
		struct service *s = &services[i];

		s->image = archive_at(archive, i);
		if (heap_pages(sizeof(*s->task), (void **)&s->task) != OK)
			panic_memory("service %s", s->image->name);
		start(s);
	}
}

struct service *service_find(const char *name)
{
	for (uint32_t i = 0; i < count; i++)
		if (!strcmp(services[i].image->name, name))
			return &services[i];
	return NULL;
}
