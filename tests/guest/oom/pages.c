/* SPDX-License-Identifier: MIT */
/* PVALIDATE, both ways, and lists that stop in the middle. */
#include "tests/guest/oom/oom.h"

#define LIST_PAGES 3u

struct page_list oom_list __attribute__((aligned(4096)));

uint32_t list_run(uint32_t call, uint16_t entries, bool again)
{
	if (!again)
		oom_list.header = (struct svsm_list){ .entries = entries };
	return svsm_call1(call, (uint64_t)&oom_list);
}

static uint32_t entry_run(uint64_t entry, bool again)
{
	oom_list.entry[0] = entry;
	return list_run(SVSM_CORE_PVALIDATE, 1, again);
}

void page_must(uint64_t gpa, bool large, bool validate)
{
	check_equal("page prepared or taken back",
		    entry_run(pvalidate_entry(gpa, large, validate, false),
			      false),
		    SVSM_SUCCESS);
}

void page_prepare(uint64_t gpa, bool large)
{
	if (large)
		page_state_large(gpa, PSC_OP_PRIVATE);
	else
		page_state_set(gpa, PSC_OP_PRIVATE);
	page_must(gpa, large, true);
}

static void small_prepare(const struct trial *t)
{
	page_state_set(t->at[0], PSC_OP_PRIVATE);
}

static uint32_t small_call(const struct trial *t, bool again)
{
	return entry_run(pvalidate_entry(t->at[0], false, true, false), again);
}

static void small_undo(const struct trial *t)
{
	page_must(t->at[0], false, false);
}

const struct scenario pages_small = {
	"validate-4k", 1, small_prepare, small_call, small_undo, NULL,
};

static uint32_t ignore_call(const struct trial *t, bool again)
{
	return entry_run(pvalidate_entry(t->at[0], false, true, true), again);
}

const struct scenario pages_ignore = {
	"validate-4k-ignore-cf",
	1,
	small_prepare,
	ignore_call,
	small_undo,
	NULL,
};

/* Two pages of one group, then one of another: it stops at either. */
static uint64_t list_page(const struct trial *t, unsigned int i)
{
	return i < 2 ? t->at[0] + i * 4096ull : t->at[1];
}

static void list_prepare(const struct trial *t)
{
	for (unsigned int i = 0; i < LIST_PAGES; i++)
		page_state_set(list_page(t, i), PSC_OP_PRIVATE);
}

static uint32_t list_call(const struct trial *t, bool again)
{
	for (unsigned int i = 0; i < LIST_PAGES; i++)
		oom_list.entry[i] =
			pvalidate_entry(list_page(t, i), false, true, false);
	return list_run(SVSM_CORE_PVALIDATE, LIST_PAGES, again);
}

static void list_undo(const struct trial *t)
{
	for (unsigned int i = 0; i < LIST_PAGES; i++)
		page_must(list_page(t, i), false, false);
}

const struct scenario pages_list = {
	"validate-list", 2, list_prepare, list_call, list_undo, NULL,
};

static void large_prepare(const struct trial *t)
{
	page_state_large(t->at[0], PSC_OP_PRIVATE);
}

static uint32_t large_call(const struct trial *t, bool again)
{
	return entry_run(pvalidate_entry(t->at[0], true, true, false), again);
}

static void large_undo(const struct trial *t)
{
	page_must(t->at[0], true, false);
}

const struct scenario pages_large = {
	"validate-2m", 1, large_prepare, large_call, large_undo, NULL,
};

/* A page out of the middle of 2 MiB: the region's pages differ from then on. */
static void rescind_prepare(const struct trial *t)
{
	page_prepare(t->at[0], true);
}

static uint32_t rescind_call(const struct trial *t, bool again)
{
	return entry_run(pvalidate_entry(t->at[0] + 4096, false, false, false),
			 again);
}

static void rescind_undo(const struct trial *t)
{
	page_must(t->at[0] + 4096, false, true);
}

const struct scenario rescind_small = {
	"rescind-4k", 1, rescind_prepare, rescind_call, rescind_undo, NULL,
};

static uint32_t rescind_large_call(const struct trial *t, bool again)
{
	return entry_run(pvalidate_entry(t->at[0], true, false, false), again);
}

static void rescind_large_undo(const struct trial *t)
{
	page_must(t->at[0], true, true);
}

const struct scenario rescind_large = {
	"rescind-2m",	    1,	  rescind_prepare, rescind_large_call,
	rescind_large_undo, NULL,
};
