/* SPDX-License-Identifier: MIT */
/*
 * Ticket spinlocks: fair, so that no CPU of a hostile guest starves another.
 * Interrupts are off in the kernel, hence no variants. Order of locks:
 * docs/locking.md. A lock in zeroed memory is free.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct spinlock {
	uint32_t next;	/* ticket to hand out */
	uint32_t owner; /* ticket being served */
};

void spin_lock(struct spinlock *lock);
bool spin_try(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);

/* True while somebody holds it: for assertions. */
bool spin_held(const struct spinlock *lock);
