/* SPDX-License-Identifier: MIT */
/* proof: a ticket lock lets a CPU in when it is its turn and nobody else is
 *   inside, in order and with tickets that wrap; who tries gets it only free
 * sources: kernel/base/lock.c
 * bound: up to 3 CPUs before this one, others come at any time; others' steps
 *   happen before, after and while it waits
 * flags: -Iproofs/fake/wait --unwind 6
 * mutation: kernel/base/lock.c@spin_lock: ACQUIRE) != ticket =>
 *   ACQUIRE) > ticket
 * mutation: kernel/base/lock.c@spin_try: owner + 1, => owner,
 * mutation: kernel/base/lock.c@spin_unlock: lock->owner + 1 => lock->owner + 2
 * mutation: kernel/base/lock.c@spin_try: uint32_t expected = owner; =>
 *   uint32_t expected = lock->next;
 */
#include "kernel/base/lock.h"

#include "proofs/fake/proof.h"
#include "proofs/fake/wait/hw/cpu.h"

#define BEFORE 3u

void *proof_gs;
static struct spinlock lock;
static uint32_t mine, ahead; /* our ticket; CPUs before us */

/* One of those before us leaves; perhaps another CPU comes behind us. */
void hw_pause(void)
{
	if (ahead) {
		lock.owner++;
		ahead--;
	}
	if (nondet_bool() && lock.next - lock.owner < BEFORE + 2)
		lock.next++;
}

static void wait(void)
{
	spin_lock(&lock);
	PROVE(lock.owner == mine && !ahead);
}

static void try(void)
{
	bool was_free = lock.owner == lock.next;
	struct spinlock before = lock;

	if (!spin_try(&lock)) {
		PROVE(!was_free && lock.next == before.next &&
		      lock.owner == before.owner);
		__CPROVER_assume(false);
	}
	PROVE(was_free && lock.owner == mine);
}

int main(void)
{
	lock.owner = nondet_u32();
	ahead = (uint32_t)any_upto(BEFORE);
	mine = lock.next = lock.owner + ahead;
	PROVE(spin_held(&lock) == (ahead != 0));
	if (nondet_bool())
		wait();
	else
		try();
	PROVE(spin_held(&lock) && lock.next - mine >= 1);
	SEEN(mine == ~0u && lock.next == 1);
	spin_unlock(&lock);
	/* The next one's turn, if there is one. */
	PROVE(lock.owner == mine + 1);
	PROVE(spin_held(&lock) == (lock.next - mine != 1));
	return 0;
}
