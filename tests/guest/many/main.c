/* SPDX-License-Identifier: MIT */
/*
 * Many vCPUs call the SVSM at the same time: each validates, uses and rescinds
 * pages of its own region and asks QUERY_PROTOCOL, and checks every answer and
 * every byte. Options: cpus= rounds=
 */
#include "hw/cpu.h"
#include "lib/addr.h"
#include "lib/str.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

#define MOST   255u
#define PAGES  8u	     /* of each vCPU */
#define ROOM   0x10000000ull /* vcpu_room's, then the vCPUs' lists */
#define REGION 0x11000000ull /* 2 MiB for each vCPU */
#define SPINS  4000000000ull

static unsigned int cpus, rounds;
static struct page_list *lists;
static volatile uint32_t ready, go, failures, calling, peak, served;

static unsigned int option_number(const char *word, unsigned int otherwise)
{
	const char *c = machine_option(word);
	unsigned int n = 0;

	while (c && *c >= '0' && *c <= '9')
		n = n * 10 + (unsigned int)(*c++ - '0');
	return n ? n : otherwise;
}

static void failed(void)
{
	__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
}

/* Around each call: how many are under way at once? */
static void call_begins(void)
{
	uint32_t now = __atomic_add_fetch(&calling, 1, __ATOMIC_RELAXED);
	uint32_t most = peak;

	while (now > most &&
	       !__atomic_compare_exchange_n(&peak, &most, now, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static void call_ends(void)
{
	__atomic_sub_fetch(&calling, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
}

static uint64_t page_at(unsigned int number, unsigned int page)
{
	return REGION + number * PAGE_2M + page * PAGE_4K;
}

static void pages_turn(unsigned int number, bool on)
{
	struct page_list *l = &lists[number];
	uint32_t result;

	for (unsigned int i = 0; i < PAGES; i++)
		l->entry[i] =
			pvalidate_entry(page_at(number, i), false, on, false);
	call_begins();
	result = pvalidate_list(number, l, PAGES);
	call_ends();
	if (result != SVSM_SUCCESS || l->header.next != PAGES)
		failed();
}

static void query(unsigned int number)
{
	struct svsm_regs regs = { .rcx = SVSM_CORE_VERSION };
	uint32_t result;

	call_begins();
	result = svsm_call(number, SVSM_CORE_QUERY_PROTOCOL, &regs);
	call_ends();
	if (result != SVSM_SUCCESS || regs.rcx != (1ull << 32 | 1))
		failed();
}

/* Each word of a page: nobody else's, of no other round. */
static uint64_t mark(unsigned int number, unsigned int round, unsigned int page)
{
	return (uint64_t)(number + 1) << 32 | round << 8 | page;
}

static void pages_check(unsigned int number, uint64_t (*want)(unsigned int),
			unsigned int round)
{
	for (unsigned int i = 0; i < PAGES; i++) {
		const uint64_t *word = (const void *)page_at(number, i);
		uint64_t expected = want ? want(i) : mark(number, round, i);

		for (unsigned int w = 0; w < PAGE_4K / 8; w++)
			if (word[w] != expected) {
				failed();
				break;
			}
	}
}

static uint64_t zero(unsigned int page)
{
	(void)page;
	return 0;
}

static void round_of(unsigned int number, unsigned int round)
{
	pages_turn(number, true);
	pages_check(number, zero, round);
	for (unsigned int i = 0; i < PAGES; i++)
		hw_rep_stosq((void *)page_at(number, i), mark(number, round, i),
			     PAGE_4K / 8);
	query(number);
	query(number);
	pages_check(number, NULL, round);
	pages_turn(number, false);
}

static void work(unsigned int number)
{
	for (unsigned int i = 0; i < PAGES; i++)
		if (!page_state_set(page_at(number, i), PSC_OP_PRIVATE))
			failed();
	__atomic_add_fetch(&ready, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		hw_pause();
	for (unsigned int r = 0; r < rounds; r++)
		round_of(number, r);
}

/* Memory for stacks, save areas, calling areas and lists. */
static void room_make(void)
{
	uint64_t size = addr_up(cpus * VCPU_ROOM, PAGE_4K);
	uint64_t all = size + cpus * PAGE_4K;

	for (uint64_t at = ROOM; at < ROOM + all; at += PAGE_2M) {
		static struct page_list list __attribute__((aligned(4096)));

		list.entry[0] = pvalidate_entry(at, true, true, false);
		check_true("the host gives the room",
			   page_state_large(at, PSC_OP_PRIVATE));
		check_equal("the room is validated",
			    pvalidate_list(0, &list, 1), SVSM_SUCCESS);
	}
	vcpu_room(ROOM, cpus);
	lists = (struct page_list *)(ROOM + size);
}

static bool await(volatile uint32_t *counter, uint32_t wanted)
{
	for (uint64_t spins = 0; spins < SPINS; spins++) {
		if (__atomic_load_n(counter, __ATOMIC_ACQUIRE) == wanted)
			return true;
		hw_pause();
	}
	return false;
}

static void start_all(void)
{
	unsigned int made = 0, gone = 0;

	for (unsigned int n = 1; n < cpus; n++)
		made += vcpu_make(n, work);
	check_equal("vCPUs created", made, cpus - 1);
	for (unsigned int n = 1; n < cpus; n++)
		gone += vcpu_go(n);
	check_equal("vCPUs started", gone, cpus - 1);
	check_true("all are ready", await(&ready, cpus - 1));
}

int guest_main(void)
{
	uint64_t start;
	unsigned int done = 0;

	cpus = option_number("cpus=", 1);
	rounds = option_number("rounds=", 2);
	if (cpus > MOST)
		return 3;
	room_make();
	start_all();
	start = hw_rdtsc();
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	work(0);
	for (unsigned int n = 1; n < cpus; n++)
		done += vcpu_wait(n);
	check_equal("vCPUs ended", done, cpus - 1);
	check_equal("wrong answers or bytes", failures, 0);
	check_equal("calls served", served, cpus * rounds * 4);
	check_equal("calls that came back unserved", svsm_unserved, 0);
	/* Each had its turn while others waited for theirs. */
	check_true("many at once", peak > cpus / 8);
	print("many: %u vCPUs, %u calls, at most %u under way at once, "
	      "%llu M ticks\n",
	      cpus, served, peak,
	      (unsigned long long)(hw_rdtsc() - start) / 1000000);
	return check_report("many");
}
