/* SPDX-License-Identifier: MIT */
/* System calls with any registers: a process never gets a page that is not its
 * own, none that it could write and run, no more than its heap; and all of them
 * come back. */
/* test-sources: kernel/sys/call.c kernel/sys/memory.c kernel/sys/output.c */
/* test-sources: kernel/sys/clock.c kernel/task/usercopy.c kernel/task/run.c */
/* test-sources: kernel/task/space.c kernel/task/entropy.c lib/bitmap.c */
/* test-sources: kernel/cpu/pcid.c kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c tests/fake/user.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include <stdlib.h>
#include <string.h>

#include "kernel/mm/page.h"
#include "kernel/sys/call.h"
#include "kernel/sys/clock.h"
#include "tests/fake/user.h"

#define HEAP (32 * PAGE_4K)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void user_enter(struct trap_frame *frame)
{
	(void)frame;
	abort();
}

/* A number that matters, or any other. */
static uint64_t value(const uint8_t *in)
{
	static const uint64_t places[] = {
		0,
		USER_DATA,
		USER_TEXT,
		TASK_BRK,
		TASK_MMAP,
		TASK_PAGE,
		TASK_STACK_TOP,
		USER_END,
		0x800000000000,
		0xffff800000000000,
		0xffffffff80000000,
		~0xfffull,
	};
	uint64_t base = places[in[0] % (sizeof(places) / sizeof(places[0]))];
	uint64_t wild;

	memcpy(&wild, in + 1, sizeof(wild));
	/* This program's own memory is no place of ring 3's. */
	if (in[0] & 0x80)
		return wild < USER_END ? wild % (1ull << 39) : wild;
	if (in[0] & 0x40)
		return in[1] % 64;
	return base + (uint64_t)(in[1] % 40) * PAGE_4K + (int8_t)in[2] % 16;
}

static uint64_t number(const uint8_t *in)
{
	static const uint16_t calls[] = {
		0,  1,	9,   9,	  9,   10,  10,	 11,  11,  12,
		12, 39, 158, 201, 202, 218, 228, 231, 318, SYS_COIR_NEXT,
	};

	return *in < 250 ? calls[*in % (sizeof(calls) / sizeof(calls[0]))]
			 : (uint64_t)*in * 0x1000193;
}

/* What the program itself writes: a message, most often. */
static void store(const struct task *t, const uint8_t *in)
{
	uint8_t *at = user_at(USER_DATA + in[1] % 64 * 8, true, false);
	struct sys_message m = { .op = in[2] & 1 ? t->op : in[3],
				 .size = in[4] | in[5] << 8 };

	if (at)
		memcpy(at, &m, sizeof(m));
}

#define PIECE (1 + 4 * 9)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct task t __attribute__((aligned(16)));
	uint64_t before;

	user_reset();
	clock_init();
	before = page_count_taken();
	user_make(&t, HEAP);
	for (; size >= PIECE; data += PIECE, size -= PIECE) {
		if (data[0] == 255) {
			store(&t, data);
			continue;
		}
		t.frame.rax = number(data);
		t.frame.rdi = value(data + 1);
		t.frame.rsi = value(data + 10);
		t.frame.rdx = value(data + 19);
		t.frame.r10 = value(data + 28);
		call_dispatch(&t);
		if (t.state == TASK_WAITS && t.op && t.size > SYS_MESSAGE_MAX)
			abort();
		if (t.state == TASK_WAITS)
			t.op = 1;
		t.state = TASK_RUNS;
		if (t.heap_used > HEAP || t.fs_base >= USER_END ||
		    t.brk < TASK_BRK || t.brk > TASK_BRK + HEAP)
			abort();
	}
	user_check(&t);
	space_end(&t.space);
	if (page_count_taken() != before || fake.violations || fake_windows)
		abort();
	return 0;
}
