/* SPDX-License-Identifier: MIT */
/* Pages that become ours: who may lose them, who sees them, and the way back. */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c */
/* test-sources: kernel/proto/request.c kernel/proto/core.c */
/* test-sources: kernel/proto/pvalidate.c kernel/proto/list.c */
/* test-sources: kernel/proto/vcpu.c kernel/proto/deposit.c lib/pageindex.c */
/* test-sources: kernel/guest/vcpu.c kernel/guest/enter.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c kernel/mm/deed.c */
/* test-sources: kernel/mm/owned.c kernel/mm/guestpage.c kernel/mm/heap.c */
/* test-sources: kernel/mm/page.c lib/bitmap.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/owned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/guestpage.h"
#include "kernel/mm/page.h"
#include "tests/fake/world.h"

#define REGION 0x400000ull

static struct guest_range page_at(uint64_t gpa, enum page_size size)
{
	struct guest_range r;

	assert_int_equal(guestpage_check(gpa, size, &r), OK);
	return r;
}

static struct guest_range small(uint64_t gpa)
{
	return page_at(gpa, PAGE_SIZE_4K);
}

static enum page_result take(uint64_t gpa, enum page_size size)
{
	return owned_take(page_at(gpa, size), size);
}

static bool all_zero(uint64_t gpa, uint64_t size)
{
	const char *at = world_at(gpa);

	for (uint64_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

/* No call, no copy, no validation finds the page. */
static void assert_ours(uint64_t gpa)
{
	struct guest_range r = small(gpa);
	char byte;

	assert_int_equal(fake_perms(gpa, FAKE_GUEST_VMPL), 0);
	assert_true(fake_is_validated(gpa));
	assert_int_equal(guest_read(r, 0, &byte, 1), ERR_ABSENT);
	assert_int_equal(guest_write(r, 0, &byte, 1), ERR_ABSENT);
	assert_int_equal(guestpage_validate(r, PAGE_SIZE_4K, true),
			 PAGE_PINNED);
	assert_int_equal(guestpage_rescind(r, PAGE_SIZE_4K, true), PAGE_PINNED);
	assert_int_equal(guestpage_pin(r), PAGE_PINNED);
	assert_int_equal(guestpage_seal(r), PAGE_PINNED);
	assert_int_equal(take(gpa, PAGE_SIZE_4K), PAGE_PINNED);
}

static void assert_guests(uint64_t gpa)
{
	struct guest_range r = small(gpa);
	char byte = 1;

	assert_int_equal(fake_perms(gpa, FAKE_GUEST_VMPL), VMPL_ALL);
	assert_int_equal(guest_write(r, 0, &byte, 1), OK);
	assert_int_equal(guestpage_validate(r, PAGE_SIZE_4K, false),
			 PAGE_NO_CHANGE);
	assert_int_equal(guestpage_pin(r), PAGE_OK);
	guestpage_unpin(r);
}

static void one_page_there_and_back(void **state)
{
	uint64_t free_before = page_count_free();
	struct pa back;

	(void)state;
	assert_int_equal(take(REGION + PAGE_4K, PAGE_SIZE_4K), PAGE_OK);
	assert_ours(REGION + PAGE_4K);
	assert_guests(REGION);
	assert_guests(REGION + 2 * PAGE_4K);
	/* Not yet in the pool: it may still be written to. */
	assert_false(page_withdraw(&back));
	memset(world_at(REGION + PAGE_4K), 0x33, PAGE_4K);
	owned_keep(small(REGION + PAGE_4K), PAGE_SIZE_4K);
	/* one of ours holds the deed */
	assert_int_equal(page_count_free(), free_before);
	assert_true(page_withdraw(&back));
	assert_int_equal(back.v, REGION + PAGE_4K);
	assert_ours(back.v);
	memset(world_at(back.v), 0x44, PAGE_4K);
	owned_return(back);
	assert_true(all_zero(back.v, PAGE_4K));
	assert_guests(back.v);
	assert_int_equal(guestpage_rescind(small(REGION), PAGE_SIZE_4K, false),
			 PAGE_OK);
	assert_int_equal(fake.violations, 0);
	assert_int_equal(fake_windows, 0);
}

static void large_change_refused_around_it(void **state)
{
	struct guest_range region = page_at(REGION, PAGE_SIZE_2M);
	struct pa back;

	(void)state;
	assert_int_equal(take(REGION + 7 * PAGE_4K, PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(guestpage_rescind(region, PAGE_SIZE_2M, true),
			 PAGE_PINNED);
	assert_int_equal(guestpage_validate(region, PAGE_SIZE_2M, true),
			 PAGE_PINNED);
	assert_int_equal(owned_take(region, PAGE_SIZE_2M), PAGE_PINNED);
	owned_keep(small(REGION + 7 * PAGE_4K), PAGE_SIZE_4K);
	assert_true(page_withdraw(&back));
	owned_return(back);
	/* The hardware keeps small pages; the record is whole again. */
	assert_int_equal(guestpage_validate(region, PAGE_SIZE_2M, true),
			 PAGE_OK);
	assert_int_equal(owned_take(region, PAGE_SIZE_2M), PAGE_OK);
	assert_ours(REGION);
	assert_ours(REGION + PAGE_2M - PAGE_4K);
}

static void a_region_there_and_back(void **state)
{
	struct guest_range region = page_at(REGION, PAGE_SIZE_2M);
	uint64_t free_before = page_count_free();
	unsigned int n = 0;
	struct pa back;

	(void)state;
	fake.rmpadjusts = 0;
	assert_int_equal(owned_take(region, PAGE_SIZE_2M), PAGE_OK);
	assert_int_equal(fake.rmpadjusts, 1);
	for (uint64_t off = 0; off < PAGE_2M; off += PAGE_4K)
		assert_ours(REGION + off);
	assert_guests(REGION - PAGE_4K);
	assert_guests(REGION + PAGE_2M);
	owned_keep(region, PAGE_SIZE_2M);
	assert_int_equal(page_count_free(), free_before - 1 + 512);
	for (; page_withdraw(&back); n++)
		owned_return(back);
	assert_int_equal(n, 512);
	assert_true(all_zero(REGION, PAGE_2M));
	for (uint64_t off = 0; off < PAGE_2M; off += PAGE_4K)
		assert_guests(REGION + off);
	assert_int_equal(fake.violations, 0);
}

static void mixed_region_is_refused(void **state)
{
	(void)state;
	assert_int_equal(take(WORLD_INVALID, PAGE_SIZE_2M), PAGE_NOT_GUEST);
	assert_int_equal(take(WORLD_INVALID, PAGE_SIZE_4K), PAGE_NOT_GUEST);
	assert_int_equal(guestpage_rescind(small(REGION + PAGE_4K),
					   PAGE_SIZE_4K, false),
			 PAGE_OK);
	assert_int_equal(take(REGION, PAGE_SIZE_2M), PAGE_NOT_GUEST);
	assert_int_equal(take(REGION + PAGE_4K, PAGE_SIZE_4K), PAGE_NOT_GUEST);
	/* Pages between mixed ones can be taken, and come back as such. */
	assert_int_equal(take(REGION, PAGE_SIZE_4K), PAGE_OK);
	assert_ours(REGION);
	owned_keep(small(REGION), PAGE_SIZE_4K);
	owned_return((struct pa){ REGION });
	assert_guests(REGION);
	assert_int_equal(take(REGION + PAGE_4K, PAGE_SIZE_4K), PAGE_NOT_GUEST);
}

static void pinned_pages_are_refused(void **state)
{
	(void)state;
	assert_int_equal(take(WORLD_CAA, PAGE_SIZE_4K), PAGE_PINNED);
	assert_int_equal(take(0, PAGE_SIZE_2M), PAGE_PINNED);
	assert_int_equal(guestpage_seal(small(REGION)), PAGE_OK);
	assert_int_equal(take(REGION, PAGE_SIZE_4K), PAGE_PINNED);
	assert_int_equal(take(REGION, PAGE_SIZE_2M), PAGE_PINNED);
	assert_int_equal(take(REGION + PAGE_4K, PAGE_SIZE_4K), PAGE_OK);
	guestpage_unseal(small(REGION));
	assert_guests(REGION);
	assert_ours(REGION + PAGE_4K);
}

static enum page_result (*real_revoke)(void *va, enum page_size size);
static unsigned int revokes_left;

static enum page_result revoke_fails(void *va, enum page_size size)
{
	if (!revokes_left--)
		return PAGE_FAIL_INUSE;
	return real_revoke(va, size);
}

/* The hardware says no, at once or in the middle of a region: all undone. */
static void failing_revoke_changes_nothing(void **state)
{
	struct platform_ops broken = platform_fake;

	(void)state;
	real_revoke = platform_fake.guest_revoke;
	broken.guest_revoke = revoke_fails;
	/* one small entry: the hardware wants all of them one by one */
	rmp_psmash(&fake.rmp, REGION);
	platform_select(&broken);
	revokes_left = 0;
	assert_int_equal(take(REGION, PAGE_SIZE_4K), PAGE_FAIL_INUSE);
	assert_guests(REGION);
	revokes_left = 200;
	assert_int_equal(take(REGION, PAGE_SIZE_2M), PAGE_FAIL_INUSE);
	platform_select(&platform_fake);
	for (uint64_t off = 0; off < PAGE_2M; off += PAGE_4K)
		assert_guests(REGION + off);
	assert_int_equal(take(REGION, PAGE_SIZE_2M), PAGE_OK);
	assert_int_equal(fake_windows, 0);
}

/* The record of a deposit comes out of the reserve, and of deposits. */
static void no_memory_for_the_record(void **state)
{
	struct pa p;

	(void)state;
	while (page_take(&p) == OK)
		;
	assert_int_equal(take(REGION, PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(page_count_free(), PAGE_RESERVE - 1);
	page_reserve_open();
	while (page_take(&p) == OK)
		;
	page_reserve_close();
	/* same deed; then 30 more regions' deeds in the same page of ours */
	assert_int_equal(take(REGION + PAGE_4K, PAGE_SIZE_4K), PAGE_OK);
	assert_int_equal(take(0x200000, PAGE_SIZE_4K), PAGE_OK);
	owned_keep(small(REGION), PAGE_SIZE_4K);
	assert_int_equal(page_count_free(), 1);
	assert_int_equal(page_take(&p), ERR_NOMEM);
}

static void truly_nothing_left(void **state)
{
	struct pa p;

	(void)state;
	page_reserve_open();
	while (page_take(&p) == OK)
		;
	page_reserve_close();
	assert_int_equal(take(REGION, PAGE_SIZE_4K), PAGE_NO_MEMORY);
	assert_guests(REGION);
	assert_int_equal(take(REGION, PAGE_SIZE_2M), PAGE_NO_MEMORY);
	assert_guests(REGION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_page_there_and_back, world_setup),
		cmocka_unit_test_setup(large_change_refused_around_it,
				       world_setup),
		cmocka_unit_test_setup(a_region_there_and_back, world_setup),
		cmocka_unit_test_setup(mixed_region_is_refused, world_setup),
		cmocka_unit_test_setup(pinned_pages_are_refused, world_setup),
		cmocka_unit_test_setup(failing_revoke_changes_nothing,
				       world_setup),
		cmocka_unit_test_setup(no_memory_for_the_record, world_setup),
		cmocka_unit_test_setup(truly_nothing_left, world_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
