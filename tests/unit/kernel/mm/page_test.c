/* SPDX-License-Identifier: MIT */
/* The page allocator: balance, no overlap, exhaustion, lying hosts. */
/* test-sources: kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake/mm.h"

#define BASE  0x200000ull
#define PAGES 512u
#define USED  20u
#define READY 50u
/* What page_take gives without the reserve. */
#define OPEN  (PAGES - USED - PAGE_RESERVE)
/* Pages that a guest deposits, beyond the region. */
#define GIFT  (BASE + PAGES * PAGE_4K)

static struct pa got[PAGES];

static int setup(void **state)
{
	(void)state;
	fake_mm_reset(3 * PAGE_2M);
	fake_launch(BASE, USED * PAGE_4K);
	fake_assign(BASE + USED * PAGE_4K, (READY - USED) * PAGE_4K);
	page_init((struct pa_range){ { BASE }, PAGES * PAGE_4K },
		  USED * PAGE_4K, READY * PAGE_4K);
	return 0;
}

static bool all_zero(struct pa page)
{
	unsigned int i;

	for (i = 0; i < PAGE_4K; i++)
		if (fake.ram[page.v + i])
			return false;
	return true;
}

static unsigned int take_all(void)
{
	unsigned int n = 0;

	while (n < PAGES && page_take(&got[n]) == OK)
		n++;
	return n;
}

static void every_page_once_then_none(void **state)
{
	bool seen[PAGES] = { false };
	unsigned int n = take_all();
	unsigned int i;
	struct pa more;

	(void)state;
	assert_int_equal(n, OPEN);
	for (i = 0; i < n; i++) {
		uint64_t index = (got[i].v - BASE) / PAGE_4K;

		assert_true(index >= USED && index < PAGES && !seen[index]);
		seen[index] = true;
		assert_true(fake_is_validated(got[i].v));
		assert_true(all_zero(got[i]));
	}
	assert_int_equal(page_take(&more), ERR_NOMEM);
	assert_int_equal(page_count_free(), PAGE_RESERVE);
	assert_int_equal(page_count_taken(), n);
	assert_int_equal(fake.violations, 0);
	assert_int_equal(fake_windows, 0);
	/* Only what lies behind READY was asked of the host. */
	assert_true(fake_state_pages <= PAGES - READY);
}

/* First what the image says is ours, then all that the map allows. */
static void region_grows(void **state)
{
	(void)state;
	page_init((struct pa_range){ { BASE }, READY * PAGE_4K },
		  USED * PAGE_4K, READY * PAGE_4K);
	assert_int_equal(take_all(), READY - USED - PAGE_RESERVE);
	page_grow(PAGES * PAGE_4K);
	assert_int_equal(page_count_free(), PAGES - READY + PAGE_RESERVE);
	assert_int_equal(take_all(), PAGES - READY);
	assert_int_equal(got[PAGES - READY - 1].v,
			 BASE + (PAGES - PAGE_RESERVE - 1) * PAGE_4K);
	assert_int_equal(fake.violations, 0);
}

static void given_pages_come_back_clean(void **state)
{
	unsigned int n = take_all();
	unsigned int i;

	(void)state;
	for (i = 0; i < n; i++)
		memset(fake.ram + got[i].v, 0x5a, PAGE_4K);
	for (i = 0; i < n; i += 3)
		page_give(got[i]);
	assert_int_equal(page_count_free(), PAGE_RESERVE + (n + 2) / 3);
	for (i = 0; i < n; i += 3) {
		assert_int_equal(page_take(&got[i]), OK);
		assert_true(all_zero(got[i]));
	}
	for (i = 0; i < n; i++)
		page_give(got[i]);
	assert_int_equal(page_count_taken(), 0);
	assert_int_equal(page_count_free(), PAGES - USED);
	assert_int_equal(take_all(), n);
}

static void random_order_balances(void **state)
{
	unsigned int held = 0;
	unsigned int round;

	(void)state;
	srand(1);
	for (round = 0; round < 20000; round++) {
		if (held && rand() % 2) {
			unsigned int i = (unsigned int)rand() % held;

			page_give(got[i]);
			got[i] = got[--held];
		} else if (page_take(&got[held]) == OK) {
			held++;
		}
		assert_int_equal(page_count_taken(), held);
	}
	assert_int_equal(fake.violations, 0);
}

static void host_refuses(void **state)
{
	unsigned int n;
	struct pa p;

	(void)state;
	fake_state_answer = ERR_HOST;
	for (n = 0; n < READY - USED; n++)
		assert_int_equal(page_take(&p), OK);
	assert_int_equal(page_take(&p), ERR_HOST);
	page_give(p);
	assert_int_equal(page_take(&p), OK);
	fake_state_answer = OK;
	assert_int_equal(page_take(&p), OK);
}

static void lost_pages_stay_lost(void **state)
{
	struct pa p;

	(void)state;
	assert_int_equal(page_take(&p), OK);
	page_lose(p);
	assert_int_equal(page_count_taken(), 0);
	assert_int_equal(take_all(), OPEN - 1);
}

/* A page that is valid before we validated it: two pages at one address. */
static void early_validation_is_an_attack(void **state)
{
	struct pa p;

	(void)state;
	fake_launch(BASE + USED * PAGE_4K, PAGE_4K);
	if (setjmp(fake_panic) == 0) {
		assert_int_equal(page_take(&p), ERR_HOST);
		fail();
	}
}

static void giving_twice_is_a_bug(void **state)
{
	struct pa p;

	(void)state;
	assert_int_equal(page_take(&p), OK);
	page_give(p);
	if (setjmp(fake_panic) == 0) {
		page_give(p);
		fail();
	}
}

static struct pa gift(unsigned int i)
{
	struct pa p = { GIFT + i * PAGE_4K };

	fake_assign(p.v, PAGE_4K);
	rmp_pvalidate(&fake.rmp, 0, rmp_same(p.v), RMP_PG_SIZE_4K, true);
	memset(fake.ram + p.v, 0, PAGE_4K);
	return p;
}

static bool is_gift(struct pa p)
{
	return p.v >= GIFT;
}

static void reserve_is_for_those_who_open_it(void **state)
{
	unsigned int n = take_all();
	unsigned int i;
	struct pa p;

	(void)state;
	assert_int_equal(page_reserve_lacks(), 0);
	page_reserve_open();
	for (i = 0; i < PAGE_RESERVE; i++)
		assert_int_equal(page_take(&got[n + i]), OK);
	assert_int_equal(page_take(&p), ERR_NOMEM);
	page_reserve_close();
	assert_int_equal(page_reserve_lacks(), PAGE_RESERVE);
	/* What comes back fills it first. */
	for (i = 0; i < PAGE_RESERVE; i++) {
		page_give(got[i]);
		assert_int_equal(page_take(&p), ERR_NOMEM);
	}
	page_give(got[i]);
	assert_int_equal(page_take(&p), OK);
}

static void deposits_are_used_last(void **state)
{
	unsigned int i, n;
	struct pa p;

	(void)state;
	for (i = 0; i < 3; i++)
		page_deposit(gift(i));
	assert_int_equal(page_offer, 1);
	assert_int_equal(page_count_free(), PAGES - USED + 3);
	n = take_all();
	assert_int_equal(n, OPEN + 3);
	for (i = 0; i < n; i++) {
		assert_true(is_gift(got[i]) == (i >= OPEN));
		assert_true(all_zero(got[i]));
	}
	assert_int_equal(page_offer, 0);
	assert_false(page_withdraw(&p));
	memset(fake.ram + got[n - 1].v, 0x77, PAGE_4K);
	page_give(got[n - 1]);
	assert_int_equal(page_offer, 1);
	assert_true(page_withdraw(&p));
	assert_int_equal(p.v, got[n - 1].v);
	assert_true(all_zero(p));
	assert_int_equal(page_count_taken(), n - 1);
	assert_int_equal(page_count_free(), PAGE_RESERVE);
	assert_int_equal(fake_windows, 0);
}

/* The reserve may hold back what the guest would like to have. */
static void withdraw_leaves_the_reserve(void **state)
{
	unsigned int n = take_all();
	unsigned int i;
	struct pa p;

	(void)state;
	page_reserve_open();
	for (i = 0; i < 2; i++)
		assert_int_equal(page_take(&got[n + i]), OK);
	page_reserve_close();
	page_deposit(gift(0));
	page_deposit(gift(1));
	assert_int_equal(page_offer, 0);
	assert_false(page_withdraw(&p));
	page_deposit(gift(2));
	assert_int_equal(page_offer, 1);
	assert_true(page_withdraw(&p));
	assert_false(page_withdraw(&p));
	assert_int_equal(page_take(&p), ERR_NOMEM);
}

/* A host that gives nothing more: then the guest's pages do. */
static void deposits_help_against_the_host(void **state)
{
	unsigned int n;
	struct pa p;

	(void)state;
	fake_state_answer = ERR_HOST;
	for (n = 0; n < READY - USED; n++)
		assert_int_equal(page_take(&p), OK);
	assert_int_equal(page_take(&p), ERR_HOST);
	page_deposit(gift(0));
	assert_int_equal(page_take(&p), OK);
	assert_true(is_gift(p));
	assert_int_equal(page_take(&p), ERR_HOST);
}

static void a_page_that_was_not_free(void **state)
{
	struct pa p;

	(void)state;
	page_deposit(gift(0));
	page_deposit(gift(1));
	memset(fake.ram + GIFT + PAGE_4K, 0x41, 8);
	if (setjmp(fake_panic) == 0) {
		page_withdraw(&p);
		fail();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_page_once_then_none, setup),
		cmocka_unit_test_setup(region_grows, setup),
		cmocka_unit_test_setup(given_pages_come_back_clean, setup),
		cmocka_unit_test_setup(random_order_balances, setup),
		cmocka_unit_test_setup(host_refuses, setup),
		cmocka_unit_test_setup(lost_pages_stay_lost, setup),
		cmocka_unit_test_setup(early_validation_is_an_attack, setup),
		cmocka_unit_test_setup(giving_twice_is_a_bug, setup),
		cmocka_unit_test_setup(reserve_is_for_those_who_open_it, setup),
		cmocka_unit_test_setup(deposits_are_used_last, setup),
		cmocka_unit_test_setup(withdraw_leaves_the_reserve, setup),
		cmocka_unit_test_setup(deposits_help_against_the_host, setup),
		cmocka_unit_test_setup(a_page_that_was_not_free, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
