/* SPDX-License-Identifier: MIT */
/*
 * The words of a proof (docs/proofs.md). A proof is a program whose unknowns
 * cbmc(1) gives every value they can have; scripts/proof.py is the judge.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The one size of a proof's world; its `flags` and `long` set it by -DBOUND=N. */
#ifndef BOUND
#define BOUND 8
#endif

void __CPROVER_assert(_Bool condition, const char *text);
void __CPROVER_assume(_Bool condition);
void __CPROVER_havoc_object(void *object);
void __CPROVER_havoc_slice(void *at, size_t size);

/* Any value; each call another one. */
_Bool nondet_bool(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);
size_t nondet_size(void);

/* What the caller of the code under proof promises, by its header's contract.
 * Each use says where it is promised: what is assumed is not proved. */
#define GIVEN(condition) __CPROVER_assume(condition)

/* Some execution gets here with the condition true. The judge wants this very
 * assertion to fail: a proof that assumes too much would hold of nothing. */
#ifdef PROOF_MUTATED
#define PROOF_SEEN(condition, text) ((void)(condition))
#else
#define PROOF_SEEN(condition, text) \
	__CPROVER_assert(!(condition), "seen: " text)
#endif
#define SEEN(condition) PROOF_SEEN(condition, #condition)

/* The condition holds in every execution that gets here, and one does. */
#define PROVE(condition)                                              \
	do {                                                          \
		PROOF_SEEN(true, #condition);                         \
		__CPROVER_assert((condition), "proved: " #condition); \
	} while (0)

/* A whole variable may hold anything; of a part, all of its variable may. */
#define ANY(object) __CPROVER_havoc_object((void *)&(object))

/* Anything up to and including limit. */
static inline size_t any_upto(size_t limit)
{
	size_t v = nondet_size();

	__CPROVER_assume(v <= limit);
	return v;
}
