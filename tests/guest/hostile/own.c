/* SPDX-License-Identifier: MIT */
/*
 * Pages that one vCPU alone names: whatever the others do, each answer and each
 * byte of them is known beforehand. They lie in one region, under one lock.
 */
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/hostile/hostile.h"

#define OWN	16u
#define ENTRIES 12u
#define WORDS	512u

static uint64_t page_at(unsigned int cpu, uint32_t i)
{
	return region_at(REGION_OWN) + (cpu * 32 + i) * PAGE_4K;
}

static uint64_t mark(unsigned int cpu, uint32_t i)
{
	return (uint64_t)(cpu + 1) << 48 | (uint64_t)i << 32 |
	       actors[cpu].round;
}

static void expect_bytes(unsigned int cpu, uint32_t i, uint64_t want)
{
	const volatile uint64_t *word = (void *)page_at(cpu, i);

	for (unsigned int w = 0; w < WORDS; w++)
		if (word[w] != want) {
			strange("a byte of an own page", cpu, page_at(cpu, i),
				word[w]);
			return;
		}
}

/* Between calls: what was written last is still there, then something new. */
static void pages_turn(unsigned int cpu, uint32_t fresh)
{
	uint32_t valid = actors[cpu].own_valid;

	for (uint32_t i = 0; i < OWN; i++)
		if (valid >> i & 1)
			expect_bytes(cpu, i, fresh >> i & 1 ? 0 : mark(cpu, i));
	actors[cpu].round++;
	for (uint32_t i = 0; i < OWN; i++)
		if (valid >> i & 1)
			hw_rep_stosq((void *)page_at(cpu, i), mark(cpu, i),
				     WORDS);
}

static uint32_t entry_make(unsigned int cpu, uint64_t *entry)
{
	uint32_t i = draw(cpu, OWN);

	*entry = pvalidate_entry(page_at(cpu, i), false, draw(cpu, 2),
				 draw(cpu, 4) == 0);
	return i;
}

/* What the entry must do to the vCPU's pages. */
static uint32_t entry_expect(uint64_t entry, uint32_t i, uint32_t *valid,
			     uint32_t *fresh)
{
	uint32_t bit = 1u << i;

	if (!!(entry & SVSM_PVALIDATE_VALIDATE) == !!(*valid & bit))
		return entry & SVSM_PVALIDATE_IGNORE_CF
			       ? SVSM_SUCCESS
			       : CORE_ERR(SVSM_CORE_FAIL_NOCHANGE);
	*valid ^= bit;
	*fresh |= bit;
	return SVSM_SUCCESS;
}

void own_act(unsigned int cpu)
{
	struct page_list *list = &quiet[cpu];
	uint32_t count = 1 + draw(cpu, ENTRIES), done = 0;
	uint32_t valid = actors[cpu].own_valid, fresh = 0;
	uint32_t want = SVSM_SUCCESS, got, which[ENTRIES];

	list->header = (struct svsm_list){ .entries = (uint16_t)count };
	for (uint32_t i = 0; i < count; i++)
		which[i] = entry_make(cpu, &list->entry[i]);
	while (done < count && want == SVSM_SUCCESS) {
		want = entry_expect(list->entry[done], which[done], &valid,
				    &fresh);
		done += want == SVSM_SUCCESS;
	}
	got = call_simple(cpu, SVSM_CORE_PVALIDATE, (uint64_t)list);
	actors[cpu].own_valid = valid;
	if (got != want)
		strange("answer for own pages", cpu, want, got);
	if (list->header.next != done)
		strange("progress in own pages", cpu, done, list->header.next);
	pages_turn(cpu, fresh);
}

void own_start(unsigned int cpu)
{
	for (uint32_t i = 0; i < OWN; i++)
		call_entry(cpu, SVSM_CORE_PVALIDATE,
			   pvalidate_entry(page_at(cpu, i), false, false,
					   true));
	actors[cpu].own_valid = 0;
}
