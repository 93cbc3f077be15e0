/* SPDX-License-Identifier: MIT */
/*
 * The whole circle: an SVSM without memory asks for pages, gets them, goes
 * on, and gives back what it does not use. "need=N" on the command line; N
 * pages of its own are left to it if it is the test kernel.
 */
#include "lib/addr.h"
#include "tests/guest/core/core.h"
#include "tests/inject/extra.h"

/* One page of the SVSM's record serves so many bytes of memory. */
#define GROUP	    0x8000000ull
#define GROUP_FIRST 2u
#define GIFTS	    192u

static struct page_list gift_list __attribute__((aligned(4096)));
static struct page_list back __attribute__((aligned(4096)));
static uint8_t gifts[GIFTS][4096] __attribute__((aligned(4096)));
static unsigned int given, asked;

static bool is_need(uint32_t r)
{
	return r >= SVSM_NEED_PAGES && !(r & SVSM_ERR_INCOMPLETE);
}

/* Exactly as many as were asked for. */
static void give(uint32_t n)
{
	check_true("a number that makes sense", n > 0 && n <= GIFTS - given);
	if (n > GIFTS - given)
		machine_exit(4);
	for (uint32_t i = 0; i < n; i++) {
		gifts[given][i] = 0x6b;
		gift_list.entry[i] = (uint64_t)gifts[given++];
	}
	gift_list.header = (struct svsm_list){ .entries = (uint16_t)n };
	check_equal("deposit what was asked for",
		    svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)&gift_list),
		    SVSM_SUCCESS);
	asked++;
}

/* A call that may be refused once for want of memory, never twice. */
static void must(const char *what, uint32_t call, uint64_t rcx)
{
	uint32_t r = svsm_call1(call, rcx);

	if (is_need(r)) {
		give(r - SVSM_NEED_PAGES);
		r = svsm_call1(call, rcx);
	}
	check_equal(what, r, SVSM_SUCCESS);
}

/* A list of pages of which each needs a page of the record. */
static void lists_scattered(unsigned int groups, bool on)
{
	for (unsigned int g = 0; g < groups; g++) {
		uint64_t at = (GROUP_FIRST + g) * GROUP;

		if (on)
			page_state_set(at, PSC_OP_PRIVATE);
		list.entry[0] = pvalidate_entry(at, false, on, false);
		list.header = (struct svsm_list){ .entries = 1 };
		must("PVALIDATE in the end", SVSM_CORE_PVALIDATE,
		     (uint64_t)&list);
	}
}

/* Calling areas everywhere: their pins have pages of their own. */
static void areas_scattered(unsigned int groups)
{
	volatile struct svsm_ca *old = guest_vcpu[0].ca;

	for (unsigned int g = 0; g < groups; g++) {
		uint64_t at = (GROUP_FIRST + g) * GROUP;

		must("REMAP_CA in the end", SVSM_CORE_REMAP_CA, at);
		guest_vcpu[0].ca = (volatile struct svsm_ca *)at;
	}
	check_equal("back to the first",
		    svsm_call1(SVSM_CORE_REMAP_CA, (uint64_t)old),
		    SVSM_SUCCESS);
	guest_vcpu[0].ca = old;
}

static unsigned int take_back(void)
{
	unsigned int n, all = 0, wrong = 0;

	do {
		check_equal("withdraw",
			    svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)&back),
			    SVSM_SUCCESS);
		n = *(volatile uint16_t *)&back.header.entries;
		for (unsigned int i = 0; i < n && i < LIST_ROOM; i++) {
			uint64_t at = back.entry[i];
			const volatile uint64_t *word = (uint64_t *)at;
			uint64_t any = 0;

			wrong += at < (uint64_t)gifts ||
				 at >= (uint64_t)gifts[GIFTS];
			for (unsigned int w = 0; w < 512; w++)
				any |= word[w];
			wrong += any != 0;
		}
		all += n;
	} while (n);
	check_equal("pages that are not ours, or not clean", wrong, 0);
	check_equal("nothing more is offered", guest_vcpu[0].ca->mem_available,
		    0);
	return all;
}

/* The test kernel uses its memory up; another one has little already. */
static void drain(uint64_t left)
{
	struct svsm_regs regs = { .rcx = left };

	do
		regs.rax = (uint64_t)EXTRA_PROTOCOL << 32 | EXTRA_DRAIN;
	while (svsm_exit(0, 1, &regs));
}

void test_need(unsigned int left, unsigned int groups)
{
	unsigned int back_again;

	drain(left);
	lists_scattered(groups, true);
	areas_scattered(groups);
	back_again = take_back();
	check_true("memory was asked for", asked > 0);
	check_true("the record holds some of it", back_again < given);
	/* What the record has, it keeps: this needs nothing new. */
	given = 0;
	lists_scattered(groups, false);
	check_equal("nothing was asked for", given, 0);
	print("need: asked %u times, %u pages came back\n", asked, back_again);
}
