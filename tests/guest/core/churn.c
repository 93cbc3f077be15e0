/* SPDX-License-Identifier: MIT */
/* Several vCPUs deposit, withdraw and PVALIDATE the same pages at once. */
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/core/core.h"

#define CHURN  (SCRATCH + 0x4000000ull)
#define PAGES  48u
#define ROUNDS 60u

static struct page_list lists[VCPU_MAX] __attribute__((aligned(4096)));
static volatile uint32_t strange, done[3];
static uint64_t spread[VCPU_MAX];

/* Pages are spread over 2 MiB regions, so that locks differ, too. */
static uint64_t page_of(uint32_t i)
{
	return CHURN + i % 3 * PAGE_2M + i / 3 * 4096ull;
}

static uint32_t draw(unsigned int number)
{
	spread[number] = spread[number] * 6364136223846793005ull + 1442695041;
	return (uint32_t)(spread[number] >> 33);
}

static uint32_t run_list(unsigned int number, uint32_t call, uint16_t entries)
{
	struct svsm_regs regs = { .rcx = (uint64_t)&lists[number] };

	lists[number].header = (struct svsm_list){ .entries = entries };
	return svsm_call(number, call, &regs);
}

/* A list of eight; others are at the same pages, so any may be refused. */
static void lists_run(unsigned int number, uint32_t call)
{
	uint32_t r, flags = 0;

	if (call == SVSM_CORE_PVALIDATE)
		flags = draw(number) & SVSM_PVALIDATE_VALIDATE;
	for (unsigned int i = 0; i < 8; i++)
		lists[number].entry[i] = page_of(draw(number) % PAGES) | flags;
	r = run_list(number, call, 8);
	if (r == SVSM_SUCCESS)
		__atomic_add_fetch(&done[0], 1, __ATOMIC_RELAXED);
	else if (r == ERR(SVSM_ERR_INVALID_ADDRESS) ||
		 r == CORE_ERR(SVSM_CORE_FAIL_NOCHANGE))
		__atomic_add_fetch(&done[1], 1, __ATOMIC_RELAXED);
	else
		__atomic_add_fetch(&strange, 1, __ATOMIC_RELAXED);
}

/* Only pages of the set may come back, none of them twice in a list. */
static void withdraw_run(unsigned int number)
{
	volatile struct page_list *l = &lists[number];
	uint64_t seen = 0;
	uint16_t count;

	if (run_list(number, SVSM_CORE_WITHDRAW_MEM, 0) != SVSM_SUCCESS)
		__atomic_add_fetch(&strange, 1, __ATOMIC_RELAXED);
	count = l->header.entries;
	for (uint16_t i = 0; i < count && i < LIST_ROOM; i++) {
		uint32_t which = PAGES;

		for (uint32_t p = 0; p < PAGES; p++)
			if (page_of(p) == l->entry[i])
				which = p;
		if (which == PAGES || seen >> which & 1)
			__atomic_add_fetch(&strange, 1, __ATOMIC_RELAXED);
		seen |= 1ull << which % 64;
	}
	if (count)
		__atomic_add_fetch(&done[2], 1, __ATOMIC_RELAXED);
}

void churn_run(unsigned int number)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		switch (draw(number) % 4) {
		case 0:
			withdraw_run(number);
			break;
		case 1:
			lists_run(number, SVSM_CORE_PVALIDATE);
			break;
		default:
			lists_run(number, SVSM_CORE_DEPOSIT_MEM);
			break;
		}
}

void churn_prepare(void)
{
	strange = done[0] = done[1] = done[2] = 0;
	for (unsigned int i = 0; i < VCPU_MAX; i++)
		spread[i] = i + 1;
	for (uint32_t p = 0; p < PAGES; p++) {
		page_state_set(page_of(p), PSC_OP_PRIVATE);
		check_equal("validate",
			    pvalidate_raw(pvalidate_entry(page_of(p), false,
							  true, false)),
			    SVSM_SUCCESS);
	}
}

/* Every page has one owner: what comes back can be written to, and so can
 * what is validated; nothing is missing. */
void churn_check(void)
{
	uint32_t p, r;

	check_equal("answers that no order of calls explains", strange, 0);
	check_true("lists that went through", done[0] > 0);
	check_true("lists that met another's", done[1] > 0);
	check_true("pages that were withdrawn", done[2] > 0);
	withdraw_run(0);
	check_equal("nothing is left", guest_vcpu[0].ca->mem_available, 0);
	for (p = 0; p < PAGES; p++) {
		r = pvalidate_raw(
			pvalidate_entry(page_of(p), false, true, true));
		check_equal("valid again", r, SVSM_SUCCESS);
		*(volatile uint64_t *)page_of(p) = p;
	}
	for (p = 0; p < PAGES; p++) {
		check_equal("one page behind each address",
			    *(volatile uint64_t *)page_of(p), p);
		check_equal("rescind at the end",
			    pvalidate_raw(pvalidate_entry(page_of(p), false,
							  false, false)),
			    SVSM_SUCCESS);
	}
	check_equal("strange after all", strange, 0);
}
