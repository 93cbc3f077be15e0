/* SPDX-License-Identifier: MIT */
/* DEPOSIT_MEM and WITHDRAW_MEM: even they may find no memory to note it in. */
#include "tests/guest/oom/oom.h"

static struct page_list back __attribute__((aligned(4096)));

static void deposit_prepare(const struct trial *t)
{
	page_prepare(t->at[0], true);
	page_prepare(t->at[1], false);
}

/* One page out of 2 MiB that were even, and a small one of another group. */
static uint32_t deposit_call(const struct trial *t, bool again)
{
	oom_list.entry[0] = t->at[0] + 4096;
	oom_list.entry[1] = t->at[1];
	return list_run(SVSM_CORE_DEPOSIT_MEM, 2, again);
}

static uint32_t withdraw_call(const struct trial *t, bool again)
{
	(void)t;
	(void)again;
	return svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)&back);
}

static void withdraw_must(const struct trial *t)
{
	uint64_t first = t->at[0] + 4096, other = t->at[1], sum = 0;

	for (unsigned int i = 0; i < 2; i++)
		back.entry[i] = 0;
	check_equal("withdrawn", withdraw_call(t, false), SVSM_SUCCESS);
	check_equal("both pages came back", back.header.entries, 2);
	for (unsigned int i = 0; i < 2; i++)
		sum += back.entry[i] == first || back.entry[i] == other;
	check_equal("none but them", sum, 2);
	check_equal("the first is ours", probe_write((void *)first, 1), 0);
	check_equal("and the other", probe_write((void *)other, 1), 0);
}

const struct scenario memory_deposit = {
	"deposit-mem", 2, deposit_prepare, deposit_call, withdraw_must, NULL,
};

static void deposit_must(const struct trial *t)
{
	check_equal("deposited", deposit_call(t, false), SVSM_SUCCESS);
}

static void withdraw_prepare(const struct trial *t)
{
	deposit_prepare(t);
	deposit_must(t);
}

const struct scenario memory_withdraw = {
	"withdraw-mem", 2, withdraw_prepare, withdraw_call, deposit_must,
	withdraw_must,
};
