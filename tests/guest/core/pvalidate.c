/* SPDX-License-Identifier: MIT */
/* CORE PVALIDATE with 4 KiB entries: forms, addresses, states, progress. */
#include "lib/addr.h"
#include "tests/guest/core/core.h"

static uint32_t call_at(uint64_t gpa)
{
	return svsm_call1(SVSM_CORE_PVALIDATE, gpa);
}

static void test_list_address(void)
{
	static struct page_list two[2] __attribute__((aligned(4096)));
	uint64_t at = (uint64_t)two;

	two[0].header = (struct svsm_list){ .entries = 1 };
	check_equal("list not aligned to 8", call_at(at + 4),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("list in the SVSM", call_at(secrets->svsm_base),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list at the SVSM's end",
		    call_at(secrets->svsm_base + secrets->svsm_size - 4096),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list outside memory", call_at(NO_RAM),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list at the top of addresses", call_at(~0xfffull),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list at offset 0xff8", call_at(at + 0xff8),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("list in a page that is not validated", call_at(SCRATCH),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
}

static void test_list_counts(void)
{
	list.entry[0] = pvalidate_entry(SCRATCH, false, true, false);
	check_equal("no entries", pvalidate_list(0, &list, 0),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("one entry too many for the page",
		    pvalidate_list(0, &list, LIST_ROOM + 1),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("65535 entries", pvalidate_list(0, &list, 65535),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	list.header = (struct svsm_list){ .entries = 1, .next = 2 };
	check_equal("next behind entries", call_at((uint64_t)&list),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	list.header = (struct svsm_list){ .entries = 1, .next = 65535 };
	check_equal("next 65535", call_at((uint64_t)&list),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
}

static void test_entry_forms(void)
{
	uint64_t good = pvalidate_entry(SCRATCH, false, true, false);
	unsigned int bit;

	check_equal("size 2", pvalidate_raw((good & ~3ull) | 2),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("size 3", pvalidate_raw((good & ~3ull) | 3),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	for (bit = 4; bit < 12; bit++)
		check_equal("reserved bit", pvalidate_raw(good | 1ull << bit),
			    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("entry outside memory",
		    pvalidate_raw(pvalidate_entry(NO_RAM, false, true, false)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal(
		"entry at the top of addresses",
		pvalidate_raw(pvalidate_entry(~0xfffull, false, true, false)),
		ERR(SVSM_ERR_INVALID_ADDRESS));
}

/* Every page of the SVSM, both ways: none may be touched. */
static void test_svsm_pages(void)
{
	uint64_t gpa, end = secrets->svsm_base + secrets->svsm_size;
	unsigned int wrong = 0;

	for (gpa = secrets->svsm_base; gpa < end; gpa += 4096) {
		wrong += pvalidate_raw(
				 pvalidate_entry(gpa, false, true, true)) !=
			 ERR(SVSM_ERR_INVALID_ADDRESS);
		wrong += pvalidate_raw(
				 pvalidate_entry(gpa, false, false, true)) !=
			 ERR(SVSM_ERR_INVALID_ADDRESS);
	}
	check_equal("SVSM pages that PVALIDATE did not refuse", wrong, 0);
}

static void test_states(void)
{
	uint64_t on = pvalidate_entry(SCRATCH, false, true, false);
	uint64_t off = pvalidate_entry(SCRATCH, false, false, false);
	volatile uint64_t *page = (volatile uint64_t *)SCRATCH;
	uint64_t nonzero = 0;
	unsigned int i;

	check_true("host makes the page private",
		   page_state_set(SCRATCH, PSC_OP_PRIVATE));
	check_equal("rescind before validate", pvalidate_raw(off),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	check_equal("validate", pvalidate_raw(on), SVSM_SUCCESS);
	check_equal("next after success", list.header.next, 1);
	for (i = 0; i < 512; i++)
		nonzero |= page[i];
	check_equal("a validated page is zero", nonzero, 0);
	page[7] = 0x5a5a;
	check_equal("validate twice", pvalidate_raw(on),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	check_equal("next stays at the failing entry", list.header.next, 0);
	check_equal("validate twice, ignoring CF",
		    pvalidate_raw(on | SVSM_PVALIDATE_IGNORE_CF), SVSM_SUCCESS);
	check_equal("rescind", pvalidate_raw(off), SVSM_SUCCESS);
	check_equal("rescind twice", pvalidate_raw(off),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	check_equal("rescind twice, ignoring CF",
		    pvalidate_raw(off | SVSM_PVALIDATE_IGNORE_CF),
		    SVSM_SUCCESS);
	check_equal("validate again", pvalidate_raw(on), SVSM_SUCCESS);
	check_equal("old content is gone", page[7], 0);
	check_equal("rescind at the end", pvalidate_raw(off), SVSM_SUCCESS);
}

static void test_progress(void)
{
	uint64_t base = SCRATCH + 0x10000;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		page_state_set(base + i * 4096, PSC_OP_PRIVATE);
		list.entry[i] =
			pvalidate_entry(base + i * 4096, false, true, false);
	}
	list.entry[5] = pvalidate_entry(secrets->svsm_base, false, true, false);
	check_equal("fifth entry is the SVSM's", pvalidate_list(0, &list, 8),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("next names it", list.header.next, 5);
	list.header.next = 6; /* go on behind it, as clients do */
	check_equal("the rest of the list", call_at((uint64_t)&list),
		    SVSM_SUCCESS);
	check_equal("next at the end", list.header.next, 8);
	for (i = 0; i < 5; i++)
		check_equal("entries before it were done",
			    pvalidate_raw(pvalidate_entry(base + i * 4096,
							  false, false, false)),
			    SVSM_SUCCESS);
	check_equal("the failing slot was not",
		    pvalidate_raw(pvalidate_entry(base + 5 * 4096, false, false,
						  false)),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
}

static void test_full_list(void)
{
	uint64_t base = SCRATCH + 0x400000;
	unsigned int i;

	for (i = 0; i < LIST_ROOM; i++) {
		page_state_set(base + i * 4096ull, PSC_OP_PRIVATE);
		list.entry[i] =
			pvalidate_entry(base + i * 4096ull, false, true, false);
	}
	check_equal("511 entries", pvalidate_list(0, &list, LIST_ROOM),
		    SVSM_SUCCESS);
	for (i = 0; i < LIST_ROOM; i++)
		list.entry[i] = pvalidate_entry(base + i * 4096ull, false,
						false, false);
	check_equal("511 entries back", pvalidate_list(0, &list, LIST_ROOM),
		    SVSM_SUCCESS);
}

void test_pvalidate(void)
{
	test_list_address();
	test_list_counts();
	test_entry_forms();
	test_svsm_pages();
	test_states();
	test_progress();
	test_full_list();
	check_equal("the calling area itself",
		    pvalidate_raw(pvalidate_entry(secrets->svsm_caa, false,
						  false, true)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
}
