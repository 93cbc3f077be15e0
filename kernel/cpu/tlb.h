/* SPDX-License-Identifier: MIT */
/*
 * Translations that other CPUs may still hold: gathered, then flushed once.
 * A page, or a page table, that was unmapped may be used again only after
 * tlb_flush has returned.
 *
 * Two back ends. Where the platform has an instruction for all CPUs
 * (tlb_broadcast), that is all. Else flushes are numbered: each CPU is told by
 * an interrupt that nothing holds off, and notes the newest number that it saw
 * before it flushed. A CPU that rests (tlb_rest) is not told: it catches up when
 * it comes back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct percpu;

#define TLB_RANGES    8u
/* More pages than this are not flushed one by one. */
#define TLB_PAGES_MAX 32u

/* All zero: nothing. The caller's, usually on its stack. */
struct tlb_gather {
	uint32_t count;
	bool all; /* everything, whatever the ranges say */
	uint64_t pages;
	struct {
		uint64_t va;
		uint64_t pages;
	} range[TLB_RANGES];
};

/* @va: page-aligned. Neighbours are joined; too much becomes `all`. */
void tlb_add(struct tlb_gather *what, const void *va, uint64_t pages);

/*
 * No CPU uses what was gathered any more: call it after the entries are gone, on
 * any CPU, with any lock held. Nothing gathered: no cost. CPUs that do not
 * answer in time end the VM, with a line that names them.
 */
void tlb_flush(const struct tlb_gather *what);
void tlb_flush_all(void);

/* This CPU counts from now on; it starts without old translations. */
void tlb_join(struct percpu *cpu);

/* The interrupt of another CPU's flush came. Any number of them, at any point. */
void tlb_answer(struct percpu *cpu);

/* Between the two this CPU uses no address that may be unmapped meanwhile. */
void tlb_rest(struct percpu *cpu);
void tlb_back(struct percpu *cpu);
