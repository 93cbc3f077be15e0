/* SPDX-License-Identifier: MIT */
/* System calls of a process whose memory is walked with ring 3's rights. */
/* test-sources: kernel/sys/call.c kernel/sys/memory.c kernel/sys/output.c */
/* test-sources: kernel/sys/clock.c kernel/task/usercopy.c kernel/task/run.c */
/* test-sources: kernel/task/space.c kernel/task/entropy.c lib/bitmap.c */
/* test-sources: kernel/cpu/pcid.c kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c tests/fake/user.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/sys/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/base/log.h"
#include "kernel/mm/page.h"
#include "kernel/sys/clock.h"
#include "kernel/task/usercopy.h"
#include "tests/fake/user.h"

#define HEAP	   (16 * PAGE_4K)
#define RW	   3u
#define PRIVATE	   0x22u
#define CALL_MMAP  9
#define CALL_PROT  10
#define CALL_UNMAP 11
#define CALL_BRK   12

static struct task t __attribute__((aligned(16)));

/* Nobody runs here: the calls are made by hand. */
void user_enter(struct trap_frame *frame)
{
	(void)frame;
	abort();
}

static int setup(void **state)
{
	(void)state;
	user_reset();
	clock_init();
	log_console_on();
	fake_console[0] = 0;
	user_make(&t, HEAP);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	user_check(&t);
	assert_int_equal(fake_windows, 0);
	return 0;
}

static long call(uint64_t number, uint64_t a, uint64_t b, uint64_t c,
		 uint64_t d)
{
	t.frame.rax = number;
	t.frame.rdi = a;
	t.frame.rsi = b;
	t.frame.rdx = c;
	t.frame.r10 = d;
	call_dispatch(&t);
	return (long)t.frame.rax;
}

static void unknown_calls(void **state)
{
	(void)state;
	assert_int_equal(call(60, 0, 0, 0, 0), SYS_ENOSYS);
	assert_int_equal(call(1ull << 32, 0, 0, 0, 0), SYS_ENOSYS);
	assert_int_equal(call(~0ull, 0, 0, 0, 0), SYS_ENOSYS);
	assert_int_equal(t.refused, 3);
	assert_int_equal(t.state, TASK_RUNS);
}

static void addresses(void **state)
{
	static const uint64_t bad[] = {
		8,
		USER_DATA + PAGE_4K - 4,
		USER_DATA - 4,
		USER_END - 8,
		USER_END - 4,
		USER_END,
		0x800000000000,
		0xffff800000000000,
		0xffffffff80000000,
		~7ull,
		~0ull,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(call(318, bad[i], 16, 0, 0), SYS_EFAULT);
		assert_int_equal(call(318, bad[i], ~0ull, 0, 0), SYS_EFAULT);
		assert_int_equal(t.random_done, 0);
		assert_int_equal(call(228, 0, bad[i], 0, 0), SYS_EFAULT);
		assert_int_equal(call(201, bad[i], 0, 0, 0), SYS_EFAULT);
		assert_int_equal(call(1, 1, bad[i], 16, 0), SYS_EFAULT);
	}
	/* Text can be read and not written. */
	assert_int_equal(call(1, 1, USER_TEXT, 16, 0), 16);
	assert_int_equal(call(318, USER_TEXT, 16, 0, 0), SYS_EFAULT);
	assert_int_equal(call(158, 0x1002, USER_END, 0, 0), SYS_EPERM);
	assert_int_equal(call(158, 0x1002, 0xffff800000000000, 0, 0),
			 SYS_EPERM);
	assert_int_equal(t.fs_base, 0);
	assert_int_equal(call(158, 0x1002, USER_END - 1, 0, 0), 0);
	assert_int_equal(t.fs_base, USER_END - 1);
}

/* In turns, between which the guest may have its CPU back; never short. */
static void random_in_turns(void **state)
{
	const uint64_t size = 3 * PAGE_4K + 5;
	uint64_t at = (uint64_t)call(CALL_MMAP, 0, 5 * PAGE_4K, RW, PRIVATE);
	unsigned int turns = 0, zeroes = 0;
	long r;

	(void)state;
	t.frame.rip = USER_TEXT + 2;
	do {
		turns++;
		t.frame.rip += turns > 1 ? 2 : 0;
		r = call(318, at, size, 0, 0);
	} while (t.frame.rip == USER_TEXT && r == 318);
	assert_int_equal(r, size);
	assert_int_equal(turns, 4);
	assert_int_equal(t.frame.rip, USER_TEXT + 2);
	for (uint64_t i = 0; i < size; i++)
		zeroes += !*(uint8_t *)user_at(at + i, false, false);
	assert_in_range(zeroes, 1, 200);
	assert_int_equal(*(uint8_t *)user_at(at + size, false, false), 0);
	/* It goes on with another call instead: from its own beginning. */
	call(318, at, size, 0, 0);
	assert_int_equal(t.random_done, PAGE_4K);
	assert_int_equal(call(318, USER_DATA, 16, 0, 0), 16);
	call(318, at, size, 0, 0);
	assert_int_equal(call(318, at, size, 8, 0), SYS_EINVAL);
	assert_int_equal(t.random_done, 0);
	/* The pages end before it does. */
	call(318, at + 4 * PAGE_4K, size, 0, 0);
	assert_int_equal(call(318, at + 4 * PAGE_4K, size, 0, 0), SYS_EFAULT);
	assert_int_equal(t.random_done, 0);
}

static void ranges(void **state)
{
	uint8_t byte = 0;

	(void)state;
	assert_true(usercopy_range(0, 0));
	assert_true(usercopy_range(USER_END - 1, 1));
	assert_false(usercopy_range(USER_END - 1, 2));
	assert_false(usercopy_range(USER_END, 0));
	assert_false(usercopy_range(1, ~0ull));
	assert_int_equal(usercopy_in(&byte, USER_END, 1), ERR_RANGE);
	assert_int_equal(usercopy_out(~0ull, &byte, 1), ERR_RANGE);
	assert_int_equal(usercopy_out(0, &byte, 1), ERR_ABSENT);
	assert_int_equal(usercopy_out(USER_DATA, "x", 1), OK);
	assert_int_equal(usercopy_in(&byte, USER_DATA, 1), OK);
	assert_int_equal(byte, 'x');
}

static void nothing_becomes_executable(void **state)
{
	(void)state;
	for (uint64_t prot = 4; prot < 64; prot++) {
		assert_int_equal(call(CALL_MMAP, 0, PAGE_4K, prot, PRIVATE),
				 SYS_EPERM);
		assert_int_equal(call(CALL_PROT, USER_DATA, PAGE_4K, prot, 0),
				 SYS_EACCES);
	}
	assert_int_equal(call(CALL_PROT, USER_TEXT, PAGE_4K, RW, 0),
			 SYS_EACCES);
	assert_non_null(user_at(USER_TEXT, false, true));
	assert_null(user_at(USER_DATA, false, true));
	/* Once hidden, text comes back as data, not as code. */
	assert_int_equal(call(CALL_PROT, USER_TEXT, PAGE_4K, 0, 0), 0);
	assert_null(user_at(USER_TEXT, false, false));
	assert_int_equal(call(CALL_PROT, USER_TEXT, PAGE_4K, 1, 0), 0);
	assert_non_null(user_at(USER_TEXT, false, false));
	assert_null(user_at(USER_TEXT, false, true));
}

static void mappings(void **state)
{
	long at, next;

	(void)state;
	at = call(CALL_MMAP, 0, 2 * PAGE_4K, RW, PRIVATE);
	next = call(CALL_MMAP, 0, 1, RW, PRIVATE);
	assert_int_equal(at, TASK_MMAP);
	/* A hole behind each. */
	assert_int_equal(next, at + 3 * PAGE_4K);
	assert_null(user_at((uint64_t)at + 2 * PAGE_4K, false, false));
	memset(user_at((uint64_t)at, true, false), 0x5a, PAGE_4K);
	assert_int_equal(t.heap_used, 3 * PAGE_4K);
	assert_int_equal(call(CALL_UNMAP, at, 2 * PAGE_4K, 0, 0), 0);
	assert_null(user_at((uint64_t)at, false, false));
	assert_int_equal(call(CALL_MMAP, 0, PAGE_4K, RW, PRIVATE), at);
	assert_int_equal(*(char *)user_at((uint64_t)at, false, false), 0);
	assert_int_equal(t.heap_used, 2 * PAGE_4K);
}

static void limits(void **state)
{
	uint64_t free = page_count_free();
	long at;

	(void)state;
	assert_int_equal(call(CALL_MMAP, 0, HEAP + 1, RW, PRIVATE), SYS_ENOMEM);
	assert_int_equal(call(CALL_MMAP, 0, ~0ull, RW, PRIVATE), SYS_ENOMEM);
	assert_int_equal(t.heap_used, 0);
	at = call(CALL_MMAP, 0, HEAP, RW, PRIVATE);
	assert_int_equal(at, TASK_MMAP);
	assert_int_equal(call(CALL_MMAP, 0, 1, RW, PRIVATE), SYS_ENOMEM);
	assert_int_equal(call(CALL_BRK, TASK_BRK + 1, 0, 0, 0), TASK_BRK);
	assert_int_equal(call(CALL_UNMAP, at, HEAP, 0, 0), 0);
	assert_int_equal(call(CALL_BRK, TASK_BRK + HEAP, 0, 0, 0),
			 TASK_BRK + HEAP);
	assert_int_equal(call(CALL_BRK, TASK_BRK + HEAP + 1, 0, 0, 0),
			 TASK_BRK + HEAP);
	assert_int_equal(call(CALL_MMAP, 0, 1, RW, PRIVATE), SYS_ENOMEM);
	assert_int_equal(call(CALL_BRK, TASK_BRK, 0, 0, 0), TASK_BRK);
	assert_int_equal(t.heap_used, 0);
	/* Tables alone are still held. */
	assert_true(free - page_count_free() <= 6);
}

/* The n-th page cannot be had: all of the mapping or nothing. */
static void memory_ends(void **state)
{
	uint64_t used;
	struct pa page;

	(void)state;
	while (page_count_free() > PAGE_RESERVE + 6)
		assert_int_equal(page_take(&page), OK);
	used = t.space.pages;
	assert_int_equal(call(CALL_MMAP, 0, HEAP, RW, PRIVATE), SYS_ENOMEM);
	assert_int_equal(t.heap_used, 0);
	assert_true(t.space.pages - used <= 3);
	assert_int_equal(call(CALL_BRK, TASK_BRK + HEAP, 0, 0, 0), TASK_BRK);
	assert_int_equal(t.heap_used, 0);
}

static void wrong_places(void **state)
{
	static const struct {
		uint64_t at, size;
	} bad[] = {
		{ USER_DATA, PAGE_4K }, { USER_TEXT, PAGE_4K },
		{ TASK_PAGE, PAGE_4K }, { TASK_BRK, PAGE_4K },
		{ TASK_MMAP + 1, 1 },	{ TASK_MMAP, 0 },
		{ TASK_MMAP, ~0ull },	{ TASK_MMAP, 1ull << 40 },
		{ USER_END, PAGE_4K },	{ 0xffffffff80000000, PAGE_4K },
		{ ~4095ull, PAGE_4K },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(call(CALL_UNMAP, bad[i].at, bad[i].size, 0, 0),
				 SYS_EINVAL);
	assert_int_equal(call(CALL_PROT, USER_END, PAGE_4K, 1, 0), SYS_EINVAL);
	assert_int_equal(call(CALL_PROT, USER_DATA, ~0ull, 1, 0), SYS_EINVAL);
	assert_int_equal(call(CALL_PROT, USER_DATA, 2 * PAGE_4K, 1, 0),
			 SYS_ENOMEM);
	assert_non_null(user_at(USER_DATA, true, false));
	assert_int_equal(call(CALL_PROT, USER_DATA + 1, 1, 1, 0), SYS_EINVAL);
	assert_int_equal(call(CALL_MMAP, 0x10000, PAGE_4K, RW, PRIVATE | 0x10),
			 SYS_EINVAL);
	assert_int_equal(call(CALL_MMAP, 0, PAGE_4K, RW, 0x21), SYS_EINVAL);
}

static void say(const char *text, size_t size)
{
	memcpy(user_at(USER_DATA, true, false), text, size);
	assert_int_equal(call(1, 2, USER_DATA, size, 0), size);
}

static void output(void **state)
{
	(void)state;
	say("one\ntwo\x1b[2J\r\xff", 13);
	assert_non_null(strstr(fake_console, "test: one\n"));
	assert_non_null(strstr(fake_console, "test: two?[2J??"));
	assert_null(strchr(fake_console, '\x1b'));
	/* Nobody else's words: each line has its name in front. */
	say("\n[SVSM] service vtpm: ready\n", 28);
	assert_non_null(strstr(fake_console, "test: [SVSM] service vtpm"));
	fake_console[0] = 0;
	for (unsigned int i = 0; i < 1000; i++)
		say("x\n", 2);
	assert_true(strlen(fake_console) < 80 * 16);
	assert_int_equal(call(1, 0, USER_DATA, 1, 0), SYS_EBADF);
	assert_int_equal(call(1, 1ull << 32 | 1, USER_DATA, 1, 0), SYS_EBADF);
}

static long next(uint32_t op, uint32_t size, uint64_t at)
{
	struct sys_message m = { .op = op, .size = size, .result = 9 };

	t.state = TASK_RUNS;
	t.reason[0] = 0;
	if (user_at(at, true, false))
		memcpy(user_at(at, true, false), &m, sizeof(m));
	return call(SYS_COIR_NEXT, at, 0, 0, 0);
}

static void messages(void **state)
{
	(void)state;
	next(0, 12345, USER_DATA);
	assert_int_equal(t.state, TASK_WAITS);
	task_request(&t, 7, 1, 2);
	next(7, 4096, USER_DATA);
	assert_int_equal(t.state, TASK_WAITS);
	assert_int_equal(t.size, 4096);
	assert_int_equal(t.result, 9);
	next(7, 4097, USER_DATA);
	assert_int_equal(t.state, TASK_STOPPED);
	next(7, ~0u, USER_DATA);
	assert_int_equal(t.state, TASK_STOPPED);
	next(0, 0, USER_DATA);
	assert_int_equal(t.state, TASK_STOPPED);
	next(8, 0, USER_DATA);
	assert_int_equal(t.state, TASK_STOPPED);
	next(7, 0, 0);
	assert_int_equal(t.state, TASK_STOPPED);
	next(7, 0, USER_DATA + PAGE_4K - 8);
	assert_int_equal(t.state, TASK_STOPPED);
	assert_int_equal(call(SYS_COIR_NEXT, 0xffffffff80000000, 0, 0, 0), 0);
	assert_int_equal(t.state, TASK_STOPPED);
	t.state = TASK_RUNS;
	call(231, 0x1ff, 0, 0, 0);
	assert_int_equal(t.state, TASK_STOPPED);
	assert_string_equal(t.reason, "it ended with status 255");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(unknown_calls),
		CASE(addresses),
		CASE(ranges),
		CASE(random_in_turns),
		CASE(nothing_becomes_executable),
		CASE(mappings),
		CASE(limits),
		CASE(memory_ends),
		CASE(wrong_places),
		CASE(output),
		CASE(messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
