/* SPDX-License-Identifier: MIT */
/* One CPU maps and unmaps, the others read all the time. */
#include "tests/inject/shoot.h"

#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "lib/fmt.h"
#include "tests/inject/lane.h"
#include "tests/inject/option.h"
#include "tests/inject/suite.h"

#define AWAKE 64u /* rounds from one without rest to the next */
#define TURN  5u
#define WORDS 120u

static struct lane lane;
static uint64_t used[SUITE_CPUS_MAX]; /* the last round that a CPU read */
static uint32_t here;		      /* a bit for each reader */
static uint32_t olds;		      /* came with an old translation */
static uint32_t asked; /* which of them the newest round is for */
static uint32_t owner_index;
static bool over;
static bool resting; /* rest=1 */

static uint32_t bit(uint32_t index)
{
	return 1u << index;
}

static bool all_have_used(uint64_t round)
{
	uint32_t who = __atomic_load_n(&asked, __ATOMIC_SEQ_CST);

	for (uint32_t i = 0; i < suite_cpus(); i++)
		if ((who & bit(i)) &&
		    __atomic_load_n(&used[i], __ATOMIC_SEQ_CST) != round)
			return false;
	return true;
}

/* Asleep, not in the way of those it waits for; the last of them wakes it. */
static void owner_waits(uint64_t round)
{
	hw_pause(); /* a turn for those that take no part yet, too */
	while (!all_have_used(round) && !lane_stale())
		if (resting)
			platform->halt();
		else
			hw_pause();
}

static void wake_all(uint32_t who)
{
	for (uint32_t i = 0; resting && i < suite_cpus(); i++)
		if (who & bit(i))
			lane_wake(i);
}

/* Those with all of them; *early: those before. */
static uint64_t rounds_run(uint32_t all, uint64_t rounds, uint64_t *early)
{
	bool blind = option_number("blind") != 0;
	uint64_t r = 0, n = 0;

	while (n < rounds && !lane_stale()) {
		uint32_t who = __atomic_load_n(&here, __ATOMIC_ACQUIRE);

		__atomic_store_n(&asked, who, __ATOMIC_SEQ_CST);
		lane_map(&lane, ++r);
		wake_all(who);
		owner_waits(r);
		lane_unmap(&lane, blind);
		n += who == all;
	}
	*early = r - n;
	return n;
}

/* Nothing new, and a signal will come with it. In some rounds all are awake until
 * they have been told of the flush. */
static void rest(struct percpu *cpu)
{
	uint64_t done = used[cpu->index];

	if (!resting || !done ||
	    (done % AWAKE == 0 &&
	     __atomic_load_n(&lane.gone, __ATOMIC_ACQUIRE) != done))
		return;
	while (__atomic_load_n(&lane.now, __ATOMIC_ACQUIRE) == done &&
	       !__atomic_load_n(&over, __ATOMIC_ACQUIRE) && !lane_stale())
		platform->halt();
}

static void use(struct percpu *cpu, uint64_t round)
{
	bool first = used[cpu->index] != round;

	__atomic_store_n(&used[cpu->index], round, __ATOMIC_SEQ_CST);
	if (resting && first && all_have_used(round))
		lane_wake(owner_index);
}

/* The round, when all pages have been read in it. */
static uint64_t look(unsigned int turn)
{
	uint64_t round = lane_look(&lane, turn % LANE_PAGES);

	for (unsigned int n = 1; round && n < LANE_PAGES; n++)
		if (lane_look(&lane, (turn + n) % LANE_PAGES) != round)
			round = 0;
	return round;
}

/* Where CPUs take turns, PAUSE is another's: now here, now there. */
static void reader(struct percpu *cpu)
{
	__atomic_or_fetch(&here, bit(cpu->index), __ATOMIC_RELEASE);
	for (unsigned int n = cpu->index;
	     !__atomic_load_n(&over, __ATOMIC_ACQUIRE); n++) {
		uint64_t round = look(n);

		if (round)
			use(cpu, round);
		if (resting && lane_stale())
			lane_wake(owner_index); /* it ends the test */
		rest(cpu);
		if (n % TURN)
			hw_pause();
	}
}

static void owner(struct percpu *cpu)
{
	uint32_t all = (bit(suite_cpus()) - 1) & ~bit(cpu->index);
	uint64_t wanted = option_number("shoot"), start = hw_rdtsc();
	uint64_t rounds, early;
	char words[WORDS];

	lane_init(&lane, 1);
	rounds = rounds_run(all, wanted, &early);
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	wake_all(all);
	fmt_print(words, sizeof(words),
		  "%llu of %llu rounds, %llu before, %u CPUs came with old "
		  "translations, %llu Mticks",
		  (unsigned long long)rounds, (unsigned long long)wanted,
		  (unsigned long long)early, olds,
		  (unsigned long long)(hw_rdtsc() - start) / 1000000);
	lane_report("shoot", words);
}

/* Reads until what it has is old: the flush was not for this CPU. */
void shoot_apart(const struct percpu *cpu)
{
	if (!option_number("late") || cpu->index < 2)
		return;
	while (!lane_old(&lane, 0))
		hw_pause();
	__atomic_add_fetch(&olds, 1, __ATOMIC_RELAXED);
}

void shoot_test(const char *rounds)
{
	struct percpu *cpu = percpu_this();
	bool late = option_number("late") != 0;

	(void)rounds;
	suite_begin();
	if (!late)
		suite_meet();
	__atomic_store_n(&owner_index, late, __ATOMIC_RELAXED);
	__atomic_store_n(&resting, option_number("rest") != 0,
			 __ATOMIC_RELAXED);
	if (!late)
		suite_meet();
	if (cpu->index == owner_index)
		owner(cpu);
	else
		reader(cpu);
}
