/* SPDX-License-Identifier: MIT */
/* CORE PVALIDATE with 2 MiB entries, and both sizes mixed. */
#include "lib/addr.h"
#include "tests/guest/core/core.h"

#define LARGE (SCRATCH + 0x1000000ull)

static void host_private(uint64_t gpa, uint64_t size)
{
	uint64_t at;

	for (at = gpa; at < gpa + size; at += 4096)
		page_state_set(at, PSC_OP_PRIVATE);
}

static uint64_t one(uint64_t gpa, bool large, bool validate)
{
	return pvalidate_raw(pvalidate_entry(gpa, large, validate, false));
}

static void test_large_forms(void)
{
	uint64_t svsm = addr_down(secrets->svsm_base, PAGE_2M);

	check_equal("2 MiB entry at 4 KiB", one(LARGE + 4096, true, true),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("2 MiB entry over the SVSM", one(svsm, true, true),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("2 MiB entry over the SVSM's end",
		    one(addr_down(secrets->svsm_base + secrets->svsm_size - 1,
				  PAGE_2M),
			true, true),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("2 MiB entry outside memory", one(NO_RAM, true, true),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
}

/* 512 small RMP entries: software falls back to 4 KiB on SIZEMISMATCH. */
static void test_large_over_small(void)
{
	unsigned int i, bad = 0;

	host_private(LARGE, PAGE_2M);
	check_equal("2 MiB over 4 KiB RMP entries", one(LARGE, true, true),
		    CORE_ERR(SVSM_CORE_FAIL_SIZEMISMATCH));
	check_equal("next stays there", list.header.next, 0);
	for (i = 0; i < 512; i++)
		bad += one(LARGE + i * 4096ull, false, true) != SVSM_SUCCESS;
	check_equal("the same as 512 small ones", bad, 0);
	for (i = 0; i < 512; i++)
		bad += one(LARGE + i * 4096ull, false, false) != SVSM_SUCCESS;
	check_equal("and back", bad, 0);
}

static void test_large(void)
{
	uint64_t at = LARGE + PAGE_2M;
	volatile uint8_t *byte = (volatile uint8_t *)at;

	check_true("host makes 2 MiB private",
		   page_state_large(at, PSC_OP_PRIVATE));
	check_equal("validate 2 MiB", one(at, true, true), SVSM_SUCCESS);
	check_equal("first byte is zero", byte[0], 0);
	check_equal("last byte is zero", byte[PAGE_2M - 1], 0);
	byte[PAGE_2M - 1] = 1;
	check_equal("validate 2 MiB twice", one(at, true, true),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	check_equal("one page of it twice", one(at + 4096, false, true),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	check_equal("rescind one page of it", one(at + 4096, false, false),
		    SVSM_SUCCESS);
	check_equal("validate that page again", one(at + 4096, false, true),
		    SVSM_SUCCESS);
	check_equal("its neighbour kept its content", byte[PAGE_2M - 1], 1);
}

static void test_mixed(void)
{
	uint64_t at = LARGE + 2 * PAGE_2M;

	check_true("host makes 2 MiB private",
		   page_state_large(at, PSC_OP_PRIVATE));
	host_private(at + PAGE_2M, 2 * 4096);
	list.entry[0] = pvalidate_entry(at + PAGE_2M, false, true, false);
	list.entry[1] = pvalidate_entry(at, true, true, false);
	list.entry[2] =
		pvalidate_entry(at + PAGE_2M + 4096, false, true, false);
	list.entry[3] = pvalidate_entry(at + PAGE_2M, false, false, false);
	check_equal("4 KiB and 2 MiB in one list", pvalidate_list(0, &list, 4),
		    SVSM_SUCCESS);
	check_equal("rescind 2 MiB", one(at, true, false), SVSM_SUCCESS);
	check_equal("rescind 2 MiB twice", one(at, true, false),
		    CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
}

void test_pvalidate_large(void)
{
	test_large_forms();
	test_large_over_small();
	test_large();
	test_mixed();
}
