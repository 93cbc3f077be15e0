/* SPDX-License-Identifier: MIT */
/* Pages and objects under contention, and mappings that come and go. */
#include "abi/boot/launch.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "tests/inject/fault.h"
#include "tests/inject/suite.h"

/* Where CPUs outnumber the computer's own, each hand-over of a fair lock costs a
 * turn of its scheduler, and the more of them, the more turns. */
#define ROUNDS	64u
#define PAGES	8u
#define OBJECTS 32u
#define OBJECT	48u
#define WORDS	(PAGE_4K / 8)

/* Unused addresses, apart for each CPU. */
#define TRIAL_VA   (DEVICES_VA + 0x40000000)
#define TRIAL_SIZE 0x1000000ull

static char *trial_va(const struct percpu *cpu)
{
	return (char *)(TRIAL_VA + cpu->index * TRIAL_SIZE);
}

/* A page of zeroes becomes one of @mark. */
static bool page_stamp(struct pa page, uint64_t mark)
{
	struct tmpmap map = tmpmap_4k(page, KMAP_WRITE);
	uint64_t *word = map.va, any = 0;

	for (unsigned int i = 0; i < WORDS; i++) {
		any |= word[i];
		word[i] = mark;
	}
	tmpmap_drop(map);
	return !any;
}

static bool page_holds(struct pa page, uint64_t mark)
{
	struct tmpmap map = tmpmap_4k(page, KMAP_READ);
	const uint64_t *word = map.va;
	bool same = true;

	for (unsigned int i = 0; i < WORDS; i++)
		same = same && word[i] == mark;
	tmpmap_drop(map);
	return same;
}

static uint64_t mark_of(const struct percpu *cpu, uint32_t round, uint32_t n)
{
	return (uint64_t)(cpu->index + 1) << 32 | round << 8 | n;
}

static void pages_round(struct percpu *cpu, uint32_t round)
{
	struct pa page[PAGES];
	bool zero = true, kept = true;

	for (uint32_t i = 0; i < PAGES; i++) {
		if (page_take(&page[i]) != OK) {
			suite_expect(false, "no page");
			return;
		}
		zero = page_stamp(page[i], mark_of(cpu, round, i)) && zero;
	}
	for (uint32_t i = 0; i < PAGES; i++) {
		kept = page_holds(page[i], mark_of(cpu, round, i)) && kept;
		page_give(page[i]);
	}
	suite_expect(zero, "a page was not zero");
	suite_expect(kept, "somebody else wrote to a page");
}

static void objects_round(struct percpu *cpu)
{
	uint64_t *object[OBJECTS];
	bool zero = true, kept = true;

	for (uint32_t i = 0; i < OBJECTS; i++) {
		if (heap_take(OBJECT, (void **)&object[i]) != OK) {
			suite_expect(false, "no object");
			return;
		}
		for (uint32_t w = 0; w < OBJECT / 8; w++)
			zero = zero && !object[i][w];
		object[i][0] = object[i][OBJECT / 8 - 1] = mark_of(cpu, 0, i);
	}
	for (uint32_t i = 0; i < OBJECTS; i++) {
		kept = kept && object[i][0] == mark_of(cpu, 0, i) &&
		       object[i][OBJECT / 8 - 1] == mark_of(cpu, 0, i);
		heap_give(object[i], OBJECT);
	}
	suite_expect(zero, "an object was not zero");
	suite_expect(kept, "somebody else wrote to an object");
}

void suite_allocator(struct percpu *cpu)
{
	const uint32_t rounds = ROUNDS / (suite_cpus() * suite_cpus()) + 2;
	uint64_t before = page_count_taken();

	suite_meet();
	for (uint32_t round = 0; round < rounds; round++)
		pages_round(cpu, round);
	suite_meet();
	suite_expect(page_count_taken() == before, "pages were lost");
	suite_meet();
	for (uint32_t round = 0; round < rounds; round++)
		objects_round(cpu);
}

static void touch_read(void *at)
{
	(void)*(volatile uint8_t *)at;
}

static void touch_write(void *at)
{
	*(volatile uint8_t *)at = 1;
}

static void absent(char *va, const char *what)
{
	struct fault f = fault_catch(touch_read, va);

	suite_expect(f.vector == TRAP_PF && f.error == 0 &&
			     f.address == (uint64_t)va,
		     what);
}

static void mapping_round(char *va, uint64_t mark)
{
	struct pa page, other, old = { 0 };
	struct fault f;

	absent(va, "an address without a page did not fault");
	if (page_take(&page) != OK || page_take(&other) != OK ||
	    kmap_page(va, page, KMAP_WRITE) != OK) {
		suite_expect(false, "no page to map");
		return;
	}
	*(volatile uint64_t *)va = mark;
	suite_expect(kmap_page(va, other, KMAP_WRITE) == ERR_EXISTS,
		     "mapped twice");
	suite_expect(kmap_replace(va, other, KMAP_READ) == OK &&
			     *(volatile uint64_t *)va == 0,
		     "the page behind an address did not change");
	f = fault_catch(touch_write, va);
	suite_expect(f.vector == TRAP_PF && f.error == 3,
		     "a write to a read-only page did not fault");
	suite_expect(kmap_drop(va, &old) == OK && old.v == other.v,
		     "another page was unmapped");
	absent(va, "an unmapped page did not fault");
	page_give(page);
	page_give(other);
}

void suite_mappings(struct percpu *cpu)
{
	for (uint32_t i = 0; i < ROUNDS / 16; i++)
		mapping_round(trial_va(cpu) + i * PAGE_4K, i + 1);
}
