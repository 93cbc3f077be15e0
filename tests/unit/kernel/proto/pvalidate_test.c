/* SPDX-License-Identifier: MIT */
/* PVALIDATE: lists right and wrong, every result code, nothing half done. */
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
#include "kernel/proto/pvalidate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/page.h"
#include "kernel/proto/list.h"
#include "tests/fake/world.h"

#define LIST	     (WORLD_CAA + 8)
#define VALIDATE     0x4ull
#define IGNORE	     0x8ull
#define LARGE	     0x1ull
#define NOCHANGE     0x80001010u
#define SIZEMISMATCH 0x80001006u
#define PARAMETER    0x80000005u
#define ADDRESS	     0x80000003u

static struct svsm_list *list(void)
{
	return world_at(LIST);
}

static uint64_t *entries(void)
{
	return (uint64_t *)(list() + 1);
}

static uint32_t call(void)
{
	return core_call(SVSM_CORE_PVALIDATE, LIST, 0, 0);
}

static uint32_t one(uint64_t entry)
{
	*list() = (struct svsm_list){ .entries = 1 };
	entries()[0] = entry;
	return call();
}

static bool granted(uint64_t gpa)
{
	return fake_perms(gpa, FAKE_GUEST_VMPL) == VMPL_ALL;
}

static bool page_is(uint64_t gpa, uint64_t size, char byte)
{
	const char *p = world_at(gpa);

	for (uint64_t i = 0; i < size; i++)
		if (p[i] != byte)
			return false;
	return true;
}

static void validate_clears_and_grants(void **state)
{
	uint64_t gpa = WORLD_INVALID + 5 * PAGE_4K;

	(void)state;
	memset(world_at(gpa), 0x5a, PAGE_4K);
	assert_int_equal(one(gpa | VALIDATE), 0);
	assert_int_equal(list()->next, 1);
	assert_true(fake_is_validated(gpa));
	assert_true(granted(gpa));
	assert_true(page_is(gpa, PAGE_4K, 0));
	assert_false(fake_is_validated(gpa - PAGE_4K));
	assert_false(fake_is_validated(gpa + PAGE_4K));
	assert_int_equal(fake_perms(gpa, 1), 0);
	assert_int_equal(fake_perms(gpa, 3), 0);
	assert_int_equal(fake.tlb_flushes, 0);
	assert_int_equal(fake.violations, 0);
}

static void rescind_revokes_and_flushes_once(void **state)
{
	(void)state;
	list()->entries = 3;
	list()->next = 0;
	for (unsigned int i = 0; i < 3; i++)
		entries()[i] = WORLD_FREE + i * PAGE_4K;
	assert_int_equal(call(), 0);
	assert_int_equal(list()->next, 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_false(fake_is_validated(WORLD_FREE + i * PAGE_4K));
		assert_int_equal(fake_perms(WORLD_FREE + i * PAGE_4K, 2), 0);
	}
	assert_int_equal(fake.tlb_flushes, 1);
	assert_int_equal(fake.violations, 0);
}

static void round_trip_of_2m(void **state)
{
	uint64_t gpa = 0x600000;

	(void)state;
	assert_int_equal(one(gpa | LARGE), 0);
	assert_false(fake_is_validated(gpa));
	assert_false(fake_is_validated(gpa + PAGE_2M - PAGE_4K));
	assert_int_equal(fake_perms(gpa, 2), 0);
	memset(world_at(gpa), 0x77, PAGE_2M);
	assert_int_equal(one(gpa | LARGE | VALIDATE), 0);
	assert_true(fake_is_validated(gpa + PAGE_2M - PAGE_4K));
	assert_true(granted(gpa + PAGE_2M - PAGE_4K));
	assert_true(page_is(gpa, PAGE_2M, 0));
	assert_int_equal(fake.violations, 0);
}

/* Nothing is asked of the hardware, let alone cleared. */
static void validating_twice_is_refused_early(void **state)
{
	(void)state;
	memset(world_at(WORLD_FREE), 0x11, PAGE_4K);
	assert_int_equal(one(WORLD_FREE | VALIDATE), NOCHANGE);
	assert_int_equal(list()->next, 0);
	assert_int_equal(fake.pvalidates, 0);
	assert_int_equal(fake.rmpadjusts, 0);
	assert_int_equal(one(WORLD_FREE | VALIDATE | IGNORE), 0);
	assert_int_equal(list()->next, 1);
	assert_int_equal(fake.pvalidates, 0);
	assert_true(page_is(WORLD_FREE, PAGE_4K, 0x11));
	assert_int_equal(one(0x600000 | VALIDATE | LARGE), NOCHANGE);
	assert_int_equal(one(0x600000 | VALIDATE | LARGE | IGNORE), 0);
}

static void rescinding_twice_is_refused_early(void **state)
{
	(void)state;
	assert_int_equal(one(WORLD_INVALID), NOCHANGE);
	assert_int_equal(one(WORLD_INVALID | LARGE), NOCHANGE);
	assert_int_equal(one(WORLD_INVALID | IGNORE), 0);
	assert_int_equal(one(WORLD_INVALID | LARGE | IGNORE), 0);
	assert_int_equal(fake.pvalidates, 0);
	assert_int_equal(fake.rmpadjusts, 0);
}

/* The host took the page and gave it back: our record says valid, the RMP
 * does not. */
static void host_swap_is_not_validated_again(void **state)
{
	(void)state;
	rmp_psmash(&fake.rmp, 0);
	rmp_unassign(&fake.rmp, WORLD_FREE, RMP_PG_SIZE_4K);
	rmp_assign(&fake.rmp, rmp_same(WORLD_FREE), RMP_PG_SIZE_4K);
	assert_int_equal(one(WORLD_FREE | VALIDATE), NOCHANGE);
	assert_false(fake_is_validated(WORLD_FREE));
}

static void sizes_mixed(void **state)
{
	uint64_t gpa = WORLD_INVALID;

	(void)state;
	/* The host backs the region with small pages. */
	assert_int_equal(one(gpa | LARGE | VALIDATE), SIZEMISMATCH);
	assert_int_equal(list()->next, 0);
	assert_int_equal(one(gpa | VALIDATE), 0);
	/* Some of it valid, some not: neither way as a whole. */
	assert_int_equal(one(gpa | LARGE | VALIDATE), SIZEMISMATCH);
	assert_int_equal(one(gpa | LARGE), SIZEMISMATCH);
	assert_true(granted(gpa));
	/* A small page of a large one: the host splits it. */
	assert_int_equal(one(0x600000 + PAGE_4K), 0);
	assert_int_equal(one(0x600000 | LARGE), SIZEMISMATCH);
	assert_true(fake_is_validated(0x600000));
	assert_int_equal(fake.violations, 0);
}

static void entries_out_of_form(void **state)
{
	(void)state;
	assert_int_equal(one(WORLD_FREE | 2), PARAMETER);
	assert_int_equal(one(WORLD_FREE | 3), PARAMETER);
	for (unsigned int bit = 4; bit < 12; bit++)
		assert_int_equal(one(WORLD_FREE | 1ull << bit), PARAMETER);
	assert_int_equal(one((WORLD_FREE + PAGE_4K) | LARGE), PARAMETER);
	assert_int_equal(list()->next, 0);
	assert_int_equal(fake.pvalidates, 0);
}

static void entries_out_of_bounds(void **state)
{
	static const uint64_t bad[] = {
		WORLD_OURS,	    WORLD_OURS | VALIDATE,
		WORLD_OURS | LARGE, WORLD_OURS + WORLD_OURS_SIZE - PAGE_4K,
		WORLD_RAM,	    WORLD_RAM | LARGE,
		0xfffffffffffff000, 0xffffffffffe00000 | LARGE,
		1ull << 51,	    1ull << 52,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(one(bad[i]), ADDRESS);
		assert_int_equal(list()->next, 0);
	}
	/* The guest's own machinery: save area, calling areas. */
	assert_int_equal(one(WORLD_CAA), ADDRESS);
	assert_int_equal(one(0 | LARGE), ADDRESS);
	assert_int_equal(fake.pvalidates, 0);
}

static void list_headers(void **state)
{
	static const struct {
		uint64_t gpa;
		uint16_t entries, next;
		uint32_t result;
	} cases[] = {
		{ WORLD_FREE, 0, 0, PARAMETER },
		{ WORLD_FREE, 1, 1, PARAMETER },
		{ WORLD_FREE, 1, 0xffff, PARAMETER },
		{ WORLD_FREE, 512, 0, PARAMETER },
		{ WORLD_FREE, 65535, 0, PARAMETER },
		{ WORLD_FREE, 511, 0, 0 },
		{ WORLD_FREE, 511, 510, 0 },
		{ WORLD_FREE + 8, 510, 0, 0 },
		{ WORLD_FREE + 8, 511, 0, PARAMETER },
		{ WORLD_FREE + 0xff0, 1, 0, 0 },
		{ WORLD_FREE + 0xff0, 2, 0, PARAMETER },
		{ WORLD_FREE + 0xff8, 1, 0, PARAMETER },
		{ WORLD_FREE + 0xff8, 0, 0, PARAMETER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct svsm_list *l = world_at(cases[i].gpa);
		uint64_t *e = (uint64_t *)(l + 1);
		uint64_t room = (PAGE_4K - cases[i].gpa % PAGE_4K) / 8 - 1;

		*l = (struct svsm_list){ cases[i].entries, cases[i].next, 0 };
		for (uint64_t n = 0; n < room; n++)
			e[n] = WORLD_INVALID | IGNORE;
		assert_int_equal(core_call(SVSM_CORE_PVALIDATE, cases[i].gpa, 0,
					   0),
				 cases[i].result);
		assert_int_equal(l->next, cases[i].result ? cases[i].next
							  : cases[i].entries);
	}
}

static void list_addresses(void **state)
{
	static const struct {
		uint64_t gpa;
		uint32_t result;
	} cases[] = {
		{ LIST + 1, PARAMETER }, { LIST + 4, PARAMETER },
		{ WORLD_OURS, ADDRESS }, { WORLD_OURS + 8, ADDRESS },
		{ WORLD_RAM, ADDRESS },	 { WORLD_INVALID, ADDRESS },
		{ 1ull << 51, ADDRESS }, { 1ull << 63, ADDRESS },
		{ ~0ull - 7, ADDRESS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(core_call(SVSM_CORE_PVALIDATE, cases[i].gpa, 0,
					   0),
				 cases[i].result);
	assert_int_equal(fake.violations, 0);
}

static void stops_at_the_first_error(void **state)
{
	(void)state;
	list()->entries = 4;
	list()->next = 1;
	entries()[0] = 0xfff; /* before next: not looked at */
	entries()[1] = WORLD_INVALID | VALIDATE;
	entries()[2] = WORLD_OURS | VALIDATE;
	entries()[3] = (WORLD_INVALID + PAGE_4K) | VALIDATE;
	assert_int_equal(call(), ADDRESS);
	assert_int_equal(list()->next, 2);
	assert_true(fake_is_validated(WORLD_INVALID));
	assert_false(fake_is_validated(WORLD_INVALID + PAGE_4K));
	/* As Linux does after a size mismatch: skip and go on. */
	list()->next = 3;
	assert_int_equal(call(), 0);
	assert_int_equal(list()->next, 4);
	assert_true(fake_is_validated(WORLD_INVALID + PAGE_4K));
}

/* A list that rescinds the page it lies in. */
static void list_pulls_itself_away(void **state)
{
	struct svsm_list *l = world_at(WORLD_FREE);

	(void)state;
	*l = (struct svsm_list){ .entries = 1 };
	((uint64_t *)(l + 1))[0] = WORLD_FREE;
	assert_int_equal(core_call(SVSM_CORE_PVALIDATE, WORLD_FREE, 0, 0),
			 ADDRESS);
	assert_int_equal(l->next, 0);
	assert_int_equal(fake.violations, 0);
}

/* The host pulled a page that our record believes in: an error, no crash. */
static void host_pulls_the_list_away(void **state)
{
	(void)state;
	rmp_psmash(&fake.rmp, 0);
	rmp_unassign(&fake.rmp, WORLD_FREE, RMP_PG_SIZE_4K);
	assert_int_equal(core_call(SVSM_CORE_PVALIDATE, WORLD_FREE, 0, 0),
			 ADDRESS);
}

static void fills_and_empties_everything(void **state)
{
	uint64_t at = WORLD_INVALID;

	(void)state;
	while (at < WORLD_RAM) {
		uint16_t n = 0;

		for (; n < 510 && at < WORLD_RAM; at += PAGE_4K)
			entries()[n++] = at | VALIDATE;
		*list() = (struct svsm_list){ .entries = n };
		assert_int_equal(call(), 0);
	}
	for (at = WORLD_INVALID; at < WORLD_RAM; at += PAGE_4K)
		assert_true(granted(at));
	for (at = WORLD_INVALID; at < WORLD_RAM; at += PAGE_4K)
		assert_int_equal(one(at), 0);
	assert_int_equal(fake.violations, 0);
}

/* Entries of every kind in a row: runs must not blur what each one asks. */
static void kinds_alternate(void **state)
{
	static const uint64_t kind[] = { VALIDATE, VALIDATE, 0,
					 VALIDATE | IGNORE, IGNORE };
	uint16_t n = 0;

	(void)state;
	for (; n < 5; n++)
		entries()[n] = (WORLD_INVALID + n / 3 * PAGE_4K) | kind[n];
	/* 0 on, 0 again: refused; then page 0 off, page 1 on and off. */
	*list() = (struct svsm_list){ .entries = n };
	assert_int_equal(call(), NOCHANGE);
	assert_int_equal(list()->next, 1);
	list()->next = 2;
	assert_int_equal(call(), 0);
	assert_int_equal(list()->next, 5);
	assert_false(fake_is_validated(WORLD_INVALID));
	assert_false(fake_is_validated(WORLD_INVALID + PAGE_4K));
	assert_int_equal(fake.tlb_flushes, 1);
	/* A bad entry ends the list, behind good ones of its region. */
	entries()[0] = WORLD_INVALID | VALIDATE;
	entries()[1] = (WORLD_INVALID + PAGE_4K) | VALIDATE | 0x10;
	*list() = (struct svsm_list){ .entries = 2 };
	assert_int_equal(call(), PARAMETER);
	assert_int_equal(list()->next, 1);
	assert_true(fake_is_validated(WORLD_INVALID));
	assert_false(fake_is_validated(WORLD_INVALID + PAGE_4K));
}

/* More than one run, and entries beyond those that come with the header. */
static void long_lists(void **state)
{
	uint16_t n;

	(void)state;
	for (n = 0; n < 100; n++)
		entries()[n] = (WORLD_INVALID + n * PAGE_4K) | VALIDATE;
	*list() = (struct svsm_list){ .entries = n, .next = 3 };
	assert_int_equal(call(), 0);
	assert_int_equal(list()->next, 100);
	for (n = 0; n < 101; n++)
		assert_int_equal(granted(WORLD_INVALID + n * PAGE_4K),
				 n >= 3 && n < 100);
	/* The last one fails. */
	entries()[0] = WORLD_INVALID | VALIDATE;
	entries()[70] = 90 * PAGE_4K + WORLD_INVALID;
	entries()[71] = 90 * PAGE_4K + WORLD_INVALID;
	for (n = 1; n < 70; n++)
		entries()[n] = (WORLD_INVALID + (99 + n) * PAGE_4K) | VALIDATE;
	entries()[1] = WORLD_INVALID + 99 * PAGE_4K;
	*list() = (struct svsm_list){ .entries = 72 };
	assert_int_equal(call(), NOCHANGE);
	assert_int_equal(list()->next, 71);
}

/* "Deposit pages and call again": what is done stays done. */
static void no_memory_asks_for_pages(void **state)
{
	struct pa pa, some[16];
	unsigned int n = 0;
	uint32_t r;

	(void)state;
	while (page_take(&pa) == OK)
		some[n++ % 16] = pa;
	entries()[0] = 0x600000 | LARGE;
	entries()[1] = WORLD_INVALID | VALIDATE;
	*list() = (struct svsm_list){ .entries = 2 };
	r = call();
	assert_true(r > SVSM_NEED_PAGES && r <= SVSM_NEED_PAGES + 16);
	assert_int_equal(list()->next, 1);
	assert_false(fake_is_validated(0x600000));
	assert_false(fake_is_validated(WORLD_INVALID));
	assert_int_equal(call(), r);
	for (n = 0; n < r - SVSM_NEED_PAGES; n++)
		page_give(some[n]);
	assert_int_equal(call(), 0);
	assert_int_equal(list()->next, 2);
	assert_true(granted(WORLD_INVALID));
	assert_int_equal(fake.violations, 0);
}

#define T(f) cmocka_unit_test_setup(f, world_setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(validate_clears_and_grants),
		T(rescind_revokes_and_flushes_once),
		T(round_trip_of_2m),
		T(validating_twice_is_refused_early),
		T(rescinding_twice_is_refused_early),
		T(host_swap_is_not_validated_again),
		T(sizes_mixed),
		T(entries_out_of_form),
		T(entries_out_of_bounds),
		T(list_headers),
		T(list_addresses),
		T(stops_at_the_first_error),
		T(list_pulls_itself_away),
		T(host_pulls_the_list_away),
		T(fills_and_empties_everything),
		T(kinds_alternate),
		T(long_lists),
		T(no_memory_asks_for_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
