/* SPDX-License-Identifier: MIT */
/* A count can be put back only as an initial count: the register then reads as
 * what was left, which no driver minds. */
#include "emu/borrow.h"

#include "abi/x86/apic.h"

#define SLOWEST_SHIFT 7u

static unsigned int shift_of(const struct borrow_timer *t)
{
	return (((t->divide & 3) | (t->divide >> 1 & 4)) + 1) & 7;
}

static bool periodic(const struct borrow_timer *t)
{
	return t->lvt & LVT_PERIODIC;
}

static bool masked(const struct borrow_timer *t)
{
	return t->lvt & LVT_MASKED;
}

bool borrow_unclear(const struct borrow_timer *t, bool requested)
{
	if (masked(t) || !t->initial || requested)
		return false;
	return periodic(t) || t->current == 0;
}

uint64_t borrow_since_zero(const struct borrow_timer *t, uint32_t slow)
{
	uint64_t since_load = (uint64_t)(t->initial - slow) << SLOWEST_SHIFT;

	if (periodic(t))
		return (uint64_t)(t->initial - t->current) << shift_of(t);
	return since_load - ((uint64_t)t->initial << shift_of(t));
}

void borrow_begin(struct borrow *b, const struct borrow_timer *before,
		  const struct borrow_timer *after, bool requested,
		  uint64_t now)
{
	bool passed = periodic(before) ? after->current > before->current
				       : before->current && !after->current;

	b->active = true;
	b->spent = false;
	b->since = now;
	b->owner = *after;
	b->owner.lvt = before->lvt; /* without our mask */
	b->owed = passed && !requested && !masked(before);
	if (before->initial != b->late_initial ||
	    before->divide != b->late_divide || !periodic(before))
		b->late = 0;
	b->late_initial = before->initial;
	b->late_divide = before->divide;
}

static struct borrow_back one_shot(const struct borrow *b, uint64_t counts)
{
	const struct borrow_timer *t = &b->owner;
	bool zero = counts >= t->current;

	return (struct borrow_back){
		.initial = zero ? 0 : t->current - (uint32_t)counts,
		.fire = !masked(t) && (b->owed || (zero && t->current)),
	};
}

/*
 * The period starts anew, since no register holds a phase: the next interrupt
 * is late by what of the period had passed. When that adds up to a whole
 * period, one interrupt is missing, and it is made up for: not together with
 * another one, since the APIC would make one of two.
 */
static struct borrow_back again(struct borrow *b, uint64_t counts)
{
	const struct borrow_timer *t = &b->owner;
	uint64_t period = t->initial + 1ull;
	uint64_t into = t->initial - t->current + counts;
	bool fire = b->owed || into >= period;

	b->late += into % period;
	if (!fire && b->late >= period) {
		b->late -= period;
		fire = true;
	}
	return (struct borrow_back){ t->initial, fire && !masked(t) };
}

struct borrow_back borrow_end(struct borrow *b, uint64_t now)
{
	uint64_t counts = (now - b->since) >> shift_of(&b->owner);

	b->active = false;
	if (!b->owner.initial)
		return (struct borrow_back){ 0, false };
	return periodic(&b->owner) ? again(b, counts) : one_shot(b, counts);
}
