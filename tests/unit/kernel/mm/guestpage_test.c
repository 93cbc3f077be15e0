/* SPDX-License-Identifier: MIT */
/* Every transition of a guest page, record and RMP side by side. */
/* test-sources: kernel/mm/deed.c lib/bitmap.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/pvalid.c */
/* test-sources: kernel/mm/guestmem.c kernel/mm/memmap.c kernel/mm/heap.c */
/* test-sources: kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/guestpage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "tests/fake/mm.h"

#define RAM	(16 * PAGE_2M)
#define SVSM	(8 * PAGE_2M)
#define POOL	64u
#define GPA	(2 * PAGE_2M)
#define SIZE_4K PAGE_SIZE_4K
#define SIZE_2M PAGE_SIZE_2M

static char *arena;

static int setup(void **state)
{
	struct params params = { .svsm_base = SVSM,
				 .image_size = POOL * PAGE_4K,
				 .svsm_max_size = PAGE_2M,
				 .cpus_max = 1 };
	struct igvm_memory_map_entry list = { 0, RAM / PAGE_4K, 0, 0, 0 };

	(void)state;
	fake_mm_reset(RAM);
	fake_assign(0, SVSM);
	fake_assign(SVSM, PAGE_2M);
	assert_int_equal(
		memmap_init(&params,
			    &(struct memmap_host){ &list, 1, PA_LIMIT, 0 }),
		OK);
	page_init(memmap_svsm(), 0, POOL * PAGE_4K);
	free(arena);
	arena = aligned_alloc(PAGE_4K, POOL * PAGE_4K);
	memset(arena, 0, POOL * PAGE_4K);
	heap_init(arena, POOL * PAGE_4K);
	assert_int_equal(pvalid_init(), OK);
	return 0;
}

/* Record and RMP agree on the whole region, no window is left open. */
static int teardown(void **state)
{
	(void)state;
	assert_int_equal(fake_windows, 0);
	assert_int_equal(fake.violations, 0);
	return 0;
}

static struct guest_range page(uint64_t gpa, enum page_size size)
{
	struct guest_range r = { 0 };

	assert_int_equal(guestpage_check(gpa, size, &r), OK);
	return r;
}

static enum pvalid_state recorded(uint64_t gpa, enum page_size size)
{
	struct guest_range r = page(gpa, size);
	struct pvalid_held held = pvalid_lock(r);
	enum pvalid_state s = pvalid_region(held);

	if (size == SIZE_4K)
		s = pvalid_page(held, gpa) ? PVALID_ALL : PVALID_NONE;
	pvalid_unlock(held);
	return s;
}

/* The host assigns a whole 2 MiB page. */
static void assign_2m(uint64_t gpa)
{
	rmp_psc_shared(&fake.rmp, gpa, RMP_PG_SIZE_2M);
	assert_int_equal(rmp_psc_private(&fake.rmp, rmp_same(gpa),
					 RMP_PG_SIZE_2M),
			 RMPUPDATE_OK);
}

static void addresses_are_checked(void **state)
{
	struct guest_range r;

	(void)state;
	assert_int_equal(guestpage_check(GPA + 1, SIZE_4K, &r), ERR_ALIGN);
	assert_int_equal(guestpage_check(GPA + PAGE_4K, SIZE_2M, &r),
			 ERR_ALIGN);
	assert_int_equal(guestpage_check(SVSM, SIZE_4K, &r), ERR_RANGE);
	assert_int_equal(guestpage_check(SVSM, SIZE_2M, &r), ERR_RANGE);
	assert_int_equal(guestpage_check(RAM, SIZE_4K, &r), ERR_RANGE);
	assert_int_equal(guestpage_check(~0xfffull, SIZE_4K, &r), ERR_RANGE);
	assert_int_equal(guestpage_check(RAM - PAGE_2M, SIZE_2M, &r), OK);
}

static void validate_clears_and_grants(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(guestpage_validate(page(GPA, SIZE_4K), SIZE_4K, false),
			 PAGE_OK);
	assert_true(fake_is_validated(GPA));
	assert_false(fake_is_validated(GPA + PAGE_4K));
	assert_int_equal(fake_perms(GPA, FAKE_GUEST_VMPL), VMPL_ALL);
	assert_int_equal(fake_perms(GPA, 1), VMPL_NONE);
	for (i = 0; i < PAGE_4K; i++)
		assert_int_equal(fake.ram[GPA + i], 0);
	assert_int_equal(recorded(GPA, SIZE_4K), PVALID_ALL);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_MIXED);
	assert_int_equal(recorded(GPA + PAGE_4K, SIZE_4K), PVALID_NONE);
}

static void twice_is_refused_without_an_instruction(void **state)
{
	struct guest_range p = page(GPA, SIZE_4K);
	unsigned int before;

	(void)state;
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_OK);
	before = fake.pvalidates + fake.rmpadjusts;
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_NO_CHANGE);
	assert_int_equal(guestpage_validate(p, SIZE_4K, true), PAGE_OK);
	assert_int_equal(fake.pvalidates + fake.rmpadjusts, before);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, false), PAGE_OK);
	before = fake.pvalidates + fake.rmpadjusts;
	assert_int_equal(guestpage_rescind(p, SIZE_4K, false), PAGE_NO_CHANGE);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, true), PAGE_OK);
	assert_int_equal(fake.pvalidates + fake.rmpadjusts, before);
}

/* The host takes a page away and brings another one: the record still says
 * valid, so the guest cannot be made to accept the second one. */
static void remap_attack_is_refused(void **state)
{
	struct guest_range p = page(GPA, SIZE_4K);

	(void)state;
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_OK);
	rmp_unassign(&fake.rmp, GPA, RMP_PG_SIZE_4K);
	fake_assign(GPA, PAGE_4K);
	assert_false(fake_is_validated(GPA));
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_NO_CHANGE);
	assert_int_equal(guestpage_validate(p, SIZE_4K, true), PAGE_OK);
	assert_false(fake_is_validated(GPA));
}

/* Valid in the RMP but not in our record: never granted. */
static void unrecorded_page_is_not_granted(void **state)
{
	(void)state;
	fake_launch(GPA, PAGE_4K);
	assert_int_equal(guestpage_validate(page(GPA, SIZE_4K), SIZE_4K, true),
			 PAGE_NO_CHANGE);
	assert_int_equal(fake_perms(GPA, FAKE_GUEST_VMPL), VMPL_NONE);
	assert_int_equal(recorded(GPA, SIZE_4K), PVALID_NONE);
}

static void rescind_revokes_first(void **state)
{
	struct guest_range p = page(GPA, SIZE_4K);

	(void)state;
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_OK);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, false), PAGE_OK);
	assert_false(fake_is_validated(GPA));
	assert_int_equal(fake_perms(GPA, FAKE_GUEST_VMPL), VMPL_NONE);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_NONE);
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_OK);
}

static void large_pages(void **state)
{
	struct guest_range p = page(GPA, SIZE_2M);

	(void)state;
	assign_2m(GPA);
	assert_int_equal(guestpage_validate(p, SIZE_2M, false), PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
	assert_int_equal(fake_perms(GPA + PAGE_2M - 1, FAKE_GUEST_VMPL),
			 VMPL_ALL);
	assert_int_equal(fake.ram[GPA + PAGE_2M - 1], 0);
	assert_int_equal(guestpage_validate(p, SIZE_2M, false), PAGE_NO_CHANGE);
	assert_int_equal(guestpage_rescind(p, SIZE_2M, false), PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_NONE);
	assert_int_equal(guestpage_rescind(p, SIZE_2M, false), PAGE_NO_CHANGE);
}

/* 4 KiB entries in the RMP under a 2 MiB request: the guest is to split. */
static void small_entries_under_a_large_request(void **state)
{
	struct guest_range p = page(GPA, SIZE_2M);
	unsigned int i;

	(void)state;
	assert_int_equal(guestpage_validate(p, SIZE_2M, false), PAGE_FAIL_SIZE);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_NONE);
	for (i = 0; i < 512; i++)
		assert_int_equal(
			guestpage_validate(page(GPA + i * PAGE_4K, SIZE_4K),
					   SIZE_4K, false),
			PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
	assert_int_equal(guestpage_rescind(p, SIZE_2M, false), PAGE_FAIL_SIZE);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
	/* Nothing was lost on the way: still the guest's. */
	assert_int_equal(fake_perms(GPA, FAKE_GUEST_VMPL), VMPL_ALL);
}

static void large_page_is_split_by_a_small_rescind(void **state)
{
	uint64_t hole = GPA + 77 * PAGE_4K;

	(void)state;
	assign_2m(GPA);
	assert_int_equal(guestpage_validate(page(GPA, SIZE_2M), SIZE_2M, false),
			 PAGE_OK);
	assert_int_equal(guestpage_rescind(page(hole, SIZE_4K), SIZE_4K, false),
			 PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_MIXED);
	assert_int_equal(recorded(hole, SIZE_4K), PVALID_NONE);
	assert_int_equal(recorded(hole + PAGE_4K, SIZE_4K), PVALID_ALL);
	assert_int_equal(guestpage_rescind(page(GPA, SIZE_2M), SIZE_2M, false),
			 PAGE_FAIL_SIZE);
	assert_int_equal(guestpage_validate(page(GPA, SIZE_2M), SIZE_2M, true),
			 PAGE_FAIL_SIZE);
	assert_int_equal(guestpage_validate(page(hole, SIZE_4K), SIZE_4K,
					    false),
			 PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
}

static void pinned_pages_stay(void **state)
{
	struct guest_range p = page(GPA + PAGE_4K, SIZE_4K);

	(void)state;
	assert_int_equal(guestpage_pin(p), PAGE_FAIL_INPUT);
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_OK);
	assert_int_equal(guestpage_pin(p), PAGE_OK);
	assert_int_equal(guestpage_pin(p), PAGE_PINNED);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, true), PAGE_PINNED);
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_NO_CHANGE);
	guestpage_unpin(p);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, false), PAGE_OK);
}

static void pin_inside_a_large_page(void **state)
{
	struct guest_range p = page(GPA + PAGE_4K, SIZE_4K);
	struct guest_range large = page(GPA, SIZE_2M);

	(void)state;
	assign_2m(GPA);
	assert_int_equal(guestpage_validate(large, SIZE_2M, false), PAGE_OK);
	assert_int_equal(guestpage_pin(p), PAGE_OK);
	assert_int_equal(guestpage_rescind(large, SIZE_2M, false), PAGE_PINNED);
	guestpage_unpin(p);
	assert_int_equal(guestpage_rescind(large, SIZE_2M, false), PAGE_OK);
}

/* A save area: not to be read, written, rescinded, validated or pinned. */
static void sealed_pages_are_out_of_reach(void **state)
{
	struct guest_range p = page(GPA + PAGE_4K, SIZE_4K);
	struct guest_range large = page(GPA, SIZE_2M);
	uint64_t word = 0;

	(void)state;
	assert_int_equal(guestpage_seal(p), PAGE_FAIL_INPUT);
	assign_2m(GPA);
	assert_int_equal(guestpage_validate(large, SIZE_2M, false), PAGE_OK);
	assert_int_equal(guestpage_seal(p), PAGE_OK);
	assert_int_equal(guest_read(p, 0, &word, 8), ERR_ABSENT);
	assert_int_equal(guest_write(p, 8, &word, 8), ERR_ABSENT);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, true), PAGE_PINNED);
	assert_int_equal(guestpage_validate(p, SIZE_4K, true), PAGE_PINNED);
	assert_int_equal(guestpage_rescind(large, SIZE_2M, true), PAGE_PINNED);
	assert_int_equal(guestpage_validate(large, SIZE_2M, true), PAGE_PINNED);
	assert_int_equal(guestpage_pin(p), PAGE_PINNED);
	assert_int_equal(guestpage_seal(p), PAGE_PINNED);
	assert_true(fake_is_validated(GPA + PAGE_4K));
	guestpage_unseal(p);
	assert_int_equal(guest_read(p, 0, &word, 8), OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
	assert_int_equal(guestpage_rescind(large, SIZE_2M, false), PAGE_OK);
}

static struct pa pages_drain(void)
{
	struct pa pa, last = { 0 };

	while (page_take(&pa) == OK)
		last = pa;
	return last;
}

static void no_memory_changes_nothing(void **state)
{
	struct guest_range p = page(GPA, SIZE_4K);
	struct pa last = pages_drain();
	uint64_t reserve = page_count_free();

	(void)state;
	assert_int_equal(guestpage_validate(p, SIZE_4K, false), PAGE_NO_MEMORY);
	assert_false(fake_is_validated(GPA));
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_NONE);
	assign_2m(GPA);
	assert_int_equal(guestpage_validate(page(GPA, SIZE_2M), SIZE_2M, false),
			 PAGE_OK);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, false), PAGE_NO_MEMORY);
	assert_true(fake_is_validated(GPA));
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
	/* With one page more it gets on, as the guest is told. */
	page_give(last);
	assert_int_equal(guestpage_rescind(p, SIZE_4K, false), PAGE_OK);
	assert_int_equal(page_count_free(), reserve);
}

/* A seal needs two pages: without the second the pin is undone, too. */
static void no_memory_for_a_seal(void **state)
{
	struct guest_range p = page(GPA + PAGE_4K, SIZE_4K);
	struct guest_range large = page(GPA, SIZE_2M);
	struct pa first, last;

	(void)state;
	assign_2m(GPA);
	assert_int_equal(guestpage_validate(large, SIZE_2M, false), PAGE_OK);
	assert_int_equal(page_take(&first), OK);
	last = pages_drain();
	assert_int_equal(guestpage_pin(p), PAGE_NO_MEMORY);
	assert_int_equal(guestpage_seal(p), PAGE_NO_MEMORY);
	page_give(first);
	assert_int_equal(guestpage_seal(p), PAGE_NO_MEMORY);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
	assert_int_equal(guestpage_rescind(large, SIZE_2M, false), PAGE_OK);
	assert_int_equal(guestpage_validate(large, SIZE_2M, false), PAGE_OK);
	page_give(last);
	assert_int_equal(guestpage_seal(p), PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_MIXED);
	guestpage_unseal(p);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_ALL);
}

static void launch_pages_keep_their_contents(void **state)
{
	(void)state;
	fake_launch(GPA, 2 * PAGE_4K);
	memset(fake.ram + GPA, 0x42, PAGE_4K);
	assert_int_equal(guestpage_grant(page(GPA, SIZE_4K)), PAGE_OK);
	assert_int_equal(fake.ram[GPA], 0x42);
	assert_int_equal(fake_perms(GPA, FAKE_GUEST_VMPL), VMPL_ALL);
	assert_int_equal(recorded(GPA, SIZE_4K), PVALID_ALL);
	assign_2m(GPA + PAGE_2M);
	assert_int_equal(guestpage_adopt(page(GPA + PAGE_2M, SIZE_2M), SIZE_2M),
			 PAGE_OK);
	assert_int_not_equal(fake.ram[GPA + PAGE_2M], 0);
	assert_int_equal(guestpage_adopt(page(GPA + PAGE_2M, SIZE_2M), SIZE_2M),
			 PAGE_NO_CHANGE);
}

/* The short path for lists says the same as check and operation. */
static void change_is_check_and_operation(void **state)
{
	(void)state;
	assert_int_equal(guestpage_change(GPA + 1, SIZE_4K, GUESTPAGE_VALIDATE,
					  false),
			 PAGE_MISALIGNED);
	assert_int_equal(guestpage_change(GPA + PAGE_4K, SIZE_2M,
					  GUESTPAGE_RESCIND, false),
			 PAGE_MISALIGNED);
	assert_int_equal(guestpage_change(SVSM, SIZE_4K, GUESTPAGE_VALIDATE,
					  false),
			 PAGE_NOT_GUEST);
	assert_int_equal(guestpage_change(SVSM, SIZE_2M, GUESTPAGE_RESCIND,
					  false),
			 PAGE_NOT_GUEST);
	assert_int_equal(guestpage_change(~0xfffull, SIZE_4K,
					  GUESTPAGE_VALIDATE, false),
			 PAGE_NOT_GUEST);
	assert_int_equal(guestpage_change(RAM, SIZE_4K, GUESTPAGE_VALIDATE,
					  false),
			 PAGE_NOT_GUEST);
	assert_int_equal(guestpage_change(GPA, SIZE_4K, GUESTPAGE_VALIDATE,
					  false),
			 PAGE_OK);
	assert_int_equal(fake.ram[GPA], 0);
	assert_int_equal(fake_perms(GPA, FAKE_GUEST_VMPL), VMPL_ALL);
	assert_int_equal(guestpage_change(GPA, SIZE_4K, GUESTPAGE_VALIDATE,
					  false),
			 PAGE_NO_CHANGE);
	assert_int_equal(guestpage_change(GPA, SIZE_4K, GUESTPAGE_VALIDATE,
					  true),
			 PAGE_OK);
	assert_int_equal(guestpage_change(GPA, SIZE_4K, GUESTPAGE_RESCIND,
					  false),
			 PAGE_OK);
	assign_2m(GPA);
	assert_int_equal(guestpage_change(GPA, SIZE_2M, GUESTPAGE_VALIDATE,
					  false),
			 PAGE_OK);
	assert_int_equal(guestpage_change(GPA, SIZE_2M, GUESTPAGE_RESCIND,
					  false),
			 PAGE_OK);
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_NONE);
}

/* A list of `count` pages from gpa on, each with the same flags. */
static uint32_t run_on(uint64_t gpa, uint32_t count, uint64_t flags,
		       enum page_result *r)
{
	uint64_t entry[64];

	for (uint32_t i = 0; i < count; i++)
		entry[i] = (gpa + i * PAGE_4K) | flags;
	return guestpage_run(entry, count, GUESTPAGE_VALIDATE, false, r);
}

/* Others get their turn at the region after GUESTPAGE_RUN_MAX pages. */
static void runs_are_bounded(void **state)
{
	enum page_result r;

	(void)state;
	assert_int_equal(run_on(GPA, 64, 5, &r), GUESTPAGE_RUN_MAX);
	assert_int_equal(r, PAGE_OK);
	for (uint32_t i = 0; i < 64; i++)
		assert_int_equal(fake_is_validated(GPA + i * PAGE_4K), i < 32);
	assert_int_equal(fake.ram[GPA + 31 * PAGE_4K], 0);
	assert_int_equal(run_on(GPA + 40 * PAGE_4K, 3, 0, &r), 3);
	assert_int_equal(run_on(GPA + 39 * PAGE_4K, 3, 0, &r), 1);
	assert_int_equal(r, PAGE_NO_CHANGE);
	assert_int_equal(run_on(GPA + 39 * PAGE_4K, 3, 0, &r), 0);
	assert_int_equal(r, PAGE_NO_CHANGE);
}

static void runs_stay_in_their_region(void **state)
{
	enum page_result r;

	(void)state;
	assert_int_equal(run_on(GPA + PAGE_2M - 2 * PAGE_4K, 4, 1, &r), 2);
	assert_int_equal(r, PAGE_OK);
	assert_false(fake_is_validated(GPA + PAGE_2M));
	assert_int_equal(run_on(SVSM - PAGE_4K, 4, 1, &r), 1);
	assert_int_equal(r, PAGE_OK);
	assert_int_equal(run_on(SVSM, 4, 1, &r), 0);
	assert_int_equal(r, PAGE_NOT_GUEST);
	assert_int_equal(run_on(~0xfffull, 2, 1, &r), 0);
	assert_int_equal(r, PAGE_NOT_GUEST);
}

/* Another request begins where the low bits change. */
static void runs_end_where_flags_change(void **state)
{
	uint64_t entry[] = { GPA | 4, (GPA + PAGE_4K) | 4,
			     (GPA + 2 * PAGE_4K) | 5, (GPA + 3 * PAGE_4K) | 4 };
	enum page_result r;

	(void)state;
	assert_int_equal(guestpage_run(entry, 4, GUESTPAGE_VALIDATE, false, &r),
			 2);
	assert_int_equal(r, PAGE_OK);
	entry[2] = GPA + 2 * PAGE_4K;
	assert_int_equal(
		guestpage_run(entry + 1, 3, GUESTPAGE_VALIDATE, true, &r), 1);
	assert_int_equal(r, PAGE_OK);
	assert_int_equal(guestpage_run(entry, 4, GUESTPAGE_RESCIND, false, &r),
			 2);
	assert_false(fake_is_validated(GPA));
	assert_false(fake_is_validated(GPA + PAGE_4K));
	assert_int_equal(recorded(GPA, SIZE_2M), PVALID_NONE);
}

/* A run ends where guest memory ends, even within a region. */
static void runs_stay_in_guest_memory(void **state)
{
	struct params params = { .svsm_base = SVSM,
				 .image_size = POOL * PAGE_4K,
				 .svsm_max_size = PAGE_2M,
				 .cpus_max = 1 };
	struct igvm_memory_map_entry list[] = {
		{ 0, (GPA + 3 * PAGE_4K) / PAGE_4K, 0, 0, 0 },
		{ (GPA + 8 * PAGE_4K) / PAGE_4K, (RAM - GPA) / PAGE_4K - 8, 0,
		  0, 0 },
	};
	enum page_result r;

	(void)state;
	assert_int_equal(
		memmap_init(&params,
			    &(struct memmap_host){ list, 2, PA_LIMIT, 0 }),
		OK);
	assert_int_equal(pvalid_init(), OK);
	assert_int_equal(run_on(GPA + PAGE_4K, 4, 0, &r), 2);
	assert_int_equal(r, PAGE_OK);
	assert_int_equal(run_on(GPA + 3 * PAGE_4K, 2, 0, &r), 0);
	assert_int_equal(r, PAGE_NOT_GUEST);
	assert_int_equal(run_on(GPA + 7 * PAGE_4K, 2, 0, &r), 0);
	assert_int_equal(r, PAGE_NOT_GUEST);
	assert_int_equal(run_on(GPA + 8 * PAGE_4K, 2, 0, &r), 2);
	/* The two parts of the region have bytes of their own. */
	assert_int_not_equal(page(GPA + 2 * PAGE_4K, SIZE_4K).chunk,
			     page(GPA + 8 * PAGE_4K, SIZE_4K).chunk);
}

/* Any sequence keeps record and RMP equal, page by page. */
static void random_walk_agrees_with_the_rmp(void **state)
{
	unsigned int i;

	(void)state;
	srand(3);
	for (i = 0; i < 20000; i++) {
		uint64_t gpa = GPA + (uint64_t)(rand() % 96) * PAGE_4K;
		struct guest_range p = page(gpa, SIZE_4K);
		bool was = recorded(gpa, SIZE_4K) == PVALID_ALL;
		bool on = rand() % 2;
		enum page_result r = on ? guestpage_validate(p, SIZE_4K, false)
					: guestpage_rescind(p, SIZE_4K, false);

		assert_int_equal(r, was == on ? PAGE_NO_CHANGE : PAGE_OK);
		assert_int_equal(fake_is_validated(gpa), on);
		assert_int_equal(recorded(gpa, SIZE_4K),
				 on ? PVALID_ALL : PVALID_NONE);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(addresses_are_checked),
		TEST(validate_clears_and_grants),
		TEST(twice_is_refused_without_an_instruction),
		TEST(remap_attack_is_refused),
		TEST(unrecorded_page_is_not_granted),
		TEST(rescind_revokes_first),
		TEST(large_pages),
		TEST(small_entries_under_a_large_request),
		TEST(large_page_is_split_by_a_small_rescind),
		TEST(pinned_pages_stay),
		TEST(pin_inside_a_large_page),
		TEST(sealed_pages_are_out_of_reach),
		TEST(no_memory_changes_nothing),
		TEST(no_memory_for_a_seal),
		TEST(launch_pages_keep_their_contents),
		TEST(change_is_check_and_operation),
		TEST(runs_are_bounded),
		TEST(runs_stay_in_their_region),
		TEST(runs_end_where_flags_change),
		TEST(runs_stay_in_guest_memory),
		TEST(random_walk_agrees_with_the_rmp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
