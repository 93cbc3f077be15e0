/* SPDX-License-Identifier: MIT */
/* A host that changes a page between two instructions on it. */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c */
/* test-sources: kernel/mm/deed.c kernel/mm/owned.c lib/bitmap.c */
/* test-sources: kernel/proto/request.c kernel/proto/core.c */
/* test-sources: kernel/proto/pvalidate.c kernel/proto/list.c */
/* test-sources: kernel/proto/vcpu.c kernel/proto/deposit.c */
/* test-sources: lib/pageindex.c kernel/guest/vcpu.c kernel/guest/enter.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/heap.c kernel/mm/page.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/guestpage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/pvalid.h"
#include "tests/fake/world.h"

#define GPA	WORLD_INVALID
#define SIZE_4K PAGE_SIZE_4K
#define SIZE_2M PAGE_SIZE_2M

static struct guest_range page(uint64_t gpa, enum page_size size)
{
	struct guest_range r = { 0 };

	assert_int_equal(guestpage_check(gpa, size, &r), OK);
	return r;
}

static enum pvalid_state recorded(uint64_t gpa)
{
	struct pvalid_held held = pvalid_lock(page(gpa, SIZE_2M));
	enum pvalid_state s = pvalid_region(held);

	pvalid_unlock(held);
	return s;
}

static void assign_2m(uint64_t gpa)
{
	rmp_psc_shared(&fake.rmp, gpa, RMP_PG_SIZE_2M);
	assert_int_equal(rmp_psc_private(&fake.rmp, rmp_same(gpa),
					 RMP_PG_SIZE_2M),
			 RMPUPDATE_OK);
}

static enum page_result revoke_then_swap(void *va, enum page_size size)
{
	enum page_result r = platform_fake.guest_revoke(va, size);

	rmp_unassign(&fake.rmp, GPA, RMP_PG_SIZE_4K);
	fake_assign(GPA, PAGE_4K);
	return r;
}

/* The host shows another page between RMPADJUST and PVALIDATE. What was
 * accepted may still be valid, so nothing is accepted there any more. */
static void swap_before_the_rescind(void **state)
{
	static struct platform_ops ops;
	struct guest_range p = page(GPA, SIZE_4K);

	(void)state;
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_OK);
	ops = platform_fake;
	ops.guest_revoke = revoke_then_swap;
	platform_select(&ops);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, true), PAGE_NO_CHANGE);
	platform_select(&platform_fake);
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_NO_CHANGE);
	assert_false(fake_is_validated(GPA));
}

static void split(void)
{
	assert_int_equal(rmp_psmash(&fake.rmp, GPA), RMPUPDATE_OK);
}

/* Split between PVALIDATE and RMPADJUST: nothing may stay valid behind a
 * record that says it is not. */
static void split_before_the_grant(void **state)
{
	struct guest_range p = page(GPA, SIZE_2M);

	(void)state;
	assign_2m(GPA);
	fake.at_rmpadjust = split;
	assert_int_equal(guestpage_validate(p, SIZE_2M, false), PAGE_FAIL_SIZE);
	assert_int_equal(recorded(GPA), PVALID_NONE);
	for (uint64_t at = GPA; at < GPA + PAGE_2M; at += PAGE_4K)
		assert_false(fake_is_validated(at));
	assert_int_equal(guestpage_validate(page(GPA, SIZE_4K), SIZE_4K, false),
			 PAGE_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(swap_before_the_rescind, world_setup),
		cmocka_unit_test_setup(split_before_the_grant, world_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
