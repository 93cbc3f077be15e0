/* SPDX-License-Identifier: MIT */
/* Map, read, unmap, flush, use again: the parts of one round. */
#include "tests/inject/lane.h"

#include "abi/boot/launch.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "tests/inject/fault.h"
#include "tests/inject/suite.h"

#define LANE_VA	  (DEVICES_VA + 0xc0000000)
#define LANE_SIZE (8 * PAGE_4K) /* what lies between is never mapped */
#define POISON	  0x6e6f73696f70ull
#define NUMBER_AT 48 /* above it the lane, below it the round */
#define ROUND	  ((1ull << NUMBER_AT) - 1)
#define EXIT_PORT 0xf4u

struct lane_counts lane_counts;
static uint64_t seen[SUITE_CPUS_MAX];

static void count(uint64_t *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static void content(struct pa pa, uint64_t word)
{
	struct tmpmap map = tmpmap_4k(pa, KMAP_WRITE);

	*(volatile uint64_t *)map.va = word;
	tmpmap_drop(map);
}

static char *place(const struct lane *lane, unsigned int n)
{
	return (char *)LANE_VA + lane->number * LANE_SIZE + n * PAGE_4K;
}

void lane_init(struct lane *lane, uint64_t number)
{
	lane->number = number;
	for (unsigned int i = 0; i < 2 * LANE_PAGES; i++)
		if (page_take(&lane->page[i / LANE_PAGES][i % LANE_PAGES]) !=
		    OK)
			panic_memory("a lane");
}

void lane_map(struct lane *lane, uint64_t round)
{
	for (unsigned int n = 0; n < LANE_PAGES; n++) {
		struct pa pa = lane->page[round % 2][n];

		content(pa, lane->number << NUMBER_AT | round);
		if (kmap_page(place(lane, n), pa, KMAP_READ) != OK)
			panic("lane: not mapped");
	}
	__atomic_store_n(&lane->now, round, __ATOMIC_RELEASE);
}

void lane_unmap(struct lane *lane, bool blind)
{
	struct tlb_gather what = { 0 };
	struct pa old;

	for (unsigned int n = 0; n < LANE_PAGES; n++) {
		if (kmap_drop(place(lane, n), &old) != OK)
			panic("lane: not unmapped");
		tlb_add(&what, place(lane, n), 1);
	}
	if (!blind)
		tlb_flush(&what);
	count(&lane_counts.flushes);
	__atomic_store_n(&lane->gone, lane->now, __ATOMIC_RELEASE);
	for (unsigned int n = 0; n < LANE_PAGES; n++)
		content(lane->page[lane->now % 2][n], POISON);
}

static void read_word(void *at)
{
	__atomic_store_n(&seen[percpu_this()->index], *(volatile uint64_t *)at,
			 __ATOMIC_RELAXED);
}

/* 0: nothing is mapped. */
static uint64_t word_at(const struct lane *lane, unsigned int page)
{
	if (fault_catch(read_word, place(lane, page)).vector != FAULT_NONE)
		return 0;
	return seen[percpu_this()->index];
}

/* What was gone before we looked must not be what we see. */
static bool right(const struct lane *lane, uint64_t word, uint64_t gone)
{
	return word >> NUMBER_AT == lane->number && (word & ROUND) > gone;
}

uint64_t lane_look(const struct lane *lane, unsigned int page)
{
	uint64_t gone = __atomic_load_n(&lane->gone, __ATOMIC_ACQUIRE);
	uint64_t word = word_at(lane, page);

	count(word ? &lane_counts.reads : &lane_counts.faults);
	if (!word)
		return 0;
	if (right(lane, word, gone))
		return word & ROUND;
	count(&lane_counts.stale);
	return 0;
}

bool lane_old(const struct lane *lane, unsigned int page)
{
	uint64_t gone = __atomic_load_n(&lane->gone, __ATOMIC_ACQUIRE);
	uint64_t word = word_at(lane, page);

	return word && !right(lane, word, gone);
}

bool lane_stale(void)
{
	return __atomic_load_n(&lane_counts.stale, __ATOMIC_RELAXED) != 0;
}

void lane_wake(uint32_t index)
{
	if (platform->cpu_signal((void *)percpu_page(index, CPU_PAGE_SELF),
				 SIGNAL_WAKE) != OK)
		panic("lane: nobody can be woken on this platform");
}

void lane_report(const char *name, const char *words)
{
	const struct lane_counts *c = &lane_counts;

	log_line("%s: %s: %s, %llu reads, %llu faults, %llu stale", name,
		 c->stale ? "FAILED" : "passed", words,
		 (unsigned long long)c->reads, (unsigned long long)c->faults,
		 (unsigned long long)c->stale);
	if (platform->has_guest())
		return;
	if (platform->io_write(EXIT_PORT, 1, c->stale != 0) != OK)
		panic("no way to end the machine");
}
