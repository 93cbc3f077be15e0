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

static struct pa got[PAGES];

static int setup(void **state)
{
	(void)state;
	fake_mm_reset(2 * PAGE_2M);
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
	assert_int_equal(n, PAGES - USED);
	for (i = 0; i < n; i++) {
		uint64_t index = (got[i].v - BASE) / PAGE_4K;

		assert_true(index >= USED && index < PAGES && !seen[index]);
		seen[index] = true;
		assert_true(fake_is_validated(got[i].v));
		assert_true(all_zero(got[i]));
	}
	assert_int_equal(page_take(&more), ERR_NOMEM);
	assert_int_equal(page_count_free(), 0);
	assert_int_equal(page_count_taken(), n);
	assert_int_equal(fake.violations, 0);
	assert_int_equal(fake_windows, 0);
	/* Only what lies behind READY was asked of the host. */
	assert_int_equal(fake_state_pages, PAGES - READY);
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
	assert_int_equal(page_count_free(), (n + 2) / 3);
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
	assert_int_equal(take_all(), PAGES - USED - 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_page_once_then_none, setup),
		cmocka_unit_test_setup(given_pages_come_back_clean, setup),
		cmocka_unit_test_setup(random_order_balances, setup),
		cmocka_unit_test_setup(host_refuses, setup),
		cmocka_unit_test_setup(lost_pages_stay_lost, setup),
		cmocka_unit_test_setup(early_validation_is_an_attack, setup),
		cmocka_unit_test_setup(giving_twice_is_a_bug, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
