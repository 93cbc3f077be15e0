/* SPDX-License-Identifier: MIT */
/* DEPOSIT_MEM, WITHDRAW_MEM, MEM_AVAILABLE, and calls that need memory. */
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
#include "kernel/proto/deposit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/page.h"
#include "kernel/proto/request.h"
#include "tests/fake/world.h"

#define LIST   WORLD_FREE
#define GIFT   (WORLD_FREE + 0x10000ull)
#define REGION 0x200000ull
#define SMALL  0ull
#define LARGE  SVSM_DEPOSIT_2M

#define INVALID_ADDRESS	  0x80000003u
#define INVALID_PARAMETER 0x80000005u

struct list_page {
	struct svsm_list header;
	uint64_t entry[511];
};

static struct list_page *list(void)
{
	return world_at(LIST);
}

static uint8_t offered(void)
{
	return ((struct svsm_ca *)world_at(WORLD_CAA))->mem_available;
}

static uint32_t again(void)
{
	return core_call(SVSM_CORE_DEPOSIT_MEM, LIST, 0, 0);
}

static uint32_t deposit(uint16_t entries)
{
	list()->header = (struct svsm_list){ .entries = entries };
	return again();
}

static uint32_t deposit_one(uint64_t entry)
{
	list()->entry[0] = entry;
	return deposit(1);
}

/* Count of pages; their addresses are in the list. */
static uint16_t withdraw_at(uint64_t gpa)
{
	assert_int_equal(core_call(SVSM_CORE_WITHDRAW_MEM, gpa, 0, 0),
			 SVSM_SUCCESS);
	return ((struct svsm_withdrawn *)world_at(gpa))->count;
}

static bool is_ours(uint64_t gpa)
{
	return fake_perms(gpa, FAKE_GUEST_VMPL) == 0;
}

static bool all_zero(uint64_t gpa)
{
	static const char zero[PAGE_4K];

	return memcmp(world_at(gpa), zero, PAGE_4K) == 0;
}

static uint32_t pvalidate_one(uint64_t entry)
{
	list()->entry[0] = entry;
	list()->header = (struct svsm_list){ .entries = 1 };
	return core_call(SVSM_CORE_PVALIDATE, LIST, 0, 0);
}

static void there_and_back(void **state)
{
	(void)state;
	memset(world_at(GIFT), 0x55, PAGE_4K);
	fake.tlb_flushes = 0;
	assert_int_equal(deposit_one(GIFT | SMALL), SVSM_SUCCESS);
	assert_int_equal(list()->header.next, 1);
	assert_int_equal(fake.tlb_flushes, 1);
	assert_true(is_ours(GIFT));
	assert_int_equal(offered(), 1);
	assert_int_equal(withdraw_at(LIST), 1);
	assert_int_equal(list()->entry[0], GIFT);
	assert_int_equal(offered(), 0);
	assert_int_equal(fake_perms(GIFT, FAKE_GUEST_VMPL), VMPL_ALL);
	assert_true(all_zero(GIFT));
	assert_int_equal(withdraw_at(LIST), 0);
	assert_int_equal(fake.violations, 0);
}

/* Another vCPU writes until the flush. */
static void flush_after_a_write(void)
{
	fake.tlb_flushes++;
	memset(world_at(GIFT), 0x66, PAGE_4K);
}

static void old_translations_end_before_the_wipe(void **state)
{
	struct platform_ops racing = platform_fake;

	(void)state;
	racing.tlb_flush = flush_after_a_write;
	platform_select(&racing);
	assert_int_equal(deposit_one(GIFT), SVSM_SUCCESS);
	platform_select(&platform_fake);
	/* all of it is zero but the pool's own link */
	assert_memory_equal((char *)world_at(GIFT) + 8,
			    (char *)world_at(GIFT) + 16, PAGE_4K - 16);
	assert_int_equal(((uint64_t *)world_at(GIFT))[511], 0);
}

static void lists_that_are_wrong(void **state)
{
	static const struct {
		uint64_t gpa;
		uint32_t answer;
	} cases[] = {
		{ LIST + 4, INVALID_PARAMETER },
		{ LIST + 0xff8, INVALID_PARAMETER }, /* no room */
		{ WORLD_OURS, INVALID_ADDRESS },
		{ WORLD_RAM, INVALID_ADDRESS },
		{ WORLD_INVALID, INVALID_ADDRESS },
		{ ~0xfffull, INVALID_ADDRESS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(core_call(SVSM_CORE_DEPOSIT_MEM, cases[i].gpa,
					   0, 0),
				 cases[i].answer);
	assert_int_equal(deposit(0), INVALID_PARAMETER);
	assert_int_equal(deposit(512), INVALID_PARAMETER);
	list()->header = (struct svsm_list){ .entries = 1, .next = 1 };
	assert_int_equal(again(), INVALID_PARAMETER);
}

static void entries_that_are_wrong(void **state)
{
	static const struct {
		uint64_t entry;
		uint32_t answer;
	} cases[] = {
		{ GIFT | 2, INVALID_PARAMETER },
		{ GIFT | 3, INVALID_PARAMETER },
		{ GIFT | LARGE, INVALID_PARAMETER }, /* not aligned */
		{ GIFT | 4, INVALID_PARAMETER },
		{ GIFT | 0x800, INVALID_PARAMETER },
		{ WORLD_OURS, INVALID_ADDRESS },
		{ WORLD_OURS | 4, INVALID_ADDRESS }, /* address first */
		{ WORLD_OURS | LARGE, INVALID_ADDRESS },
		{ WORLD_OURS + WORLD_OURS_SIZE - PAGE_4K, INVALID_ADDRESS },
		{ WORLD_RAM, INVALID_ADDRESS },
		{ ~0xfffull, INVALID_ADDRESS },
		{ 0xfffffffffff000ull, INVALID_ADDRESS },
		{ WORLD_INVALID, INVALID_ADDRESS },
		{ WORLD_INVALID | LARGE, INVALID_ADDRESS },
		{ WORLD_CAA, INVALID_ADDRESS }, /* the caller's own */
		{ LARGE, INVALID_ADDRESS },	/* that and the list in it */
		{ LIST, INVALID_ADDRESS },
	};

	(void)state;
	fake.rmpadjusts = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(deposit_one(cases[i].entry), cases[i].answer);
		assert_int_equal(list()->header.next, 0);
	}
	for (unsigned int bit = 2; bit < 12; bit++)
		assert_int_equal(deposit_one(GIFT | 1ull << bit),
				 INVALID_PARAMETER);
	assert_int_equal(fake.rmpadjusts, 0);
	assert_int_equal(withdraw_at(LIST), 0);
}

static void save_and_calling_areas(void **state)
{
	uint64_t vmsa = GIFT + 0x1000, caa = GIFT + 0x2000;

	(void)state;
	world_vmsa_make(vmsa);
	assert_int_equal(core_call(SVSM_CORE_CREATE_VCPU, vmsa, caa,
				   WORLD_APIC_ID(1)),
			 SVSM_SUCCESS);
	assert_int_equal(deposit_one(vmsa), INVALID_ADDRESS);
	assert_int_equal(deposit_one(caa), INVALID_ADDRESS);
	assert_int_equal(core_call(SVSM_CORE_DELETE_VCPU, vmsa, 0, 0),
			 SVSM_SUCCESS);
	assert_int_equal(deposit_one(vmsa), SVSM_SUCCESS);
	assert_int_equal(deposit_one(caa), SVSM_SUCCESS);
	/* And the other way round. */
	assert_int_equal(core_call(SVSM_CORE_REMAP_CA, caa, 0, 0),
			 INVALID_ADDRESS);
	assert_int_equal(core_call(SVSM_CORE_CREATE_VCPU, GIFT, caa,
				   WORLD_APIC_ID(1)),
			 INVALID_ADDRESS);
	assert_int_equal(core_call(SVSM_CORE_CREATE_VCPU, vmsa, GIFT,
				   WORLD_APIC_ID(1)),
			 INVALID_ADDRESS);
	assert_int_equal(core_call(SVSM_CORE_PVALIDATE, vmsa, 0, 0),
			 INVALID_ADDRESS);
	assert_int_equal(core_call(SVSM_CORE_WITHDRAW_MEM, vmsa, 0, 0),
			 INVALID_ADDRESS);
	assert_int_equal(pvalidate_one(vmsa | SVSM_PVALIDATE_IGNORE_CF),
			 INVALID_ADDRESS);
	assert_int_equal(pvalidate_one(vmsa | SVSM_PVALIDATE_VALIDATE |
				       SVSM_PVALIDATE_IGNORE_CF),
			 INVALID_ADDRESS);
}

static void twice(void **state)
{
	(void)state;
	list()->entry[0] = GIFT;
	list()->entry[1] = GIFT;
	assert_int_equal(deposit(2), INVALID_ADDRESS);
	assert_int_equal(list()->header.next, 1);
	assert_int_equal(deposit_one(GIFT), INVALID_ADDRESS);
	assert_int_equal(withdraw_at(LIST), 1);
	assert_int_equal(list()->entry[0], GIFT);
}

/* What lies before the wrong entry is done, what follows is not. */
static void progress(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		list()->entry[i] = GIFT + i * PAGE_4K;
	list()->entry[2] |= 4;
	fake.tlb_flushes = 0;
	assert_int_equal(deposit(4), INVALID_PARAMETER);
	assert_int_equal(fake.tlb_flushes, 1);
	assert_int_equal(list()->header.next, 2);
	assert_true(is_ours(GIFT) && is_ours(GIFT + PAGE_4K));
	assert_false(is_ours(GIFT + 2 * PAGE_4K));
	assert_false(is_ours(GIFT + 3 * PAGE_4K));
	list()->entry[2] &= ~4ull;
	assert_int_equal(again(), SVSM_SUCCESS);
	assert_int_equal(list()->header.next, 4);
	assert_int_equal(withdraw_at(LIST), 4);
}

static void long_work_comes_in_parts(void **state)
{
	unsigned int n = 0, calls = 0;

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		list()->entry[i] = (REGION + i * PAGE_2M) | LARGE;
	assert_int_equal(deposit(3), 0x80000000);
	assert_int_equal(list()->header.next, 2);
	assert_false(is_ours(REGION + 2 * PAGE_2M));
	assert_int_equal(again(), SVSM_SUCCESS);
	assert_int_equal(list()->header.next, 3);
	for (uint16_t got = 1; got; calls++) {
		got = withdraw_at(LIST);
		n += got;
		for (uint16_t i = 0; i < got; i++)
			assert_true(all_zero(list()->entry[i]));
	}
	assert_int_equal(n, 3 * 512);
	assert_int_equal(calls, 5); /* 511 each, the rest, none */
	assert_int_equal(fake.violations, 0);
}

static void withdraw_fills_to_the_end_of_the_page(void **state)
{
	uint64_t before = GIFT - PAGE_4K, after = LIST + PAGE_4K;

	(void)state;
	assert_int_equal(deposit_one(REGION | LARGE), SVSM_SUCCESS);
	*(uint64_t *)world_at(after) = 0x77;
	*(uint64_t *)world_at(before) = 0x88;
	assert_int_equal(withdraw_at(LIST + 0xff0), 1);
	assert_int_equal(withdraw_at(LIST + 0xfe8), 2);
	assert_int_equal(*(uint64_t *)world_at(after), 0x77);
	assert_int_equal(withdraw_at(LIST), 509);
	assert_int_equal(offered(), 0);
	assert_int_equal(*(uint64_t *)world_at(before), 0x88);
}

static void withdraw_gives_nothing_to_a_bad_list(void **state)
{
	static const struct {
		uint64_t gpa;
		uint32_t answer;
	} cases[] = {
		{ LIST + 4, INVALID_PARAMETER },
		{ LIST + 0xff8, INVALID_PARAMETER },
		{ WORLD_OURS, INVALID_ADDRESS },
		{ WORLD_RAM, INVALID_ADDRESS },
		{ WORLD_INVALID, INVALID_ADDRESS },
		{ GIFT, INVALID_ADDRESS }, /* ours by now */
	};

	(void)state;
	assert_int_equal(deposit_one(GIFT), SVSM_SUCCESS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(core_call(SVSM_CORE_WITHDRAW_MEM, cases[i].gpa,
					   0, 0),
				 cases[i].answer);
	assert_true(is_ours(GIFT));
	assert_int_equal(offered(), 1);
	assert_int_equal(withdraw_at(LIST), 1);
}

static void used_pages_stay(void **state)
{
	struct pa page = { 0 }, last;

	(void)state;
	list()->entry[0] = GIFT;
	list()->entry[1] = GIFT + PAGE_4K;
	assert_int_equal(deposit(2), SVSM_SUCCESS);
	while (page.v < GIFT || page.v > GIFT + PAGE_4K)
		assert_int_equal(page_take(&page), OK);
	assert_true(all_zero(page.v));
	assert_int_equal(withdraw_at(LIST), 1);
	assert_int_not_equal(list()->entry[0], page.v);
	assert_true(is_ours(page.v));
	assert_int_equal(page_take(&last), ERR_NOMEM);
	/* A secret in it goes with page_give. */
	memset(world_at(page.v), 0x99, PAGE_4K);
	page_give(page);
	assert_int_equal(withdraw_at(LIST), 1);
	assert_int_equal(list()->entry[0], page.v);
	assert_true(all_zero(page.v));
}

/* Another CPU's call changes the boot vCPU's byte. */
static void offer_reaches_the_boot_vcpu(void **state)
{
	uint64_t caa = WORLD_FREE + 0x8000;
	struct svsm_request other = { .call = SVSM_CORE_WITHDRAW_MEM,
				      .rcx = LIST,
				      .vcpu = world_cpu[1].vcpu };

	(void)state;
	assert_int_equal(offered(), 0);
	assert_int_equal(deposit_one(GIFT), SVSM_SUCCESS);
	assert_int_equal(core_call(SVSM_CORE_REMAP_CA, caa, 0, 0),
			 SVSM_SUCCESS);
	assert_int_equal(((struct svsm_ca *)world_at(caa))->mem_available, 1);
	fake.gs = &world_cpu[1];
	assert_int_equal(request_dispatch(&other), SVSM_SUCCESS);
	offer_update();
	assert_int_equal(((struct svsm_ca *)world_at(caa))->mem_available, 0);
	/* The old area is the guest's own. */
	assert_int_equal(offered(), 1);
}

static void memory_drain(void)
{
	struct pa p;

	while (page_take(&p) == OK)
		;
}

/* A call wants memory: exactly what it asks for is enough, wherever it is. */
static void need_is_met(uint32_t answer, uint64_t stride)
{
	uint32_t n = answer - 0x40000000u;

	assert_true(answer > 0x40000000u && n < 100);
	for (uint32_t i = 0; i < n; i++)
		list()->entry[i] = REGION + i * stride;
	assert_int_equal(deposit((uint16_t)n), SVSM_SUCCESS);
}

static uint32_t rescind_one(void)
{
	return pvalidate_one(GIFT | SVSM_PVALIDATE_4K);
}

static void pvalidate_asks_and_goes_on(void **state)
{
	uint16_t n;

	(void)state;
	memory_drain();
	/* a mixed region needs the page of its bits */
	uint32_t r = rescind_one();

	assert_int_equal(list()->header.next, 0);
	assert_true(fake_is_validated(GIFT));
	need_is_met(r, PAGE_4K);
	assert_int_equal(rescind_one(), SVSM_SUCCESS);
	assert_false(fake_is_validated(GIFT));
	n = withdraw_at(LIST);
	assert_true(n > 0);
	assert_int_equal(page_reserve_lacks(), 0);
}

static void create_asks_and_goes_on(void **state)
{
	uint64_t vmsa = GIFT + 0x1000, caa = GIFT + 0x2000;
	uint32_t r;

	(void)state;
	memory_drain();
	world_vmsa_make(vmsa);
	r = core_call(SVSM_CORE_CREATE_VCPU, vmsa, caa, WORLD_APIC_ID(1));
	assert_int_equal(fake_perms(vmsa, FAKE_GUEST_VMPL), VMPL_ALL);
	need_is_met(r, 3 * PAGE_4K);
	assert_int_equal(core_call(SVSM_CORE_CREATE_VCPU, vmsa, caa,
				   WORLD_APIC_ID(1)),
			 SVSM_SUCCESS);
}

/* The reserve is gone as well: what is asked for fills it, too. */
static void an_empty_reserve_is_asked_for(void **state)
{
	uint32_t r;

	(void)state;
	memory_drain();
	assert_int_equal(deposit_one(REGION), SVSM_SUCCESS);
	page_reserve_open();
	for (unsigned int i = 0; i < PAGE_RESERVE; i++) {
		struct pa p;

		assert_int_equal(page_take(&p), OK);
	}
	page_reserve_close();
	r = rescind_one();
	assert_true(r - 0x40000000u > PAGE_RESERVE);
	for (uint32_t i = 0; i < r - 0x40000000u; i++)
		list()->entry[i] = REGION + PAGE_4K + i * PAGE_4K;
	assert_int_equal(deposit((uint16_t)(r - 0x40000000u)), SVSM_SUCCESS);
	assert_int_equal(rescind_one(), SVSM_SUCCESS);
}

/* Nothing at all, not even for the deed of the first page. */
static void deposit_itself_asks(void **state)
{
	struct pa p;

	(void)state;
	page_reserve_open();
	memory_drain();
	page_reserve_close();
	assert_int_equal(page_take(&p), ERR_NOMEM);
	assert_true(deposit_one(GIFT) > 0x40000000u);
	assert_int_equal(list()->header.next, 0);
	assert_false(is_ours(GIFT));
}

#define CASE(f) cmocka_unit_test_setup(f, world_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(there_and_back),
		CASE(old_translations_end_before_the_wipe),
		CASE(lists_that_are_wrong),
		CASE(entries_that_are_wrong),
		CASE(save_and_calling_areas),
		CASE(twice),
		CASE(progress),
		CASE(long_work_comes_in_parts),
		CASE(withdraw_fills_to_the_end_of_the_page),
		CASE(withdraw_gives_nothing_to_a_bad_list),
		CASE(used_pages_stay),
		CASE(offer_reaches_the_boot_vcpu),
		CASE(pvalidate_asks_and_goes_on),
		CASE(create_asks_and_goes_on),
		CASE(an_empty_reserve_is_asked_for),
		CASE(deposit_itself_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
