/* SPDX-License-Identifier: MIT */
/* DEPOSIT_MEM and WITHDRAW_MEM of an SVSM that never asked for memory. */
#include "tests/guest/core/core.h"

static struct page_list pages[2] __attribute__((aligned(4096)));

static void test_deposit(void)
{
	struct page_list *l = &pages[0];

	l->header = (struct svsm_list){ .entries = 1 };
	l->entry[0] = (uint64_t)&pages[1];
	check_equal("deposit that nobody asked for",
		    svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)l),
		    ERR(SVSM_ERR_INVALID_REQUEST));
	check_equal("the page is still ours", probe_write(&pages[1], 0), 0);
	check_equal("deposit list misaligned",
		    svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)l + 4),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("deposit list in the SVSM",
		    svsm_call1(SVSM_CORE_DEPOSIT_MEM, secrets->svsm_base),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	l->header = (struct svsm_list){ .entries = 0 };
	check_equal("deposit of nothing",
		    svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)l),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
}

static void test_withdraw(void)
{
	volatile struct page_list *l = &pages[0];

	l->header.entries = 7;
	l->entry[0] = 0x1234;
	check_equal("withdraw", svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)l),
		    SVSM_SUCCESS);
	check_equal("nothing to give back", l->header.entries, 0);
	check_equal("no entry written", l->entry[0], 0x1234);
	check_equal("withdraw list misaligned",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)l + 4),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("withdraw list at offset 0xff8",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)l + 0xff8),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("withdraw list in the SVSM",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, secrets->svsm_base),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("withdraw list outside memory",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, NO_RAM),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("withdraw list in a page that is not validated",
		    svsm_call1(SVSM_CORE_WITHDRAW_MEM, SCRATCH),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
}

void test_memory(void)
{
	test_deposit();
	test_withdraw();
}
