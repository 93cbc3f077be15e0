/* SPDX-License-Identifier: MIT */
/*
 * Every call with its n-th allocation failing, for every n: it says how many
 * pages it needs, has changed nothing, succeeds when repeated, and costs the
 * same pages in the end as without the failure.
 */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c */
/* test-sources: kernel/mm/deed.c kernel/mm/owned.c lib/bitmap.c */
/* test-sources: kernel/proto/request.c kernel/proto/core.c */
/* test-sources: kernel/proto/pvalidate.c kernel/proto/list.c */
/* test-sources: kernel/proto/vcpu.c kernel/proto/deposit.c */
/* test-sources: lib/pageindex.c kernel/guest/vcpu.c kernel/guest/enter.c */
/* test-sources: kernel/mm/memmap.c kernel/mm/pvalid.c kernel/mm/guestmem.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/heap.c kernel/mm/page.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/mm/gate.h"
#include "kernel/mm/page.h"
#include "kernel/proto/deposit.h"
#include "tests/fake/world.h"

#define LIST   WORLD_FREE
#define EVEN   (WORLD_FREE + 0x301000ull) /* in a region of its own */
#define OTHER  (WORLD_FREE + 0x500000ull)
#define RAW    (WORLD_INVALID + 0x3000ull) /* not validated */
#define RAW_2M WORLD_INVALID
#define N_MAX  64u
#define PAGES  (WORLD_RAM / PAGE_4K)

struct scenario {
	const char *name;
	void (*prepare)(void);
	uint32_t (*call)(void);
};

static void list_set(uint64_t entry)
{
	struct svsm_list *list = world_at(LIST);

	*list = (struct svsm_list){ .entries = 1 };
	*(uint64_t *)(list + 1) = entry;
}

static uint32_t pvalidate(void)
{
	return core_call(SVSM_CORE_PVALIDATE, LIST, 0, 0);
}

static void validate_small(void)
{
	list_set(RAW | SVSM_PVALIDATE_VALIDATE);
}

static void validate_large(void)
{
	for (uint64_t off = 0; off < PAGE_2M; off += PAGE_4K)
		rmp_unassign(&fake.rmp, RAW_2M + off, RMP_PG_SIZE_4K);
	rmp_assign(&fake.rmp, rmp_same(RAW_2M), RMP_PG_SIZE_2M);
	list_set(RAW_2M | SVSM_PVALIDATE_2M | SVSM_PVALIDATE_VALIDATE);
}

static void rescind_small(void)
{
	list_set(EVEN);
}

static void rescind_large(void)
{
	list_set(addr_down(EVEN, PAGE_2M) | SVSM_PVALIDATE_2M);
}

static void create_prepare(void)
{
	world_vmsa_make(EVEN);
}

static uint32_t create_own(void)
{
	return core_call(SVSM_CORE_CREATE_VCPU, EVEN, OTHER, WORLD_APIC_ID(0));
}

static uint32_t create_other(void)
{
	return core_call(SVSM_CORE_CREATE_VCPU, EVEN, OTHER, WORLD_APIC_ID(1));
}

static void delete_prepare(void)
{
	create_prepare();
	assert_int_equal(create_own(), SVSM_SUCCESS);
}

static uint32_t delete_vcpu(void)
{
	return core_call(SVSM_CORE_DELETE_VCPU, EVEN, 0, 0);
}

static uint32_t remap(void)
{
	return core_call(SVSM_CORE_REMAP_CA, OTHER, 0, 0);
}

static uint32_t deposit(void)
{
	return core_call(SVSM_CORE_DEPOSIT_MEM, LIST, 0, 0);
}

static void deposit_small(void)
{
	list_set(EVEN);
}

static void deposit_large(void)
{
	list_set(addr_down(EVEN, PAGE_2M) | SVSM_DEPOSIT_2M);
}

static void withdraw_prepare(void)
{
	deposit_small();
	assert_int_equal(deposit(), SVSM_SUCCESS);
}

static uint32_t withdraw(void)
{
	return core_call(SVSM_CORE_WITHDRAW_MEM, LIST, 0, 0);
}

static void nothing(void)
{
}

static uint32_t query(void)
{
	return core_call(SVSM_CORE_QUERY_PROTOCOL, 1, 0, 0);
}

static uint32_t vtom(void)
{
	return core_call(SVSM_CORE_CONFIGURE_VTOM, SVSM_VTOM_QUERY, 0, 0);
}

static const struct scenario scenarios[] = {
	{ "validate-4k", validate_small, pvalidate },
	{ "validate-2m", validate_large, pvalidate },
	{ "rescind-4k", rescind_small, pvalidate },
	{ "rescind-2m", rescind_large, pvalidate },
	{ "create-vcpu-own", create_prepare, create_own },
	{ "create-vcpu-other", create_prepare, create_other },
	{ "delete-vcpu", delete_prepare, delete_vcpu },
	{ "remap-ca", nothing, remap },
	{ "deposit-4k", deposit_small, deposit },
	{ "deposit-2m", deposit_large, deposit },
	{ "withdraw", withdraw_prepare, withdraw },
	{ "query", nothing, query },
	{ "vtom", nothing, vtom },
};

/* The guest's memory and its rights to it, as they were. */
static char *old_ram;
static uint32_t old_bits[PAGES];

static bool ours(uint64_t gpa)
{
	return gpa >= WORLD_OURS && gpa < WORLD_OURS + WORLD_OURS_SIZE;
}

/* That the host split a large page is nobody's business. */
static uint32_t bits_of(uint64_t i)
{
	return fake.rmp.entry[i].bits & ~RMP_2M;
}

static void state_keep(void)
{
	memcpy(old_ram, fake.ram, WORLD_RAM);
	for (uint64_t i = 0; i < PAGES; i++)
		old_bits[i] = bits_of(i);
}

static void state_compare(void)
{
	for (uint64_t i = 0; i < PAGES; i++) {
		uint64_t gpa = i * PAGE_4K;

		if (ours(gpa))
			continue;
		assert_int_equal(bits_of(i), old_bits[i]);
		assert_memory_equal(fake.ram + gpa, old_ram + gpa, PAGE_4K);
	}
}

static bool is_need(uint32_t answer)
{
	return answer > SVSM_NEED_PAGES && answer < SVSM_NEED_PAGES + N_MAX;
}

/* A call, and what it says; a panic is the test's end. */
static uint32_t answer_of(const struct scenario *s)
{
	if (setjmp(fake_panic))
		fail_msg("%s: a request ended in %s", s->name, fake_console);
	return s->call();
}

struct outcome {
	bool fired, absorbed;
	int64_t pages, objects; /* that the call keeps in the end */
};

static struct outcome trial(const struct scenario *s, uint64_t n, bool for_good)
{
	struct outcome o = { 0 };
	int64_t taken, objects;
	uint32_t answer;

	assert_int_equal(world_setup(NULL), 0);
	s->prepare();
	state_keep();
	taken = (int64_t)page_count_taken();
	objects = fake_gate.objects;
	fake_gate = (struct fake_gate){ .fail_at = n,
					.for_good = for_good,
					.objects = objects };
	answer = answer_of(s);
	o.fired = fake_gate.tried >= n;
	fake_gate.fail_at = 0;
	if (answer != SVSM_SUCCESS) {
		if (!is_need(answer))
			fail_msg("%s: allocation %u: answer 0x%x", s->name,
				 (unsigned int)n, answer);
		state_compare();
		assert_int_equal(answer_of(s), SVSM_SUCCESS);
	}
	o.absorbed = o.fired && answer == SVSM_SUCCESS;
	o.pages = (int64_t)page_count_taken() - taken;
	o.objects = fake_gate.objects - objects;
	assert_int_equal(fake.violations, 0);
	return o;
}

static void every_n(const struct scenario *s, bool for_good)
{
	struct outcome o[N_MAX];
	unsigned int n = 0, absorbed = 0;

	do {
		n++;
		assert_in_range(n, 1, N_MAX - 1);
		o[n] = trial(s, n, for_good);
		absorbed += o[n].absorbed;
	} while (o[n].fired);
	/* The last one was without a failure. */
	for (unsigned int i = 1; i < n; i++) {
		assert_int_equal(o[i].pages, o[n].pages);
		assert_int_equal(o[i].objects, o[n].objects);
	}
	print_message("%s: %u failures, %u did not matter, %d pages kept\n",
		      s->name, n - 1, absorbed, (int)o[n].pages);
}

static void every_call(bool for_good)
{
	old_ram = malloc(WORLD_RAM);
	assert_non_null(old_ram);
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		every_n(&scenarios[i], for_good);
	free(old_ram);
}

static void one_allocation_fails(void **state)
{
	(void)state;
	every_call(false);
}

static void all_fail_from_one_on(void **state)
{
	(void)state;
	every_call(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_allocation_fails),
		cmocka_unit_test(all_fail_from_one_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
