/* SPDX-License-Identifier: MIT */
/* The first CPU maps and unmaps, the others read all the time. */
#include "tests/inject/shoot.h"

#include "abi/boot/launch.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "tests/inject/fault.h"
#include "tests/inject/option.h"
#include "tests/inject/suite.h"

#define SHOOT_VA  (DEVICES_VA + 0xc0000000)
#define PAGES	  3u /* of one mapping */
#define SETS	  2u /* that take turns behind the same addresses */
#define POISON	  0x6e6f73696f70ull
#define AWAKE	  64u /* rounds from one without rest to the next */
#define EXIT_PORT 0xf4u

static struct pa page[SETS][PAGES];
static uint64_t round_now;	      /* mapped; 0: nothing is */
static uint64_t round_gone;	      /* all CPUs have flushed this one */
static uint64_t used[SUITE_CPUS_MAX]; /* the last round that a CPU read */
static uint64_t reads, faults, stale;
static bool over;
static bool resting; /* rest=1 */
static uint64_t seen[SUITE_CPUS_MAX];

static void content(struct pa pa, uint64_t word)
{
	struct tmpmap map = tmpmap_4k(pa, KMAP_WRITE);

	*(volatile uint64_t *)map.va = word;
	tmpmap_drop(map);
}

static char *shoot_va(unsigned int n)
{
	return (char *)SHOOT_VA + n * PAGE_4K;
}

static void map_all(unsigned int set, uint64_t round)
{
	for (unsigned int n = 0; n < PAGES; n++) {
		content(page[set][n], round);
		if (kmap_page(shoot_va(n), page[set][n], KMAP_READ) != OK)
			panic("shoot: not mapped");
	}
}

static void unmap_all(unsigned int set, bool blind)
{
	struct tlb_gather what = { 0 };
	struct pa old;

	for (unsigned int n = 0; n < PAGES; n++) {
		if (kmap_drop(shoot_va(n), &old) != OK)
			panic("shoot: not unmapped");
		tlb_add(&what, shoot_va(n), 1);
	}
	if (!blind)
		tlb_flush(&what);
	__atomic_store_n(&round_gone, round_now, __ATOMIC_RELEASE);
	for (unsigned int n = 0; n < PAGES; n++)
		content(page[set][n], POISON);
}

static void all_have_used(uint64_t round)
{
	for (uint32_t i = 1; i < suite_cpus(); i++)
		while (__atomic_load_n(&used[i], __ATOMIC_ACQUIRE) != round)
			hw_pause();
}

static void wake_all(void)
{
	for (uint32_t i = 1; resting && i < suite_cpus(); i++)
		if (platform->cpu_signal((void *)percpu_page(i, CPU_PAGE_SELF),
					 SIGNAL_WAKE) != OK)
			panic("shoot: rest=1 is not for this platform");
}

static void rounds_run(uint64_t rounds, bool blind)
{
	for (uint64_t r = 1; r <= rounds; r++) {
		map_all(r % SETS, r);
		__atomic_store_n(&round_now, r, __ATOMIC_RELEASE);
		wake_all();
		all_have_used(r);
		unmap_all(r % SETS, blind);
		if (__atomic_load_n(&stale, __ATOMIC_RELAXED))
			return;
	}
}

static void read_word(void *at)
{
	__atomic_store_n(&seen[percpu_this()->index], *(volatile uint64_t *)at,
			 __ATOMIC_RELAXED);
}

/* What was gone before we looked must not be what we see. */
static void look(struct percpu *cpu, unsigned int n)
{
	uint64_t gone = __atomic_load_n(&round_gone, __ATOMIC_ACQUIRE), word;

	if (fault_catch(read_word, shoot_va(n)).vector != FAULT_NONE) {
		__atomic_add_fetch(&faults, 1, __ATOMIC_RELAXED);
		return;
	}
	word = seen[cpu->index];
	__atomic_add_fetch(&reads, 1, __ATOMIC_RELAXED);
	if (word == POISON || word <= gone) {
		__atomic_add_fetch(&stale, 1, __ATOMIC_RELAXED);
		return;
	}
	if (n == PAGES - 1)
		__atomic_store_n(&used[cpu->index], word, __ATOMIC_RELEASE);
}

/* Nothing new, and a signal will come with it. */
static void rest(struct percpu *cpu)
{
	uint64_t done = used[cpu->index];

	while (resting && done && done % AWAKE &&
	       __atomic_load_n(&round_now, __ATOMIC_ACQUIRE) == done &&
	       !__atomic_load_n(&over, __ATOMIC_ACQUIRE))
		platform->halt();
}

static void reader(struct percpu *cpu)
{
	for (unsigned int n = 0; !__atomic_load_n(&over, __ATOMIC_ACQUIRE);
	     n = (n + 1) % PAGES)
		if (__atomic_load_n(&stale, __ATOMIC_RELAXED)) {
			__atomic_store_n(&used[cpu->index],
					 __atomic_load_n(&round_now,
							 __ATOMIC_ACQUIRE),
					 __ATOMIC_RELEASE);
		} else {
			look(cpu, n);
			rest(cpu);
		}
}

static void owner(uint64_t rounds)
{
	bool blind = option_number("blind") != 0;
	uint64_t start = hw_rdtsc();

	for (unsigned int i = 0; i < SETS * PAGES; i++)
		if (page_take(&page[i / PAGES][i % PAGES]) != OK)
			panic_memory("shoot");
	rounds_run(rounds, blind);
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	wake_all();
	log_line("shoot: %s: %llu of %llu rounds, %llu reads, %llu faults, "
		 "%llu stale, %llu Mticks",
		 stale ? "FAILED" : "passed", (unsigned long long)round_now,
		 (unsigned long long)rounds, (unsigned long long)reads,
		 (unsigned long long)faults, (unsigned long long)stale,
		 (unsigned long long)(hw_rdtsc() - start) / 1000000);
	if (platform->has_guest())
		return;
	if (platform->io_write(EXIT_PORT, 1, stale != 0) != OK)
		panic("no way to end the machine");
}

void shoot_test(const char *rounds)
{
	struct percpu *cpu = percpu_this();

	(void)rounds;
	suite_begin();
	suite_meet();
	if (cpu->index == 0)
		resting = option_number("rest") != 0;
	suite_meet();
	if (cpu->index == 0)
		owner(option_number("shoot"));
	else
		reader(cpu);
}
