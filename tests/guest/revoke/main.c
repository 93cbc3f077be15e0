/* SPDX-License-Identifier: MIT */
/*
 * vCPU 0 takes pages from the guest by every call that can, while the others use
 * them all the time. What it publishes after the call's return is `gone`; who
 * had read that and then still got at a page used an old translation. Options:
 * cpus=N rounds=N way=NAME threads
 */
#include "hw/cpu.h"
#include "lib/addr.h"
#include "lib/str.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/revoke/revoke.h"
#include "tests/guest/svsm.h"

#define SPINS 400000000u

static struct {
	const struct way *way;
	uint64_t watch[WATCH_MAX];
	unsigned int watched;
} now; /* changes while no vCPU looks */

static uint32_t round_open; /* may be looked at */
static uint32_t round_gone; /* taken: its pages are the guest's no more */
static uint32_t round_over; /* refused: nothing more to see */
static bool the_end, threads;
static unsigned int cpus;

/* Of one vCPU; a cache line each. */
static struct {
	uint32_t loaded, done; /* rounds */
	uint64_t reads, faults, stale;
} looker[VCPU_MAX] __attribute__((aligned(64)));

static uint32_t get(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void set(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* In one thread of QEMU a PAUSE is the next vCPU's turn; it keeps the TLB. */
static void breathe(void)
{
	if (!threads)
		hw_pause();
}

static bool use(unsigned int cpu, uint32_t round, uint32_t step)
{
	uint64_t page = now.watch[(cpu + step) % now.watched];
	uint8_t byte;

	if (now.way->write)
		return probe_write((void *)(page + way_byte()),
				   way_byte_value((cpu + round + step) & 1)) ==
		       0;
	return probe_read((void *)(page + cpu), &byte) == 0;
}

static void look(unsigned int cpu, uint32_t round)
{
	for (uint32_t step = 0;; step++) {
		bool gone = get(&round_gone) >= round;

		if (get(&round_over) >= round)
			return;
		if (!use(cpu, round, step)) {
			looker[cpu].faults++;
			return;
		}
		if (gone) {
			looker[cpu].stale++;
			return;
		}
		looker[cpu].reads++;
		if (step == now.watched)
			set(&looker[cpu].loaded, round);
		breathe();
	}
}

static void looks(unsigned int cpu)
{
	uint32_t round = 0;

	for (;;) {
		while (get(&round_open) == round) {
			if (__atomic_load_n(&the_end, __ATOMIC_ACQUIRE))
				return;
			hw_pause();
		}
		round = get(&round_open);
		look(cpu, round);
		set(&looker[cpu].loaded, round);
		set(&looker[cpu].done, round);
	}
}

/* One of both words of each vCPU that looks. */
static bool await(uint32_t round, bool done)
{
	for (unsigned int n = 1; n < cpus; n++) {
		uint32_t spins = 0;

		while (get(done ? &looker[n].done : &looker[n].loaded) !=
		       round) {
			if (spins++ > SPINS)
				return false;
			hw_pause();
		}
	}
	return true;
}

static uint64_t stale_all(void)
{
	uint64_t all = 0;

	for (unsigned int n = 1; n < cpus; n++)
		all += looker[n].stale;
	return all;
}

/* False: it makes no sense to go on. */
static bool round_run(const struct way *way, uint32_t round, uint32_t *taken)
{
	enum taken t;
	bool met;

	now.way = way;
	if (!way->give(now.watch, &now.watched)) {
		check_true("the pages are the guest's again", false);
		return false;
	}
	set(&round_open, round);
	met = await(round, false);
	t = way->take();
	set(t == TAKEN ? &round_gone : &round_over, round);
	*taken += t == TAKEN;
	met = met && await(round, true);
	if (!met)
		check_true("all have looked", false);
	return met && t != BROKEN && stale_all() == 0;
}

static void way_run(const struct way *way, uint32_t rounds)
{
	static uint32_t round;
	uint32_t taken = 0, tried = 0;
	uint64_t faults = 0, reads = 0;
	unsigned int saw = 0;

	rounds = rounds / way->every + 1;
	for (unsigned int n = 0; n < cpus; n++)
		looker[n].reads = looker[n].faults = looker[n].stale = 0;
	while (tried < rounds && round_run(way, ++round, &taken))
		tried++;
	check_true("the pages come back", way->give(now.watch, &now.watched));
	for (unsigned int n = 1; n < cpus; n++) {
		saw += looker[n].faults >= taken && looker[n].faults;
		faults += looker[n].faults;
		reads += looker[n].reads;
	}
	print("revoke: %s: %u rounds, %u taken, %llu used, %llu faults, "
	      "%llu stale\n",
	      way->name, tried, taken, (unsigned long long)reads,
	      (unsigned long long)faults, (unsigned long long)stale_all());
	check_equal("rounds", tried, rounds);
	check_true("some pages were taken", taken > 0);
	check_equal("used after they were gone", stale_all(), 0);
	check_equal("vCPUs that faulted whenever pages were gone", saw,
		    cpus - 1);
}

static uint32_t option_number(const char *word, uint32_t otherwise)
{
	const char *c = machine_option(word);
	uint32_t n = 0;

	while (c && *c >= '0' && *c <= '9')
		n = n * 10 + (uint32_t)(*c++ - '0');
	return n ? n : otherwise;
}

static bool wanted(const struct way *way)
{
	const char *only = machine_option("way=");
	size_t length = strlen(way->name);

	return !only || (str_starts_with(only, way->name) &&
			 (only[length] == ' ' || !only[length]));
}

int guest_main(void)
{
	uint32_t rounds = option_number("rounds=", 100);
	unsigned int made = 0, ended = 0;

	cpus = option_number("cpus=", 2);
	threads = machine_option("threads");
	if (cpus > VCPU_MAX)
		return 3;
	check_true("memory of the host", ways_init());
	for (unsigned int n = 1; n < cpus; n++)
		made += vcpu_launch(n, looks);
	check_equal("vCPUs started", made, cpus - 1);
	for (unsigned int i = 0; i < ways_count && !checks_failed; i++)
		if (wanted(&ways[i]))
			way_run(&ways[i], rounds);
	__atomic_store_n(&the_end, true, __ATOMIC_RELEASE);
	for (unsigned int n = 1; n < cpus; n++)
		ended += vcpu_wait(n);
	check_equal("vCPUs ended", ended, cpus - 1);
	return check_report("revoke");
}
