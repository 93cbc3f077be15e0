/* SPDX-License-Identifier: MIT */
/* Life of services whose processes are played by the test: busy, slices,
 * orphans, crashes, the end. Each case has a service of its own. */
/* test-sources: kernel/sys/service.c kernel/sys/clock.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/sys/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/base/log.h"
#include "kernel/cpu/features.h"
#include "kernel/mm/heap.h"
#include "kernel/sys/call.h"
#include "kernel/sys/clock.h"
#include "lib/archive.h"
#include "tests/fake/mm.h"

#define SLICE_US  10000u
#define BUDGET_US 30000000u
#define KEEP_US	  1000000u
#define RESTARTS  8u

/* What ring 3 does in the next slices. */
enum deed {
	ANSWER, /* and it waits */
	WORK,	/* the slice ends before it is done */
	CRASH,
	TICK,	 /* is interrupted for ever, a millisecond apart */
	CALL_ON, /* makes calls for ever, a second apart */
};

static struct {
	enum deed deed;
	enum err load;
	unsigned int loads, ends, runs, ticks;
} play;

static struct archive_entry images[ARCHIVE_MAX];
static int a, b; /* two vCPUs */

enum err archive_check(const void *bytes, size_t size)
{
	(void)bytes;
	return size ? OK : ERR_FORMAT;
}

uint32_t archive_count(const void *bytes)
{
	(void)bytes;
	return ARCHIVE_MAX;
}

const struct archive_entry *archive_at(const void *bytes, uint32_t index)
{
	(void)bytes;
	return &images[index];
}

const struct snp_cpuid_fn *features_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)leaf;
	(void)subleaf;
	return NULL;
}

enum err heap_pages(uint64_t size, void **out)
{
	*out = aligned_alloc(PAGE_4K, (size + PAGE_4K - 1) & ~(PAGE_4K - 1));
	memset(*out, 0, size);
	return OK;
}

enum err task_load(struct task *t, const void *archive,
		   const struct archive_entry *image)
{
	(void)archive;
	assert_int_equal(t->state, TASK_NONE);
	play.loads++;
	if (play.load != OK)
		return play.load;
	t->image = image;
	t->op = 0;
	t->state = TASK_RUNS;
	return OK;
}

void task_end(struct task *t)
{
	play.ends++;
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
}

void call_dispatch(struct task *t)
{
	(void)t;
	fake.tsc += clock_ticks(1000000);
}

void task_run(struct task *t, const struct task_calls *calls)
{
	assert_int_equal(t->state, TASK_RUNS);
	play.runs++;
	switch (t->op ? play.deed : ANSWER) {
	case ANSWER:
		t->result = t->op + 100;
		t->size = t->arg;
		t->state = TASK_WAITS;
		break;
	case WORK:
		fake.tsc += clock_ticks(SLICE_US);
		break;
	case CRASH:
		task_stop(t, "as asked");
		break;
	case TICK:
		do {
			fake.tsc += clock_ticks(1000);
			play.ticks++;
		} while (calls->tick(t));
		break;
	case CALL_ON:
		while (t->state == TASK_RUNS)
			calls->call(t);
		break;
	}
}

static int start(void **state)
{
	static const struct params params = { .services = { 0, PAGE_4K } };

	(void)state;
	fake_mm_reset(PAGE_2M);
	log_console_on();
	for (uint32_t i = 0; i < ARCHIVE_MAX; i++)
		snprintf(images[i].name, sizeof(images[i].name), "s%u", i);
	service_start_all(&params);
	assert_int_equal(play.loads, ARCHIVE_MAX);
	assert_int_equal(play.runs, ARCHIVE_MAX);
	assert_non_null(strstr(fake_console, "service s0: ready after"));
	return 0;
}

static int setup(void **state)
{
	(void)state;
	memset(&play, 0, sizeof(play));
	fake_console[0] = 0;
	return 0;
}

static struct service *get(uint32_t number)
{
	struct service *s = service_find(images[number].name);

	assert_non_null(s);
	return s;
}

static struct service_caller caller(const void *who, uint64_t key)
{
	return (struct service_caller){ who, 0, key };
}

static enum service_turn enter(struct service *s, const void *who, uint64_t key)
{
	struct service_caller c = caller(who, key);

	return service_enter(s, &c);
}

/* Enters when it is free, asks, works for one slice, leaves. */
static enum service_end ask(struct service *s, const void *who, uint64_t key,
			    struct service_answer *answer)
{
	struct service_caller c = caller(who, key);
	enum service_end end;

	assert_int_equal(service_enter(s, &c), SERVICE_FREE);
	service_request(s, &c, 5, 77, 3);
	end = service_work(s, answer);
	service_leave(s);
	return end;
}

static enum service_end resume(struct service *s, const void *who, uint64_t key,
			       struct service_answer *answer)
{
	enum service_end end;

	assert_int_equal(enter(s, who, key), SERVICE_RESUME);
	end = service_work(s, answer);
	service_leave(s);
	return end;
}

static void answers(void **state)
{
	struct service_answer answer;
	struct service *s = get(0);

	(void)state;
	assert_null(service_find("nobody"));
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(ask(s, &a, 1, &answer), SERVICE_DONE);
		assert_int_equal(answer.result, 105);
		assert_int_equal(answer.size, 77);
	}
	/* Another CPU is in it: nobody waits. */
	assert_int_equal(enter(s, &a, 1), SERVICE_FREE);
	assert_int_equal(enter(s, &b, 1), SERVICE_BUSY);
	assert_int_equal(enter(s, &a, 1), SERVICE_BUSY);
	service_leave(s);
	assert_int_equal(ask(s, &b, 1, &answer), SERVICE_DONE);
	assert_int_equal(play.loads, 0);
}

static void slices(void **state)
{
	struct service_answer answer;
	struct service *s = get(1);

	(void)state;
	play.deed = WORK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	assert_int_equal(resume(s, &a, 1, &answer), SERVICE_MORE);
	/* Others drive it on, and get nothing. */
	assert_int_equal(enter(s, &b, 1), SERVICE_BUSY);
	assert_int_equal(enter(s, &a, 2), SERVICE_BUSY);
	assert_int_equal(play.runs, 4);
	play.deed = ANSWER;
	assert_int_equal(resume(s, &a, 1, &answer), SERVICE_DONE);
	assert_int_equal(answer.result, 105);
	assert_int_equal(ask(s, &b, 1, &answer), SERVICE_DONE);
}

/* Whoever drives it to its end, the answer is the asker's. */
static void orphans(void **state)
{
	struct service_answer answer;
	struct service *s = get(2);

	(void)state;
	play.deed = WORK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	play.deed = ANSWER;
	assert_int_equal(enter(s, &b, 1), SERVICE_BUSY);
	assert_int_equal(play.runs, 2);
	assert_int_equal(enter(s, &b, 1), SERVICE_BUSY);
	assert_int_equal(play.runs, 2);
	assert_int_equal(resume(s, &a, 1, &answer), SERVICE_DONE);
	assert_int_equal(play.runs, 2);
	/* It never comes back: others wait for so long, and no longer. */
	play.deed = WORK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	play.deed = ANSWER;
	assert_int_equal(enter(s, &b, 1), SERVICE_BUSY);
	fake.tsc += clock_ticks(KEEP_US);
	assert_int_equal(ask(s, &b, 1, &answer), SERVICE_DONE);
	/* It asks for something else instead. */
	play.deed = WORK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	play.deed = ANSWER;
	assert_int_equal(ask(s, &a, 2, &answer), SERVICE_DONE);
}

static void crashes(void **state)
{
	struct service_answer answer;
	struct service *s = get(3);

	(void)state;
	play.deed = CRASH;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_CRASHED);
	assert_int_equal(play.ends, 1);
	assert_non_null(strstr(fake_console, "service s3 stopped: as asked"));
	/* No memory for a new one now: ask again. */
	play.load = ERR_NOMEM;
	assert_int_equal(enter(s, &a, 1), SERVICE_BUSY);
	assert_int_equal(enter(s, &a, 1), SERVICE_BUSY);
	play.load = OK;
	play.deed = ANSWER;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_DONE);
	assert_int_equal(play.loads, 3);
	/* In another's hands: its caller asks anew, and is not "resumed". */
	play.deed = WORK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	play.deed = CRASH;
	assert_int_equal(enter(s, &b, 1), SERVICE_BUSY);
	assert_int_equal(play.ends, 2);
	play.deed = ANSWER;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_DONE);
}

static void gone(void **state)
{
	struct service_answer answer;
	struct service *s = get(4);

	(void)state;
	play.deed = CRASH;
	for (unsigned int i = 0; i <= RESTARTS; i++)
		assert_int_equal(ask(s, &a, 1, &answer), SERVICE_CRASHED);
	assert_non_null(strstr(fake_console, "s4: crashed too often"));
	assert_int_equal(play.loads, RESTARTS);
	assert_int_equal(play.ends, RESTARTS + 1);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(enter(s, i ? &a : &b, 1), SERVICE_GONE);
	assert_int_equal(play.loads, RESTARTS);
	/* Its neighbour does not care. */
	play.deed = ANSWER;
	assert_int_equal(ask(get(0), &a, 1, &answer), SERVICE_DONE);
}

static void ticks(void **state)
{
	struct service_answer answer;
	struct service *s = get(5);
	unsigned int slices_had = 1;

	(void)state;
	play.deed = TICK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	assert_in_range(play.ticks, 10, 11);
	/* In slices, to the end of its time; then it is ended. */
	while (resume(s, &a, 1, &answer) == SERVICE_MORE)
		slices_had++;
	assert_in_range(slices_had, BUDGET_US / SLICE_US - 300,
			BUDGET_US / SLICE_US);
	assert_non_null(strstr(fake_console, "s5 stopped: it used up its"));
	/* A new one has time of its own. */
	play.deed = WORK;
	assert_int_equal(ask(s, &a, 1, &answer), SERVICE_MORE);
	play.deed = ANSWER;
	assert_int_equal(resume(s, &a, 1, &answer), SERVICE_DONE);
}

/* Without a timer, too, calls for ever have an end. */
static void calls_for_ever(void **state)
{
	struct service_answer answer;
	uint64_t begin = fake.tsc;

	(void)state;
	play.deed = CALL_ON;
	assert_int_equal(ask(get(6), &a, 1, &answer), SERVICE_CRASHED);
	assert_in_range(fake.tsc - begin, clock_ticks(BUDGET_US),
			clock_ticks(BUDGET_US + 2000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(answers, setup),
		cmocka_unit_test_setup(slices, setup),
		cmocka_unit_test_setup(orphans, setup),
		cmocka_unit_test_setup(crashes, setup),
		cmocka_unit_test_setup(gone, setup),
		cmocka_unit_test_setup(ticks, setup),
		cmocka_unit_test_setup(calls_for_ever, setup),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
