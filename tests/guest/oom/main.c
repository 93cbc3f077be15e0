/* SPDX-License-Identifier: MIT */
/*
 * For each n the n-th allocation of a call fails. The call must then say how
 * many pages it needs, or succeed without; change nothing; succeed when it is
 * repeated; and in the end nothing of ours may be missing.
 */
#include "tests/guest/oom/oom.h"

#include "abi/snp/ghcb_msr.h"
#include "lib/str.h"
#include "tests/inject/extra.h"

#define N_MAX	 64u
/* More than any call ever needs; a wrong answer of the other kinds, bit 31
 * set, is beyond it. */
#define NEED_MAX 64u

struct balance {
	uint64_t taken, whole, objects;
};

struct count {
	bool for_good; /* all allocations fail from the n-th on */
	unsigned int tries, absorbed, needs;
	uint64_t kept; /* pages of the record that the last trial left mapped */
};

static const struct scenario *const scenarios[] = {
	&pages_small,	&pages_ignore,	&pages_list,	  &pages_large,
	&rescind_small, &rescind_large, &vcpu_create_own, &vcpu_create_other,
	&vcpu_delete,	&area_remap,	&memory_deposit,  &memory_withdraw,
};

static unsigned int next_group = GROUP_FIRST;

/* A word of the command line, or what holds without it. */
static uint64_t number(const char *word, uint64_t without)
{
	const char *from = machine_option(word);
	uint64_t value = 0;

	if (!from)
		return without;
	for (; *from >= '0' && *from <= '9'; from++)
		value = value * 10 + (uint64_t)(*from - '0');
	return value;
}

static uint64_t extra(uint32_t call, struct svsm_regs *regs)
{
	do
		regs->rax = (uint64_t)EXTRA_PROTOCOL << 32 | call;
	while (svsm_exit(0, 1, regs));
	if ((uint32_t)regs->rax != SVSM_SUCCESS) {
		print("oom: this is not the test kernel\n");
		machine_exit(3);
	}
	return regs->rcx;
}

static void arm(uint64_t n, bool for_good)
{
	struct svsm_regs regs = { .rcx = n, .rdx = for_good };

	extra(EXTRA_ARM, &regs);
}

static uint64_t disarm(void)
{
	struct svsm_regs regs = { 0 };

	return extra(EXTRA_DISARM, &regs);
}

static struct balance balance(void)
{
	struct svsm_regs regs = { 0 };

	extra(EXTRA_BALANCE, &regs);
	return (struct balance){ regs.rcx, regs.rcx + regs.rdx, regs.r8 };
}

/* Answers that a call may give when there is no memory. */
static bool is_need(uint32_t answer)
{
	return answer > SVSM_NEED_PAGES && answer <= SVSM_NEED_PAGES + NEED_MAX;
}

/* Once more without a failure: whatever is kept is kept already. */
static void second_time(const struct scenario *s, const struct trial *t)
{
	struct balance before = balance(), after;

	check_equal("second time", s->call(t, false), SVSM_SUCCESS);
	s->undo(t);
	after = balance();
	check_equal("second time: pages", after.taken, before.taken);
	check_equal("second time: all pages", after.whole, before.whole);
	check_equal("second time: objects", after.objects, before.objects);
}

/* False: the call did not come to the n-th allocation. */
static bool trial_run(const struct scenario *s, const struct trial *t,
		      uint64_t n, struct count *count)
{
	struct balance before, after;
	uint32_t answer;
	bool fired;

	s->prepare(t);
	before = balance();
	arm(n, count->for_good);
	answer = s->call(t, false);
	fired = disarm() >= n;
	count->tries += fired;
	if (answer == SVSM_SUCCESS) {
		count->absorbed += fired;
	} else {
		count->needs++;
		check_true("it says what it needs", fired && is_need(answer));
		if (!is_need(answer))
			print("oom: %s: allocation %llu: 0x%x\n", s->name,
			      (unsigned long long)n, answer);
		check_equal("repeated", s->call(t, true), SVSM_SUCCESS);
	}
	s->undo(t);
	after = balance();
	check_equal("all pages", after.whole, before.whole);
	check_equal("objects", after.objects, before.objects);
	count->kept = after.taken - before.taken;
	second_time(s, t);
	if (s->finish)
		s->finish(t);
	return fired;
}

static bool trial_make(const struct scenario *s, struct trial *t)
{
	for (unsigned int i = 0; i < s->places; i++) {
		if (next_group == GROUP_LAST)
			return false;
		t->at[i] = next_group++ * GROUP_BYTES;
	}
	return true;
}

/* At a place of its own. */
static bool trial_at(const struct scenario *s, uint64_t n, struct count *count)
{
	struct trial t = { .apic_id = (uint32_t)number("cpus=", 1) - 1 };

	if (trial_make(s, &t))
		return trial_run(s, &t, n, count);
	check_true("enough memory to try every n", false);
	return false;
}

/*
 * First the n that this boot is for, and all allocations after it: only the
 * first call pays for what is made once and stays. Then every n alone, at
 * places that are new each time: what a trial leaves mapped must not depend on
 * where it failed.
 */
static void scenario_run(const struct scenario *s)
{
	struct count first = { .for_good = true }, count = { 0 };
	uint64_t kept[N_MAX], n, last = 0;

	trial_at(s, number("try=", 1), &first);
	for (n = 1; n < N_MAX && !last; n++) {
		if (!trial_at(s, n, &count))
			last = n;
		kept[n] = count.kept;
	}
	check_true("an end of allocations", last);
	for (n = 1; n < last; n++)
		check_equal("pages kept", kept[n], kept[last]);
	print("oom: %s: first: %u failed, %u asked for pages, %llu kept; "
	      "then: %u failed, %u asked, %u did without, %llu kept\n",
	      s->name, first.tries, first.needs, (unsigned long long)first.kept,
	      count.tries, count.needs, count.absorbed,
	      (unsigned long long)count.kept);
}

int guest_main(void)
{
	const char *name = machine_option("call=");

	if (machine_option("boot-only")) {
		print("oom: booted\n");
		return 0;
	}
	for (unsigned int i = 0;
	     name && i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (str_starts_with(name, scenarios[i]->name) &&
		    name[strlen(scenarios[i]->name)] != '-')
			scenario_run(scenarios[i]);
	check_equal("calls that came back unserved", svsm_unserved, 0);
	return check_report("oom");
}
