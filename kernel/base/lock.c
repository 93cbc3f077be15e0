/* SPDX-License-Identifier: MIT */
/* Ticket spinlocks on compiler atomics. */
#include "kernel/base/lock.h"

#include "hw/cpu.h"

void spin_lock(struct spinlock *lock)
{
	uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket)
		hw_pause();
}

bool spin_try(struct spinlock *lock)
{
	uint32_t owner = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
	uint32_t expected = owner;

	/* Free exactly when the next ticket is the one being served. */
	return __atomic_compare_exchange_n(&lock->next, &expected, owner + 1,
					   false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

void spin_unlock(struct spinlock *lock)
{
	/* Only the holder writes owner: no atomic addition is needed. */
	__atomic_store_n(&lock->owner, lock->owner + 1, __ATOMIC_RELEASE);
}

bool spin_held(const struct spinlock *lock)
{
	return __atomic_load_n(&lock->next, __ATOMIC_RELAXED) !=
	       __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
}
