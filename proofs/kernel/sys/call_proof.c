/* SPDX-License-Identifier: MIT */
/* proof: any system call with any registers ends in the call of that number or
 *   in ENOSYS; no answer of a service is longer than its page or for another
 *   request; FS never leaves ring 3's half
 * sources: kernel/sys/call.c
 * bound: any registers; getrandom has a proof of its own
 * flags: --unwind 17
 * mutation: kernel/sys/call.c@call_next: m.size > SYS_MESSAGE_MAX =>
 *   m.size > SYS_MESSAGE_MAX + 1
 * mutation: kernel/sys/call.c@call_next: m.op != t->op => false
 * mutation: kernel/sys/call.c@call_arch_prctl: a[1] >= USER_END => false
 * mutation: kernel/sys/call.c@call_dispatch: i < CALLS => i <= CALLS
 */
#include "kernel/sys/call.h"

#include "kernel/sys/clock.h"
#include "kernel/task/entropy.h"
#include "kernel/task/usercopy.h"
#include "lib/str.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/sys/handlers.h"

static struct sys_message said;

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
	ANY(said);
	*m = said;
	return nondet_bool() ? OK : ERR_ABSENT;
}

enum err usercopy_out(uint64_t to, const void *from, uint64_t bytes)
{
	(void)to;
	(void)from;
	(void)bytes;
	return nondet_bool() ? OK : ERR_ABSENT;
}

static void any_call(void)
{
	uint64_t number = t.frame.rax;
	uint32_t refused = t.refused;

	__CPROVER_assume(number != 318);
	call_dispatch(&t);
	PROVE(t.fs_base < USER_END);
	PROVE((t.frame.rax == (uint64_t)SYS_ENOSYS && number != 202) ==
	      (t.refused != refused));
	PROVE(number < 0x5000 || t.refused == refused + 1);
	if (t.state != TASK_WAITS)
		return;
	PROVE(number == SYS_COIR_NEXT);
	PROVE(said.op == t.op && t.size == said.size);
	PROVE(!t.op || t.size <= SYS_MESSAGE_MAX);
	SEEN(t.size == SYS_MESSAGE_MAX && t.op == 1);
}

int main(void)
{
	task_any();
	any_call();
	return 0;
}
