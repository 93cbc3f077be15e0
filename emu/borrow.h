/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic of lending one APIC timer to somebody else for a while: what was
 * its state, what must be put back so that its owner loses no interrupt and
 * gets none twice. Pure; times are nanoseconds, counts run at one a nanosecond
 * divided by the divider.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The registers of an APIC timer, as read. */
struct borrow_timer {
	uint32_t lvt, initial, divide, current;
};

struct borrow {
	bool active;		   /* the timer is not with its owner */
	bool spent;		   /* our own run of it is over, its NMI came */
	uint64_t deadline;	   /* ns at which our own run ends */
	struct borrow_timer owner; /* at the time `since` */
	uint64_t since;
	bool owed; /* it ran out while it was taken, nothing came of it */
	/* Periodic timers start a new period when put back: what they were put
	 * back by so far, in counts, and for which settings. */
	uint64_t late;
	uint32_t late_initial, late_divide;
};

/* What to put into the initial count, and whether the owner's interrupt is to
 * come at once. */
struct borrow_back {
	uint32_t initial;
	bool fire;
};

/* Divider by which a count can be read long after its zero. */
#define BORROW_SLOWEST 0xau

/*
 * Could the interrupt of a zero that the owner's timer reached still be under
 * way? The machine's timers are late at times, and to write to one then would
 * unmake the interrupt. @requested: the vector's request bit is set, so that it
 * either came or would merge.
 */
bool borrow_unclear(const struct borrow_timer *t, bool requested);
/* How long ago that zero was at least, in ns. @slow: the current count as it
 * reads under BORROW_SLOWEST; not looked at if the timer is periodic. */
uint64_t borrow_since_zero(const struct borrow_timer *t, uint32_t slow);

/* The timer was read as @before, then masked, then read as @after. */
void borrow_begin(struct borrow *b, const struct borrow_timer *before,
		  const struct borrow_timer *after, bool requested,
		  uint64_t now);
struct borrow_back borrow_end(struct borrow *b, uint64_t now);
