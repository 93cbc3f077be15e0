/* SPDX-License-Identifier: MIT */
/* The record of a region, page by page, as every call would find it. */
#include "tests/inject/record.h"

#include "kernel/mm/guestmem.h"
#include "kernel/mm/pvalid.h"
#include "tests/inject/extra.h"

static uint8_t record_of(uint64_t gpa)
{
	struct guest_range page;
	struct pvalid_held held;
	uint8_t r = RECORD_GUEST;

	if (guest_range_check(gpa, PAGE_4K, &page) != OK)
		return 0;
	held = pvalid_lock(page);
	if (pvalid_page(held, gpa))
		r |= RECORD_VALID;
	if (pvalid_page_pinned(held, gpa))
		r |= RECORD_PINNED;
	if (pvalid_page_ours(held, gpa))
		r |= RECORD_OURS;
	pvalid_unlock(held);
	return r;
}

enum svsm_result record_request(struct svsm_request *req)
{
	uint8_t *bytes = (uint8_t *)req->vcpu->list;
	uint64_t pages = PAGE_2M / PAGE_4K;
	struct guest_range to;

	if (!addr_aligned(req->rcx, PAGE_2M) || req->rcx >= PA_LIMIT)
		return SVSM_ERR_INVALID_PARAMETER;
	if (guest_range_check(req->rdx, pages, &to) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	for (uint64_t i = 0; i < pages; i++)
		bytes[i] = record_of(req->rcx + i * PAGE_4K);
	return guest_write(to, 0, bytes, pages) == OK
		       ? SVSM_SUCCESS
		       : SVSM_ERR_INVALID_ADDRESS;
}
