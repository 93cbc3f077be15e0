/* SPDX-License-Identifier: MIT */
/* proof: an answer goes to the caller whose request it answers and to no one
 *   else, once; a request is given to a service that waits and is nobody's; a
 *   visit ends with the lock free
 * sources: kernel/sys/service.c proofs/fake/lock.c proofs/fake/panic.c
 * bound: one visit of any caller to a service in any state that a visit leaves
 *   behind, so any number of visits
 * flags: --unwind 2
 * mutation: kernel/sys/service.c@caller_same: a->who == b->who && =>
 * mutation: kernel/sys/service.c@turn_foreign: request_forget(s); =>
 * mutation: kernel/sys/service.c@service_work: request_forget(s); =>
 * mutation: kernel/sys/service.c@service_enter: t == SERVICE_BUSY || =>
 * mutation: kernel/sys/service.c@turn: s->caller.key == caller->key => true
 */
#include "kernel/sys/service.c"

#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"

void *proof_gs;
const struct platform_ops *platform;
static struct task task;
static const struct archive_entry image;
static struct service *const service = &services[0];
/* Whose request the process works on, or answered last. */
static struct service_caller asked;

uint64_t clock_ticks(uint64_t microseconds)
{
	(void)microseconds;
	return nondet_u64();
}

uint64_t clock_ns(void)
{
	return nondet_u64();
}

void clock_init(void)
{
}

void call_dispatch(struct task *t)
{
	(void)t;
}

/* A slice ends: it runs on, waits with its answer, or was stopped. */
void task_run(struct task *t, const struct task_calls *calls)
{
	(void)calls;
	__CPROVER_assert(t == &task && t->state == TASK_RUNS, "it runs");
	t->state = TASK_RUNS + (enum task_state)any_upto(2);
	t->result = nondet_u32();
}

void task_stop(struct task *t, const char *format, ...)
{
	(void)format;
	t->state = TASK_STOPPED;
}

void task_end(struct task *t)
{
	t->state = TASK_NONE;
}

enum err task_load(struct task *t, const void *from,
		   const struct archive_entry *entry)
{
	(void)from;
	(void)entry;
	if (nondet_bool())
		return ERR_BUSY;
	t->state = TASK_RUNS;
	return OK;
}

void task_request(struct task *t, uint32_t op, uint32_t arg, uint32_t size)
{
	(void)op;
	(void)arg;
	(void)size;
	__CPROVER_assert(t->state == TASK_WAITS, "it waits");
	t->state = TASK_RUNS;
	asked = service->caller;
}

enum err heap_pages(size_t bytes, void **out)
{
	(void)bytes;
	(void)out;
	return ERR_NOMEM;
}

enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	(void)va;
	(void)pa;
	(void)use;
	return ERR_NOMEM;
}

enum err archive_check(const void *from, uint64_t size)
{
	(void)from;
	(void)size;
	return ERR_FORMAT;
}

uint32_t archive_count(const void *from)
{
	(void)from;
	return 0;
}

const struct archive_entry *archive_at(const void *from, uint32_t i)
{
	(void)from;
	(void)i;
	return &image;
}

static enum err any_timer(uint32_t microseconds)
{
	(void)microseconds;
	return nondet_bool() ? OK : ERR_UNSUPPORTED;
}

static bool is(const struct service_caller *a, const struct service_caller *b)
{
	return a->who == b->who && a->slot == b->slot && a->key == b->key;
}

/* Between visits: who is registered is who asked; the answer is there exactly
 * when the process waits again. */
static bool sound(void)
{
	enum task_state state = task.state;

	if (state == TASK_STOPPED || (service->gone && state != TASK_NONE))
		return false;
	if (!service->caller.who)
		return !service->answered;
	return is(&service->caller, &asked) &&
	       state == (service->answered ? TASK_WAITS : TASK_RUNS);
}

/* Callers are told apart by a pointer. */
static const void *who_any(void)
{
	static const char who[2];

	return nondet_bool() ? &who[0] : &who[1];
}

static void state_any(void)
{
	service->task = &task;
	service->image = &image;
	service->caller =
		(struct service_caller){ nondet_bool() ? who_any() : NULL,
					 nondet_u64(), nondet_u64() };
	service->answered = nondet_bool();
	service->answered_at = nondet_u64();
	service->gone = nondet_bool();
	task.state = (enum task_state)any_upto(3);
	task.result = nondet_u32();
	asked = service->caller;
	count = 1;
	__CPROVER_assume(sound());
}

static void visit(const struct service_caller *me)
{
	struct service_answer answer;

	switch (service_enter(service, me)) {
	case SERVICE_FREE:
		PROVE(task.state == TASK_WAITS && !service->caller.who);
		PROVE(proof_locks == 1);
		if (nondet_bool()) {
			/* The guest's command could not be read. */
			service_leave(service);
			return;
		}
		service_request(service, me, 1, 0, 8);
		break;
	case SERVICE_RESUME:
		PROVE(is(&service->caller, me) && proof_locks == 1);
		break;
	default:
		PROVE(!proof_locks);
		return;
	}
	switch (service_work(service, &answer)) {
	case SERVICE_DONE:
		PROVE(is(&asked, me) && task.state == TASK_WAITS);
		PROVE(answer.result == task.result && !service->caller.who);
		break;
	case SERVICE_MORE:
		PROVE(is(&service->caller, me));
		break;
	case SERVICE_CRASHED:
		PROVE(!service->caller.who && task.state != TASK_WAITS);
		break;
	}
	service_leave(service);
}

int main(void)
{
	static const struct platform_ops ops = { .timer_arm = any_timer };
	struct service_caller me = { who_any(), nondet_u64(), nondet_u64() };
	bool good;

	platform = &ops;
	state_any();
	visit(&me);
	good = sound();
	PROVE(good && !proof_locks);
	return 0;
}
