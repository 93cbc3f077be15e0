/* SPDX-License-Identifier: MIT */
/* Numbered flushes, and the last few of them by range. */
#include "kernel/cpu/tlb.h"

#include <stddef.h>

#include "hw/cpu.h"
#include "kernel/base/lock.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "lib/fmt.h"

/* About twenty seconds. */
#define LIMIT_TICKS 60000000000ull
#define RECENT	    8u
#define NAMES	    64u /* of CPUs that are missing, as text */

/* What the newest flushes are about. A slot is being written while its number
 * is 0; who reads it looks at the number before and after. */
static struct {
	uint64_t number;
	struct tlb_gather what;
} recent[RECENT];

static struct spinlock lock; /* of those who write to recent */
static uint64_t newest;
static uint32_t joined; /* one more than the highest CPU that did */

void tlb_add(struct tlb_gather *what, const void *va, uint64_t pages)
{
	uint64_t at = (uint64_t)va;
	uint32_t n = what->count;

	if (!pages || what->all)
		return;
	what->pages += pages;
	if (pages > TLB_PAGES_MAX || what->pages > TLB_PAGES_MAX) {
		what->all = true;
		return;
	}
	if (n &&
	    what->range[n - 1].va + what->range[n - 1].pages * PAGE_4K == at) {
		what->range[n - 1].pages += pages;
		return;
	}
	if (n == TLB_RANGES) {
		what->all = true;
		return;
	}
	what->range[n].va = at;
	what->range[n].pages = pages;
	what->count++;
}

static void whole_here(void)
{
	hw_cr3_write(hw_cr3_read()); /* no page of ours is global */
}

static void ranges_here(const struct tlb_gather *what)
{
	for (uint32_t i = 0; i < what->count && i < TLB_RANGES; i++)
		for (uint64_t p = 0; p < what->range[i].pages; p++)
			hw_invlpg((void *)(what->range[i].va + p * PAGE_4K));
}

static bool recent_get(uint64_t number, struct tlb_gather *out)
{
	uint32_t slot = number % RECENT;

	if (__atomic_load_n(&recent[slot].number, __ATOMIC_ACQUIRE) != number)
		return false;
	*out = recent[slot].what;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&recent[slot].number, __ATOMIC_RELAXED) ==
	       number;
}

/* Flushes after @seen, page by page; false: not known any more, or too many. */
static bool catch_up_by_range(uint64_t seen, uint64_t now)
{
	uint64_t pages = 0;

	if (now - seen > RECENT)
		return false;
	for (uint64_t n = seen + 1; n <= now; n++) {
		struct tlb_gather what;

		if (!recent_get(n, &what) || what.all)
			return false;
		pages += what.pages;
		if (pages > TLB_PAGES_MAX)
			return false;
		ranges_here(&what);
	}
	return true;
}

/*
 * The number is read first: what is asked for after that may be missed. It only
 * grows: an answer may come in the middle of this, on the same CPU, and know of
 * more; writing the older number over its own would be taking it back.
 */
static void catch_up(struct percpu *cpu)
{
	uint64_t now = __atomic_load_n(&newest, __ATOMIC_SEQ_CST);
	uint64_t seen = __atomic_load_n(&cpu->tlb_seen, __ATOMIC_RELAXED);

	if (seen >= now)
		return;
	if (!catch_up_by_range(seen, now))
		whole_here();
	while (seen < now &&
	       !__atomic_compare_exchange_n(&cpu->tlb_seen, &seen, now, false,
					    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
}

void tlb_answer(struct percpu *cpu)
{
	catch_up(cpu);
}

void tlb_join(struct percpu *cpu)
{
	uint32_t seen = __atomic_load_n(&joined, __ATOMIC_RELAXED);

	__atomic_store_n(&cpu->tlb_state, TLB_ACTIVE, __ATOMIC_SEQ_CST);
	while (seen <= cpu->index &&
	       !__atomic_compare_exchange_n(&joined, &seen, cpu->index + 1,
					    false, __ATOMIC_SEQ_CST,
					    __ATOMIC_RELAXED))
		;
	/* Who flushed before it saw us left this to us. */
	whole_here();
	catch_up(cpu);
}

void tlb_rest(struct percpu *cpu)
{
	__atomic_store_n(&cpu->tlb_state, TLB_RESTS, __ATOMIC_RELEASE);
}

/* Either we see the flush here, or who asks for it sees that we are back. */
void tlb_back(struct percpu *cpu)
{
	__atomic_store_n(&cpu->tlb_state, TLB_ACTIVE, __ATOMIC_SEQ_CST);
	catch_up(cpu);
}

static struct percpu *record(uint32_t index)
{
	return (struct percpu *)percpu_page(index, CPU_PAGE_SELF);
}

static bool waits_for(uint32_t index, uint64_t number)
{
	const struct percpu *cpu = record(index);

	return index != percpu_this()->index &&
	       __atomic_load_n(&cpu->tlb_state, __ATOMIC_SEQ_CST) ==
		       TLB_ACTIVE &&
	       __atomic_load_n(&cpu->tlb_seen, __ATOMIC_ACQUIRE) < number;
}

/* All in one line: of CPUs that find out at the same time only one may speak.
 * Back, where the last of them has answered meanwhile. */
static void missing(uint32_t count, uint64_t number, uint64_t ticks)
{
	char who[NAMES];
	size_t end = 0;
	bool cut = false;

	for (uint32_t i = 0; i < count && !cut; i++) {
		size_t room = sizeof(who) - end, size;

		if (!waits_for(i, number))
			continue;
		size = fmt_print(who + end, room, " %u", i);
		cut = size >= room;
		who[end] = cut ? 0 : ' ';
		end += cut ? 0 : size;
	}
	if (end)
		panic("flush %llu: no answer for %llu ticks: CPU%s%s",
		      (unsigned long long)number, (unsigned long long)ticks,
		      who, cut ? " and others" : "");
}

static uint64_t publish(const struct tlb_gather *what)
{
	uint64_t number;
	uint32_t slot;

	spin_lock(&lock);
	number = newest + 1;
	slot = number % RECENT;
	__atomic_store_n(&recent[slot].number, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	recent[slot].what = *what;
	__atomic_store_n(&recent[slot].number, number, __ATOMIC_RELEASE);
	__atomic_store_n(&newest, number, __ATOMIC_SEQ_CST);
	spin_unlock(&lock);
	return number;
}

static void tell_all(uint32_t count, uint64_t number)
{
	uint64_t start = hw_rdtsc();

	for (uint32_t i = 0; i < count; i++)
		if (waits_for(i, number) &&
		    platform->cpu_signal(record(i), SIGNAL_FLUSH) != OK)
			panic("flush %llu: CPU %u cannot be told",
			      (unsigned long long)number, i);
	for (uint32_t i = 0; i < count; i++)
		while (waits_for(i, number)) {
			uint64_t ticks = hw_rdtsc() - start;

			if (ticks > LIMIT_TICKS)
				missing(count, number, ticks);
			hw_pause();
		}
}

void tlb_flush(const struct tlb_gather *what)
{
	uint64_t number;

	if (!what->count && !what->all)
		return;
	if (platform->tlb_broadcast(what) == OK)
		return;
	number = publish(what);
	catch_up(percpu_this());
	tell_all(__atomic_load_n(&joined, __ATOMIC_SEQ_CST), number);
}

void tlb_flush_all(void)
{
	static const struct tlb_gather everything = { .all = true };

	tlb_flush(&everything);
}
