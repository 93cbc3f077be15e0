/* SPDX-License-Identifier: MIT */
/* Guest ranges and copies: bounds, holes, pages that are not validated. */
/* test-sources: kernel/mm/deed.c lib/bitmap.c */
/* test-sources: kernel/mm/guestmem.c kernel/mm/guestpage.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/memmap.c kernel/mm/heap.c */
/* test-sources: kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/guestmem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/guestpage.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "tests/fake/mm.h"

#define RAM  (16 * PAGE_2M)
#define SVSM (8 * PAGE_2M)
#define HOLE (4 * PAGE_2M)
#define POOL 64u

static char *arena;

static int setup(void **state)
{
	struct params params = { .svsm_base = SVSM,
				 .image_size = POOL * PAGE_4K,
				 .svsm_max_size = PAGE_2M,
				 .cpus_max = 1 };
	/* The first range starts off a 2 MiB boundary. */
	struct igvm_memory_map_entry list[] = {
		{ 3, HOLE / PAGE_4K - 3, 0, 0, 0 },
		{ HOLE / PAGE_4K + 512, (RAM - HOLE) / PAGE_4K - 512, 0, 0, 0 },
	};
	struct guest_range p;
	uint64_t gpa;

	(void)state;
	fake_mm_reset(RAM);
	fake_assign(0, RAM);
	assert_int_equal(
		memmap_init(&params,
			    &(struct memmap_host){ list, 2, PA_LIMIT, 0 }),
		OK);
	page_init(memmap_svsm(), 0, POOL * PAGE_4K);
	free(arena);
	arena = aligned_alloc(PAGE_4K, POOL * PAGE_4K);
	memset(arena, 0, POOL * PAGE_4K);
	heap_init(arena, POOL * PAGE_4K);
	assert_int_equal(pvalid_init(), OK);
	for (gpa = PAGE_2M - PAGE_4K; gpa <= PAGE_2M; gpa += PAGE_4K) {
		assert_int_equal(guestpage_check(gpa, PAGE_SIZE_4K, &p), OK);
		assert_int_equal(guestpage_validate(p, PAGE_SIZE_4K, false),
				 PAGE_OK);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(fake_windows, 0);
	return 0;
}

static void only_guest_ram_makes_a_range(void **state)
{
	struct guest_range r;

	(void)state;
	assert_int_equal(guest_range_check(0, 1, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(3 * PAGE_4K, 0, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(3 * PAGE_4K, 1, &r), OK);
	assert_int_equal(guest_range_check(HOLE - 1, 2, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(HOLE, 8, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(SVSM, 8, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(SVSM - 4, 8, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(RAM - 8, 8, &r), OK);
	assert_int_equal(guest_range_check(RAM - 8, 9, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(~0ull, 2, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(~0ull - 7, 8, &r), ERR_RANGE);
	assert_int_equal(guest_range_check(8, ~0ull, &r), ERR_RANGE);
}

/* Neighbouring ranges share a 2 MiB region of addresses but no record. */
static void chunks_are_counted_per_entry(void **state)
{
	struct guest_range a, b, c;

	(void)state;
	assert_int_equal(guest_range_check(3 * PAGE_4K, 1, &a), OK);
	assert_int_equal(guest_range_check(HOLE - 1, 1, &b), OK);
	assert_int_equal(guest_range_check(HOLE + PAGE_2M, 1, &c), OK);
	assert_int_equal(a.chunk, 0);
	assert_int_equal(b.chunk, 3);
	assert_int_equal(c.chunk, 4);
	assert_int_equal(guest_range_check(RAM - 1, 1, &c), OK);
	assert_int_equal(c.chunk, memmap_chunks() - 1);
}

static void parts_stay_inside(void **state)
{
	struct guest_range r, part;

	(void)state;
	assert_int_equal(guest_range_check(PAGE_2M - 8, 16, &r), OK);
	assert_int_equal(guest_range_part(r, 8, 8, &part), OK);
	assert_int_equal(part.r.start.v, PAGE_2M);
	assert_int_equal(part.chunk, r.chunk + 1);
	assert_int_equal(guest_range_part(r, 8, 9, &part), ERR_RANGE);
	assert_int_equal(guest_range_part(r, 17, 0, &part), ERR_RANGE);
	assert_int_equal(guest_range_part(r, ~0ull, 2, &part), ERR_RANGE);
	assert_int_equal(guest_range_part(r, 2, ~0ull, &part), ERR_RANGE);
	assert_int_equal(guest_range_part(r, 0, 0, &part), ERR_RANGE);
}

static void copies_cross_pages_and_regions(void **state)
{
	struct guest_range r;
	unsigned char in[64], out[64];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)(i + 1);
	assert_int_equal(guest_range_check(PAGE_2M - 32, 64, &r), OK);
	assert_int_equal(guest_write(r, 0, in, 64), OK);
	assert_memory_equal(fake.ram + PAGE_2M - 32, in, 64);
	assert_int_equal(guest_read(r, 0, out, 64), OK);
	assert_memory_equal(in, out, 64);
	assert_int_equal(guest_read(r, 31, out, 2), OK);
	assert_memory_equal(in + 31, out, 2);
	assert_int_equal(guest_read(r, 60, out, 5), ERR_RANGE);
	assert_int_equal(guest_read(r, 65, out, 0), ERR_RANGE);
	assert_int_equal(guest_read(r, 64, out, 0), OK);
	assert_int_equal(guest_write(r, ~0ull, in, 2), ERR_RANGE);
}

static void pages_that_are_not_validated_are_not_touched(void **state)
{
	struct guest_range r;
	char byte;

	(void)state;
	assert_int_equal(guest_range_check(PAGE_2M + PAGE_4K - 1, 2, &r), OK);
	assert_int_equal(guest_read(r, 0, &byte, 1), OK);
	assert_int_equal(guest_read(r, 1, &byte, 1), ERR_ABSENT);
	assert_int_equal(guest_write(r, 0, "ab", 2), ERR_ABSENT);
	assert_int_equal(fake.violations, 0);
}

static void page_pulled_away_by_the_host(void **state)
{
	struct guest_range r;
	char byte;

	(void)state;
	rmp_unassign(&fake.rmp, PAGE_2M, RMP_PG_SIZE_4K);
	assert_int_equal(guest_range_check(PAGE_2M, 1, &r), OK);
	assert_int_equal(guest_read(r, 0, &byte, 1), ERR_HOST);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_guest_ram_makes_a_range),
		TEST(chunks_are_counted_per_entry),
		TEST(parts_stay_inside),
		TEST(copies_cross_pages_and_regions),
		TEST(pages_that_are_not_validated_are_not_touched),
		TEST(page_pulled_away_by_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
