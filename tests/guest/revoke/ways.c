/* SPDX-License-Identifier: MIT */
/* What is given back is cleared by the SVSM, or by vmsa_fill. */
#include "tests/guest/revoke/revoke.h"

#include <stddef.h>

#include "lib/addr.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

/* A region each: what is 2 MiB to the record stays so. */
#define SMALL	      0x10000000ull
#define LARGE	      0x10200000ull
#define GIFT	      0x10400000ull
#define GIFT_LARGE    0x10600000ull
#define SAVE_AREA     0x10801000ull
#define PART	      0x10a00000ull
#define LAST	      PART
#define PAGES	      WATCH_MAX
#define PAGES_2M      512u
#define ERR(e)	      ((uint32_t)(e))
#define EVERY_LARGE   8u
#define EVERY_GIFT_2M 32u

static struct page_list list __attribute__((aligned(4096)));
static uint8_t area[4096] __attribute__((aligned(4096)));

static uint32_t validate(uint64_t at, bool large, unsigned int pages, bool on)
{
	for (unsigned int i = 0; i < pages; i++)
		list.entry[i] =
			pvalidate_entry(at + i * PAGE_4K, large, on, false);
	return pvalidate_list(0, &list, (uint16_t)pages);
}

static unsigned int watch_pages(uint64_t watch[WATCH_MAX], uint64_t at,
				uint64_t step)
{
	for (unsigned int i = 0; i < PAGES; i++)
		watch[i] = at + i * step;
	return PAGES;
}

static bool give_small(uint64_t watch[WATCH_MAX], unsigned int *watched)
{
	*watched = watch_pages(watch, SMALL, PAGE_4K);
	return validate(SMALL, false, PAGES, true) == SVSM_SUCCESS;
}

static bool give_part(uint64_t watch[WATCH_MAX], unsigned int *watched)
{
	*watched = watch_pages(watch, PART, PAGE_4K);
	return validate(PART, false, PAGES, true) == SVSM_SUCCESS;
}

static enum taken taken_if(bool right)
{
	check_true("the call's answer", right);
	return right ? TAKEN : BROKEN;
}

static enum taken take_small(void)
{
	return taken_if(validate(SMALL, false, PAGES, false) == SVSM_SUCCESS);
}

/* The list ends at an entry that is none: what stood before is done. */
static enum taken take_part(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		list.entry[i] = pvalidate_entry(PART + i * PAGE_4K, false,
						false, false);
	list.entry[PAGES] =
		pvalidate_entry(secrets->svsm_base, false, false, false);
	return taken_if(pvalidate_list(0, &list, PAGES + 1) ==
				ERR(SVSM_ERR_INVALID_ADDRESS) &&
			list.header.next == PAGES);
}

static bool give_large(uint64_t watch[WATCH_MAX], unsigned int *watched)
{
	*watched = watch_pages(watch, LARGE, 100 * PAGE_4K);
	return validate(LARGE, true, 1, true) == SVSM_SUCCESS;
}

static enum taken take_large(void)
{
	return taken_if(validate(LARGE, true, 1, false) == SVSM_SUCCESS);
}

/* All that was deposited. */
static unsigned int withdraw(void)
{
	volatile uint16_t *count = &list.header.entries;
	unsigned int all = 0;

	do {
		*count = 0;
		if (svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)&list))
			return 0;
		all += *count;
	} while (*count);
	return all;
}

static enum taken deposit(uint64_t at, uint64_t size, unsigned int entries)
{
	for (unsigned int i = 0; i < entries; i++)
		list.entry[i] = (at + i * PAGE_4K) | size;
	list.header = (struct svsm_list){ .entries = (uint16_t)entries };
	return taken_if(svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)&list) ==
			SVSM_SUCCESS);
}

static bool gift_out, gift_large_out;

static bool give_gift(uint64_t watch[WATCH_MAX], unsigned int *watched)
{
	*watched = watch_pages(watch, GIFT, PAGE_4K);
	if (!gift_out)
		return validate(GIFT, false, PAGES, true) == SVSM_SUCCESS;
	gift_out = false;
	return withdraw() == PAGES;
}

static enum taken take_gift(void)
{
	gift_out = true;
	return deposit(GIFT, 0, PAGES);
}

static bool give_gift_large(uint64_t watch[WATCH_MAX], unsigned int *watched)
{
	*watched = watch_pages(watch, GIFT_LARGE, 100 * PAGE_4K);
	if (!gift_large_out)
		return validate(GIFT_LARGE, true, 1, true) == SVSM_SUCCESS;
	gift_large_out = false;
	return withdraw() == PAGES_2M;
}

static enum taken take_gift_large(void)
{
	gift_large_out = true;
	return deposit(GIFT_LARGE, SVSM_DEPOSIT_2M, 1);
}

uint64_t way_byte(void)
{
	return offsetof(struct vmsa, vmpl);
}

uint8_t way_byte_value(bool good)
{
	uint8_t vmpl = (uint8_t)secrets->svsm_guest_vmpl;

	return good ? vmpl : (uint8_t)(vmpl - 1);
}

static bool created, validated;

static bool give_save_area(uint64_t watch[WATCH_MAX], unsigned int *watched)
{
	watch[0] = SAVE_AREA;
	*watched = 1;
	if (created && svsm_call1(SVSM_CORE_DELETE_VCPU, SAVE_AREA))
		return false;
	created = false;
	if (!validated && validate(SAVE_AREA, false, 1, true) != SVSM_SUCCESS)
		return false;
	validated = true;
	vmsa_fill((struct vmsa *)SAVE_AREA, 0, 0);
	return true;
}

/*
 * The guest may read a save area. The SVSM took it, so its level is the guest's:
 * another one was written after the SVSM had looked.
 */
static enum taken take_save_area(void)
{
	uint32_t r = vcpu_create(SAVE_AREA, (uint64_t)area, 0);
	const volatile struct vmsa *vmsa = (void *)SAVE_AREA;

	if (r == ERR(SVSM_ERR_INVALID_PARAMETER))
		return REFUSED;
	created = r == SVSM_SUCCESS;
	if (!created)
		return taken_if(false);
	check_equal("level of a save area that was checked", vmsa->vmpl,
		    way_byte_value(true));
	return vmsa->vmpl == way_byte_value(true) ? TAKEN : BROKEN;
}

const struct way ways[] = {
	{ "rescind", 1, false, give_small, take_small },
	{ "rescind-part", 1, false, give_part, take_part },
	{ "rescind-2m", EVERY_LARGE, false, give_large, take_large },
	{ "deposit", 1, false, give_gift, take_gift },
	{ "deposit-2m", EVERY_GIFT_2M, false, give_gift_large,
	  take_gift_large },
	{ "create", 1, true, give_save_area, take_save_area },
};
const unsigned int ways_count = sizeof(ways) / sizeof(ways[0]);

bool ways_init(void)
{
	for (uint64_t at = SMALL; at <= LAST; at += PAGE_2M)
		if (!page_state_large(at, PSC_OP_PRIVATE))
			return false;
	return true;
}
