/* SPDX-License-Identifier: MIT */
/* proof: who answers has dropped every page of every flush up to the newest, or
 *   all of them, and notes that; the note never goes back, although the other
 *   CPUs flush, and an interrupt answers, in the midst of it
 * sources: kernel/cpu/tlb.c proofs/kernel/cpu/tlb.h
 * bound: one or two flushes behind, the 22nd and the 23rd, of up to 2 ranges of
 *   2 pages among 8, any of them not known any more, or more than eight
 *   behind; one more, with its answer, while these are carried out
 * flags: -Iproofs/fake/tlb --unwind 9 --unwindset ranges_here.0:3
 *   --unwindset ranges_here.1:3 --unwindset catch_up_by_range.0:3
 *   --unwindset catch_up.0:3
 * mutation: kernel/cpu/tlb.c@catch_up_by_range: n = seen + 1 => n = seen + 2
 * mutation: kernel/cpu/tlb.c@catch_up_by_range: n <= now => n < now
 * mutation: kernel/cpu/tlb.c@catch_up_by_range: || what.all =>
 * mutation: kernel/cpu/tlb.c@catch_up: seen >= now => seen + 1 >= now
 * mutation: kernel/cpu/tlb.c@catch_up: seen < now && => true &&
 * mutation: kernel/cpu/tlb.c@ranges_here: p < what->range[i].pages => p < 1
 */
#include "proofs/kernel/cpu/tlb.h"

#define MANY   2u	     /* ranges, and pages of each */
#define ROOM   (8 * PAGE_4K) /* of addresses: which are the same matters */
#define FEW    2u	     /* flushes that were missed */
#define BEFORE 21u /* numbers matter by their distance, and by their slot */

static struct percpu cpu;
static uint64_t page;	 /* the address of any one */
static bool dropped;	 /* and here no more */
static bool interrupted; /* once */
static uint64_t highest; /* that tlb_seen ever was */

static bool small(const struct tlb_gather *what)
{
	for (uint32_t i = 0; i < MANY; i++)
		if (what->range[i].pages > MANY || what->range[i].va >= ROOM)
			return false;
	return what->count <= MANY && gathered(what);
}

/* Another CPU flushes, and this one answers before it goes on with its own. That
 * a slot is taken from it is as if it had not been known before. */
static void interrupt(void)
{
	if (interrupted || nondet_bool())
		return;
	interrupted = true;
	highest = cpu.tlb_seen = ++newest;
}

void hw_cr3_write(uint64_t v)
{
	(void)v;
	dropped = true;
	interrupt();
}

void hw_invlpg(const volatile void *va)
{
	if ((uint64_t)va == page)
		dropped = true;
	interrupt();
}

void hw_pause(void)
{
}

uint64_t hw_rdtsc(void)
{
	return nondet_u64();
}

/* Has the flush to do with the page? Yes, if nobody knows any more. */
static bool is_about(uint64_t number)
{
	for (uint32_t i = 0; i < RECENT; i++)
		if (number % RECENT == i)
			return recent[i].number != number ||
			       covers(&recent[i].what, page);
	return false;
}

int main(void)
{
	uint64_t number = nondet_u64(), now;
	bool about, known;

	ANY(recent);
	page = nondet_u64();
	newest = now = nondet_u64();
	highest = cpu.tlb_seen = BEFORE;
	GIVEN(page % PAGE_4K == 0 && page < ROOM + MANY * PAGE_4K);
	GIVEN(newest < ~0ull - 1); /* one each nanosecond: centuries */
	GIVEN(now - BEFORE <= FEW || now - BEFORE > RECENT);
	for (uint32_t i = 0; i < RECENT; i++)
		GIVEN(small(&recent[i].what)); /* by tlb_add */
	GIVEN(number > cpu.tlb_seen && number <= now);
	known = now - BEFORE <= FEW;
	about = is_about(number);
	tlb_answer(&cpu);
	PROVE(!about || dropped);
	PROVE(cpu.tlb_seen >= now && cpu.tlb_seen >= highest);
	SEEN(known && !dropped);
	SEEN(!known && interrupted);
	SEEN(cpu.tlb_seen == now && !interrupted);
	return 0;
}
