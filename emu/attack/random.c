/* SPDX-License-Identifier: MIT */
/*
 * A host that answers at random, by the option seed=N: nobody can say where that
 * ends, but never in a wrong answer (scripts/attack.py --storm).
 */
#include "emu/attack/scenario.h"
#include "emu/ghcb.h"
#include "emu/inject.h"
#include "emu/vmpl.h"

#define ONE_IN(n) (next() % (n) == 0)

static uint64_t state;

/* xorshift64* */
static uint64_t next(void)
{
	if (!state)
		state = machine.options.seed * 2 + 1;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull >> 16;
}

static uint64_t spoilt(uint64_t value)
{
	static const uint64_t odd[] = { 0,	    1,		2,
					0xffff,	    0xffffffff, 1ull << 32,
					1ull << 63, 0x80000306, ~0ull };

	if (ONE_IN(3))
		return odd[next() % (sizeof(odd) / sizeof(odd[0]))];
	return value ^ 1ull << next() % 64;
}

/* A field that the SVSM may look at. */
static volatile uint64_t *field(volatile struct ghcb *page)
{
	volatile uint64_t *const fields[] = {
		&page->rax,
		&page->rcx,
		&page->rdx,
		&page->rbx,
		&page->sw_exitinfo1,
		&page->sw_exitinfo2,
		&page->sw_scratch,
		(volatile uint64_t *)(volatile void *)page->valid_bitmap,
		(volatile uint64_t *)(volatile void *)(page->valid_bitmap + 8),
		(volatile uint64_t *)(volatile void *)page->shared_buffer,
		(volatile uint64_t *)(volatile void *)(page->shared_buffer +
						       8 * (next() % 8)),
	};

	return fields[next() % (sizeof(fields) / sizeof(fields[0]))];
}

static enum attack_deed spoil_page(const struct attack_event *e)
{
	volatile uint64_t *at = field(((struct ghcb_call *)e->what)->page);

	if (!ONE_IN(e->arg))
		return ATTACK_NOT;
	*at = spoilt(*at);
	return ATTACK_DONE;
}

static enum attack_deed spoil_msr(const struct attack_event *e)
{
	uint64_t *msr = e->what;

	if (!ONE_IN(e->arg))
		return ATTACK_NOT;
	*msr = spoilt(*msr);
	return ATTACK_DONE;
}

static enum attack_deed resume(const struct attack_event *e)
{
	struct vcpu *c = e->c;

	if (!ONE_IN(e->arg) || !c->live || c->state != VCPU_RUNNING ||
	    c->attention || !inject_is_free(c) || (c->vmcb->int_ctl & V_IRQ) ||
	    !vmpl_preempt(c, 0))
		return ATTACK_NOT;
	return ATTACK_DONE;
}

/* HLT need not last; it ends a wait that an answer has caused. */
static enum attack_deed wake(const struct attack_event *e)
{
	(void)e;
	return ATTACK_INSTEAD;
}

#define ON(at_, levels_, deed_, arg_)                              \
	{                                                          \
		.at = (at_), .levels = (levels_), .mark = 0,       \
		.kind = ATTACK_ANY, .deed = (deed_), .arg = (arg_) \
	}

static const struct attack_scenario list[] = {
	{ "random-page",
	  { ON(ATTACK_ANSWERED, ATTACK_VMPL0, spoil_page, 24),
	    ON(ATTACK_AFTER, ATTACK_VMPL2, resume, 4) } },
	{ "random-msr",
	  { ON(ATTACK_MSR_ANSWER, ATTACK_VMPL0, spoil_msr, 24),
	    ON(ATTACK_AFTER, ATTACK_VMPL2, resume, 4),
	    ON(ATTACK_HALT, ATTACK_VMPL0, wake, 1) } },
};

const struct attack_family attack_random = { list,
					     sizeof(list) / sizeof(list[0]) };
