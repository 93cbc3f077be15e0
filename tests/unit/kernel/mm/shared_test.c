/* SPDX-License-Identifier: MIT */
/* Pages lent to the host and taken back. */
/* test-sources: kernel/mm/shared.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: kernel/cpu/tlb.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/shared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "tests/fake/mm.h"

#define PAGES 16u

static char view[PAGE_4K] __attribute__((aligned(4096)));
static struct pa behind;

enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	assert_ptr_equal(va, view);
	assert_int_equal(use, KMAP_SHARED);
	if (fake_kmap_left == 0)
		return ERR_NOMEM;
	behind = pa;
	return OK;
}

enum err kmap_drop(void *va, struct pa *old)
{
	assert_ptr_equal(va, view);
	*old = behind;
	return OK;
}

static int setup(void **state)
{
	(void)state;
	fake_mm_reset(PAGE_2M);
	fake_assign(0, PAGES * PAGE_4K);
	page_init((struct pa_range){ { 0 }, PAGES * PAGE_4K }, 0,
		  PAGES * PAGE_4K);
	memset(view, 0xff, sizeof(view));
	return 0;
}

static void lent_and_returned(void **state)
{
	struct pa pa, again;
	unsigned int flushes;

	(void)state;
	assert_int_equal(shared_page_take(view, &pa), OK);
	assert_false(rmp_is_private(&fake.rmp, pa.v));
	assert_int_equal(view[0], 0);
	memset(fake.ram + pa.v, 0x77, PAGE_4K);
	flushes = fake.tlb_flushes;
	shared_page_give(view);
	assert_int_equal(fake.tlb_flushes, flushes + 1);
	assert_true(fake_is_validated(pa.v));
	assert_int_equal(page_count_taken(), 0);
	assert_int_equal(page_take(&again), OK);
	assert_int_equal(again.v, pa.v);
	assert_int_equal(fake.ram[pa.v], 0);
	assert_int_equal(fake.violations, 0);
}

static void host_refuses_to_share(void **state)
{
	struct pa pa;

	(void)state;
	fake_state_answer = ERR_HOST;
	assert_int_equal(shared_page_take(view, &pa), ERR_HOST);
	/* It does not give the page back either: lost, not reused. */
	assert_int_equal(page_count_taken(), 0);
	assert_int_equal(page_count_free(), PAGES - 1);
}

static void host_keeps_the_page(void **state)
{
	struct pa pa;

	(void)state;
	assert_int_equal(shared_page_take(view, &pa), OK);
	fake_state_answer = ERR_HOST;
	shared_page_give(view);
	assert_int_equal(page_count_taken(), 0);
	assert_int_equal(page_count_free(), PAGES - 1);
}

static void no_table_for_the_mapping(void **state)
{
	struct pa pa;

	(void)state;
	fake_kmap_left = 0;
	assert_int_equal(shared_page_take(view, &pa), ERR_NOMEM);
	assert_int_equal(page_count_taken(), 0);
	assert_int_equal(page_count_free(), PAGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lent_and_returned, setup),
		cmocka_unit_test_setup(host_refuses_to_share, setup),
		cmocka_unit_test_setup(host_keeps_the_page, setup),
		cmocka_unit_test_setup(no_table_for_the_mapping, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
