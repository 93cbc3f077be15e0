/* SPDX-License-Identifier: MIT */
/* See lock.h. No witnesses here: not every proof uses every lock. */
#include "proofs/fake/lock.h"

#include "kernel/base/lock.h"
#include "proofs/fake/proof.h"

uint32_t proof_locks;

void spin_lock(struct spinlock *lock)
{
	__CPROVER_assert(lock->next == lock->owner, "not held already");
	lock->next++;
	proof_locks++;
}

bool spin_try(struct spinlock *lock)
{
	/* Another CPU may hold it. */
	if (lock->next != lock->owner || nondet_bool())
		return false;
	spin_lock(lock);
	return true;
}

void spin_unlock(struct spinlock *lock)
{
	__CPROVER_assert(lock->next != lock->owner, "held");
	lock->owner++;
	proof_locks--;
}
