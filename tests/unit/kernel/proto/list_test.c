/* SPDX-License-Identifier: MIT */
/* Page lists: which bytes are read, that none is twice, what is refused. */
/* test-sources: kernel/proto/list.c */
#include "kernel/proto/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AT 0x7000ull /* the guest's page */

static uint8_t guest_page[PAGE_4K] __attribute__((aligned(8)));
static uint8_t reads[PAGE_4K]; /* how often each byte was read */
static unsigned int calls;
static uint64_t copy[PAGE_4K / 8];
static struct vcpu vcpu;

enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	if (start < AT || start + size > AT + PAGE_4K)
		return ERR_RANGE;
	*out = (struct guest_range){ { { start }, size }, 0 };
	return OK;
}

enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	uint64_t at = from.r.start.v - AT + off;

	assert_true(size && off + size <= from.r.size);
	calls++;
	for (uint64_t i = at; i < at + size; i++)
		reads[i]++;
	memcpy(to, guest_page + at, size);
	/* A guest that writes as soon as we have read. */
	memset(guest_page + at, 0xff, size);
	return OK;
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	memcpy(guest_page + (to.r.start.v - AT) + off, from, size);
	return OK;
}

static uint64_t entry_of(uint64_t i)
{
	return 0x1000 * (i + 1) + 4;
}

static void list_make(uint64_t off, uint16_t entries, uint16_t next)
{
	struct svsm_list header = { .entries = entries, .next = next };
	uint64_t room = (PAGE_4K - off) / 8 - 1;

	memset(guest_page, 0, sizeof(guest_page));
	memset(reads, 0, sizeof(reads));
	memset(copy, 0, sizeof(copy));
	calls = 0;
	vcpu.list = copy;
	memcpy(guest_page + off, &header, sizeof(header));
	for (uint64_t i = 0; i < room; i++) {
		uint64_t e = entry_of(i);

		memcpy(guest_page + off + 8 + i * 8, &e, 8);
	}
}

static void list_try(uint64_t off, uint16_t entries, uint16_t next)
{
	struct list list;

	list_make(off, entries, next);
	assert_int_equal(list_read(&vcpu, AT + off, &list), SVSM_SUCCESS);
	assert_int_equal(list.next, next);
	assert_int_equal(list.entries, entries);
	for (uint16_t i = next; i < entries; i++)
		assert_int_equal(list.entry[i - next], entry_of(i));
	for (size_t i = 0; i < PAGE_4K; i++)
		assert_true(reads[i] <= 1);
	assert_true(calls <= 2);
}

/* Of many lengths, from many starts, at the page's begin and its end. */
static void entries_come_once(void **state)
{
	static const uint64_t offs[] = { 0, 8, 0xf00, 0xfa0, 0xff0 };

	(void)state;
	for (size_t o = 0; o < sizeof(offs) / sizeof(offs[0]); o++) {
		uint32_t room = (uint32_t)(PAGE_4K - offs[o]) / 8 - 1;

		for (uint32_t n = 1; n <= room; n += n < 20 ? 1 : 97)
			for (uint32_t i = 0; i < n; i += i < 10 ? 1 : 41)
				list_try(offs[o], (uint16_t)n, (uint16_t)i);
		list_try(offs[o], (uint16_t)room, 0);
		list_try(offs[o], (uint16_t)room, (uint16_t)(room - 1));
	}
}

static void short_lists_take_one_read(void **state)
{
	struct list list;

	(void)state;
	for (uint16_t n = 1; n <= 8; n++) {
		list_make(0x100, n, 0);
		assert_int_equal(list_read(&vcpu, AT + 0x100, &list),
				 SVSM_SUCCESS);
		assert_int_equal(calls, n <= 7 ? 1 : 2);
	}
}

static void bad_lists(void **state)
{
	static const struct {
		uint64_t off;
		uint16_t entries, next;
		uint32_t result;
	} cases[] = {
		{ 4, 1, 0, SVSM_ERR_INVALID_PARAMETER },
		{ 0, 0, 0, SVSM_ERR_INVALID_PARAMETER },
		{ 0, 1, 1, SVSM_ERR_INVALID_PARAMETER },
		{ 0, 9, 9, SVSM_ERR_INVALID_PARAMETER },
		{ 0, 512, 0, SVSM_ERR_INVALID_PARAMETER },
		{ 0xff8, 1, 0, SVSM_ERR_INVALID_PARAMETER },
		{ 0xff0, 2, 0, SVSM_ERR_INVALID_PARAMETER },
		{ PAGE_4K, 1, 0, SVSM_ERR_INVALID_ADDRESS },
	};
	struct list list;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		list_make(cases[i].off & 0xff8, cases[i].entries,
			  cases[i].next);
		assert_int_equal((uint32_t)list_read(&vcpu, AT + cases[i].off,
						     &list),
				 cases[i].result);
		/* Nothing beyond the header's own read. */
		assert_true(calls <= 1);
	}
}

static void progress_is_next_alone(void **state)
{
	uint8_t expected[PAGE_4K];
	struct list list;

	(void)state;
	list_make(0x100, 5, 1);
	assert_int_equal(list_read(&vcpu, AT + 0x100, &list), SVSM_SUCCESS);
	memcpy(expected, guest_page, PAGE_4K);
	expected[0x102] = 4;
	expected[0x103] = 0;
	list.next = 4;
	assert_int_equal(list_progress(&list), SVSM_SUCCESS);
	assert_memory_equal(guest_page, expected, PAGE_4K);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_once),
		cmocka_unit_test(short_lists_take_one_read),
		cmocka_unit_test(bad_lists),
		cmocka_unit_test(progress_is_next_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
