/* SPDX-License-Identifier: MIT */
/*
 * A stack that grows downwards: addresses are reserved down to `limit`, pages
 * are mapped from `low` to `top`, and what lies below `limit` is never mapped.
 * Only thinking here; pages come and go in kernel/mm/stack. One owner: the CPU
 * (or service) that runs on it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/boot/launch.h"

#define STACK_NAME_MAX 24u
/* Addresses below the limit that say "overflow" and nothing else. */
#define STACK_GUARD    (CPU_STACK_GUARD * 4096ull)
/*
 * How far below the stack pointer an access may be and still be the stack's:
 * a push, or the frame of an exception that stays on this stack, aligned.
 */
#define STACK_BELOW    64u

struct stack {
	uint64_t top;		   /* its end; page-aligned, as the others */
	uint64_t limit;		   /* it never reaches below this */
	uint64_t low;		   /* the lowest mapped byte */
	uint32_t grown;		   /* pages that were mapped by faults */
	char name[STACK_NAME_MAX]; /* for messages: "CPU 3 kernel stack" */
};

enum stack_fault {
	STACK_OTHER,	/* not this stack's business */
	STACK_GROWS,	/* wants its pages from `low` down to the address */
	STACK_OVERFLOW, /* below the limit */
};

/*
 * What a fault at address @at means that hit code whose stack pointer was @sp.
 * Any values may come. An address far below the stack pointer is a stray
 * pointer and must not be hidden by a page that appears under it.
 */
static inline enum stack_fault stack_judge(const struct stack *s, uint64_t at,
					   uint64_t sp)
{
	uint64_t end = s->limit - STACK_GUARD;

	if (at >= s->low || at < end || sp > s->top || sp < end ||
	    (sp > at && sp - at > STACK_BELOW))
		return STACK_OTHER;
	return at < s->limit ? STACK_OVERFLOW : STACK_GROWS;
}

/* Is [at, at + size) on mapped pages of this stack? */
static inline bool stack_holds(const struct stack *s, uint64_t at,
			       uint64_t size)
{
	return at >= s->low && at <= s->top && size <= s->top - at;
}

/*
 * High-water mark in bytes: the deepest word that ever became non-zero, since
 * pages are mapped zeroed. Own stack, or one that nobody runs on.
 */
static inline uint64_t stack_used(const struct stack *s)
{
	const uint64_t *at = (const uint64_t *)s->low;
	const uint64_t *end = (const uint64_t *)s->top;

	while (at < end && !(at[0] | at[1] | at[2] | at[3]))
		at += 4;
	while (at < end && !*at)
		at++;
	return s->top - (uint64_t)at;
}
