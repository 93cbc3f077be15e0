/* SPDX-License-Identifier: MIT */
/* DEPOSIT_MEM and WITHDRAW_MEM: there and back, and all that is wrong. */
#include "lib/addr.h"
#include "tests/guest/core/core.h"

#define GIFTS 8u
#define WHOLE (SCRATCH + 0x8000000ull) /* 2 MiB pages, for this test alone */

static struct page_list pages[2] __attribute__((aligned(4096)));
static uint8_t gifts[GIFTS][4096] __attribute__((aligned(4096)));
static uint8_t area[4096] __attribute__((aligned(4096)));
static struct vmsa save_area __attribute__((aligned(4096)));

static uint64_t gift(unsigned int i)
{
	return (uint64_t)gifts[i];
}

static uint32_t deposit(uint16_t entries)
{
	pages[0].header = (struct svsm_list){ .entries = entries };
	return svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)pages);
}

static uint32_t deposit_one(uint64_t entry)
{
	pages[0].entry[0] = entry;
	return deposit(1);
}

/* How many came back; they are in pages[1]. */
static unsigned int withdraw(void)
{
	check_equal("withdraw",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)&pages[1]),
		    SVSM_SUCCESS);
	return *(volatile uint16_t *)&pages[1].header.entries;
}

static bool clean(uint64_t gpa)
{
	const volatile uint64_t *word = (const volatile uint64_t *)gpa;
	uint64_t any = 0;

	for (unsigned int i = 0; i < 512; i++)
		any |= word[i];
	return any == 0;
}

static uint8_t offered(void)
{
	return guest_vcpu[0].ca->mem_available;
}

static void test_list(uint32_t call)
{
	uint64_t l = (uint64_t)pages;

	check_equal("list misaligned", svsm_call1(call, l + 4),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("list at offset 0xff8", svsm_call1(call, l + 0xff8),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("list in the SVSM", svsm_call1(call, secrets->svsm_base),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list outside memory", svsm_call1(call, NO_RAM),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list in a page that is not validated",
		    svsm_call1(call, SCRATCH), ERR(SVSM_ERR_INVALID_ADDRESS));
}

static void test_counts(void)
{
	pages[0].entry[0] = gift(0);
	check_equal("deposit of nothing", deposit(0),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("more entries than a page holds", deposit(LIST_ROOM + 1),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("65535 entries", deposit(65535),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
}

static void refused(const char *why, uint64_t entry, uint32_t want)
{
	check_equal(why, deposit_one(entry), ERR(want));
	check_equal("next stays there", pages[0].header.next, 0);
}

static void test_entries(void)
{
	uint64_t svsm_end = secrets->svsm_base + secrets->svsm_size;
	unsigned int bit;

	refused("size 2", gift(0) | 2, SVSM_ERR_INVALID_PARAMETER);
	refused("size 3", gift(0) | 3, SVSM_ERR_INVALID_PARAMETER);
	for (bit = 2; bit < 12; bit++)
		refused("reserved bit", gift(0) | 1ull << bit,
			SVSM_ERR_INVALID_PARAMETER);
	refused("2 MiB misaligned", (WHOLE + 4096) | SVSM_DEPOSIT_2M,
		SVSM_ERR_INVALID_PARAMETER);
	refused("SVSM memory", secrets->svsm_base, SVSM_ERR_INVALID_ADDRESS);
	refused("its last page", svsm_end - 4096, SVSM_ERR_INVALID_ADDRESS);
	refused("all of it",
		addr_down(secrets->svsm_base, PAGE_2M) | SVSM_DEPOSIT_2M,
		SVSM_ERR_INVALID_ADDRESS);
	refused("outside memory", NO_RAM, SVSM_ERR_INVALID_ADDRESS);
	refused("a device", 0xfec00000, SVSM_ERR_INVALID_ADDRESS);
	refused("the top of addresses", ~0xfffull, SVSM_ERR_INVALID_ADDRESS);
	refused("not validated", SCRATCH, SVSM_ERR_INVALID_ADDRESS);
	refused("2 MiB not validated", WHOLE | SVSM_DEPOSIT_2M,
		SVSM_ERR_INVALID_ADDRESS);
	refused("the list itself", (uint64_t)pages, SVSM_ERR_INVALID_ADDRESS);
	check_equal("nothing was taken", withdraw(), 0);
	for (unsigned int i = 0; i < GIFTS; i++)
		check_equal("still the guest's", probe_write(gifts[i], 1), 0);
}

static void test_areas(void)
{
	uint64_t v = (uint64_t)&save_area, ca = (uint64_t)area;

	refused("own calling area", (uint64_t)guest_vcpu[0].ca,
		SVSM_ERR_INVALID_ADDRESS);
	refused("2 MiB around it",
		addr_down((uint64_t)guest_vcpu[0].ca, PAGE_2M) |
			SVSM_DEPOSIT_2M,
		SVSM_ERR_INVALID_ADDRESS);
	vmsa_fill(&save_area, 0, 0);
	check_equal("create", vcpu_create(v, ca, 0), SVSM_SUCCESS);
	refused("save area", v, SVSM_ERR_INVALID_ADDRESS);
	refused("its calling area", ca, SVSM_ERR_INVALID_ADDRESS);
	check_equal("delete", svsm_call1(SVSM_CORE_DELETE_VCPU, v),
		    SVSM_SUCCESS);
}

/* Whatever call names a deposited page, it is not the guest's. */
static void test_deposited(uint64_t gpa)
{
	uint32_t no = SVSM_ERR_INVALID_ADDRESS;

	refused("deposit twice", gpa, no);
	check_equal("rescind it",
		    pvalidate_raw(pvalidate_entry(gpa, false, false, true)),
		    ERR(no));
	check_equal("validate it",
		    pvalidate_raw(pvalidate_entry(gpa, false, true, true)),
		    ERR(no));
	check_equal("rescind around it",
		    pvalidate_raw(pvalidate_entry(addr_down(gpa, PAGE_2M), true,
						  false, true)),
		    ERR(no));
	check_equal("list in it", svsm_call1(SVSM_CORE_PVALIDATE, gpa),
		    ERR(no));
	check_equal("withdraw into it", svsm_call1(SVSM_CORE_WITHDRAW_MEM, gpa),
		    ERR(no));
	check_equal("as calling area", svsm_call1(SVSM_CORE_REMAP_CA, gpa),
		    ERR(no));
	check_equal("as save area", vcpu_create(gpa, (uint64_t)area, 0),
		    ERR(no));
	check_equal("as its calling area",
		    vcpu_create((uint64_t)&save_area, gpa, 0), ERR(no));
}

static void test_there_and_back(void)
{
	unsigned int i, n, seen = 0;

	check_equal("nothing to withdraw", withdraw(), 0);
	check_equal("nothing is offered", offered(), 0);
	for (i = 0; i < GIFTS; i++) {
		gifts[i][17] = 0x5a;
		pages[0].entry[i] = gift(i);
	}
	check_equal("deposit", deposit(GIFTS), SVSM_SUCCESS);
	check_equal("next is behind the last", pages[0].header.next, GIFTS);
	check_equal("something is offered", offered(), 1);
	test_deposited(gift(3));
	n = withdraw();
	check_equal("all come back", n, GIFTS);
	check_equal("nothing is offered any more", offered(), 0);
	for (i = 0; i < n && i < GIFTS; i++) {
		uint64_t at = pages[1].entry[i];

		seen |= 1u << ((at - gift(0)) / 4096 % 32);
		check_true("a page of ours, zeroed",
			   at >= gift(0) && at <= gift(GIFTS - 1) && clean(at));
	}
	check_equal("each of them once", seen, (1u << GIFTS) - 1);
	for (i = 0; i < GIFTS; i++)
		check_equal("writable again", probe_write(gifts[i], 1), 0);
}

static void test_part_of_a_list(void)
{
	pages[0].entry[0] = gift(0);
	pages[0].entry[1] = gift(1);
	pages[0].entry[2] = gift(1);
	pages[0].entry[3] = gift(2);
	check_equal("one page twice in a list", deposit(4),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("next at the second", pages[0].header.next, 2);
	check_equal("the last is untouched", probe_write(gifts[2], 1), 0);
	check_equal("those before are deposited", withdraw(), 2);
}

/* Too much for one call: INCOMPLETE, which svsm_call1 repeats. */
static void test_large(void)
{
	unsigned int i, n, got = 0, dirty = 0;

	for (i = 0; i < 3; i++) {
		uint64_t at = WHOLE + i * PAGE_2M;

		check_true("host makes 2 MiB private",
			   page_state_large(at, PSC_OP_PRIVATE));
		check_equal(
			"validate 2 MiB",
			pvalidate_raw(pvalidate_entry(at, true, true, false)),
			SVSM_SUCCESS);
		*(volatile uint64_t *)(at + i * 4096ull) = at;
		pages[0].entry[i] = at | SVSM_DEPOSIT_2M;
	}
	check_equal("deposit 3 times 2 MiB", deposit(3), SVSM_SUCCESS);
	check_equal("next is behind the last", pages[0].header.next, 3);
	test_deposited(WHOLE + PAGE_2M + 5 * 4096);
	for (n = withdraw(); n; n = withdraw()) {
		got += n;
		for (i = 0; i < n && i < LIST_ROOM; i++)
			dirty += !clean(pages[1].entry[i]);
	}
	check_equal("all pages come back", got, 3 * 512);
	check_equal("pages that are not zero", dirty, 0);
	/* Small pages to the hardware now, all of them the guest's. */
	check_equal("rescind one of them",
		    pvalidate_raw(pvalidate_entry(WHOLE, false, false, false)),
		    SVSM_SUCCESS);
	check_equal("2 MiB with a hole", deposit_one(WHOLE | SVSM_DEPOSIT_2M),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("small ones of it",
		    deposit_one((WHOLE + 4096) | SVSM_DEPOSIT_2M),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("512 small ones, as one",
		    deposit_one((WHOLE + PAGE_2M) | SVSM_DEPOSIT_2M),
		    SVSM_SUCCESS);
	check_equal("as many as fit", withdraw(), LIST_ROOM);
	check_equal("and the rest", withdraw(), 1);
}

static void test_room(void)
{
	volatile struct page_list *l = &pages[1];

	for (unsigned int i = 0; i < 3; i++)
		pages[0].entry[i] = gift(i);
	check_equal("deposit", deposit(3), SVSM_SUCCESS);
	l->entry[0] = 0x1234;
	check_equal("withdraw at offset 0xff0",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)l + 0xff0),
		    SVSM_SUCCESS);
	check_equal("room for one", *(volatile uint16_t *)((uint64_t)l + 0xff0),
		    1);
	check_equal("no other entry written", l->entry[0], 0x1234);
	check_equal("the rest", withdraw(), 2);
}

void test_memory(void)
{
	test_list(SVSM_CORE_DEPOSIT_MEM);
	test_list(SVSM_CORE_WITHDRAW_MEM);
	test_counts();
	test_entries();
	test_areas();
	test_there_and_back();
	test_part_of_a_list();
	test_large();
	test_room();
}
