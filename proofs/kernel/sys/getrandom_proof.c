/* SPDX-License-Identifier: MIT */
/* proof: getrandom fills each byte that was asked for once, in order, and none
 *   beside them, however often it goes on; it never says more than it did
 * sources: kernel/sys/call.c
 * bound: one turn of up to 130 bytes after any turn before, or one of 4096
 * flags: --unwind 66
 * seconds: 60
 * mutation: kernel/sys/call.c@call_getrandom: t->random_done < a[1] ?
 *   t->random_done : 0 => t->random_done
 * mutation: kernel/sys/call.c@call_getrandom: random_put(a[0] + done, n) =>
 *   random_put(a[0], n)
 * mutation: kernel/sys/call.c@call_getrandom: t->random_done = done + n; =>
 *   t->random_done = n;
 * mutation: kernel/sys/call.c@call_getrandom: !usercopy_range(a[0], a[1]) || =>
 */
#include "kernel/sys/call.h"

#include "kernel/sys/clock.h"
#include "kernel/task/entropy.h"
#include "kernel/task/usercopy.h"
#include "lib/str.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/sys/handlers.h"

static uint64_t filled, start, size;

void bytes_wipe(void *secret, size_t bytes)
{
	(void)secret;
	(void)bytes;
}

uint64_t clock_ns(void)
{
	return nondet_u64();
}

void entropy_fill(void *to, uint64_t bytes)
{
	(void)to;
	__CPROVER_assert(bytes <= 64, "the piece");
}

bool usercopy_range(uint64_t at, uint64_t bytes)
{
	return at < USER_END && bytes <= USER_END - at;
}

enum err usercopy_in(void *to, uint64_t from, uint64_t bytes)
{
	struct sys_message *m = to;

	(void)from;
	__CPROVER_assert(bytes == sizeof(*m), "a message");
	ANY(*m);
	return nondet_bool() ? OK : ERR_ABSENT;
}

enum err usercopy_out(uint64_t to, const void *from, uint64_t bytes)
{
	(void)from;
	__CPROVER_assert(to == start + filled && to < USER_END,
			 "the next bytes");
	__CPROVER_assert(bytes <= size - filled, "no more than asked for");
	filled += bytes;
	return OK;
}

/* Once more for as long as it says so, as ring 3 would by its own RIP. */
static void getrandom(void)
{
	struct trap_frame before = t.frame;

	start = before.rdi;
	size = before.rsi;
	/* Nothing of an earlier getrandom that was given up counts. */
	filled = t.random_done < size ? t.random_done : 0;
	t.frame.rax = before.rax = 318;
	call_dispatch(&t);
	PROVE(filled <= size || t.frame.rax == (uint64_t)SYS_EINVAL);
	if (t.frame.rip != before.rip) {
		PROVE(t.frame.rax == 318 && t.frame.rip == before.rip - 2);
		PROVE(t.random_done == filled && filled < size);
	} else {
		PROVE(t.frame.rax != size || !size || filled == size ||
		      (long)size < 0);
		PROVE(t.random_done == 0);
	}
	SEEN(t.frame.rax == 318 && filled == 8192);
	SEEN(t.frame.rax == 130 && filled == 130);
}

int main(void)
{
	task_any();
	if (nondet_bool()) {
		/* The second turn of three, with numbers of its own. */
		t.frame.rdi = 0x10000;
		t.frame.rsi = 9192;
		t.random_done = 4096;
		getrandom();
	} else {
		GIVEN(t.frame.rsi <= 130);
		getrandom();
	}
	return 0;
}
