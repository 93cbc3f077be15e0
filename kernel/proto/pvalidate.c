/* SPDX-License-Identifier: MIT */
/*
 * PVALIDATE: the guest's list, entry by entry, each checked whole before the
 * page changes. `next` tells the guest where we stopped.
 */
#include "kernel/proto/pvalidate.h"

#include "abi/svsm/core.h"
#include "kernel/base/platform.h"
#include "kernel/mm/guestpage.h"
#include "kernel/proto/deposit.h"
#include "kernel/proto/list.h"

#define SIZES_AND_RESERVED (SVSM_PVALIDATE_RESERVED | 2)

/*
 * Applies the entry, and those like it behind it in the same region. They are
 * values by now: the guest's list may change, these may not.
 */
static uint32_t entries_apply(const uint64_t *entry, uint32_t count,
			      enum page_result *r)
{
	enum guestpage_action action = *entry & SVSM_PVALIDATE_VALIDATE
					       ? GUESTPAGE_VALIDATE
					       : GUESTPAGE_RESCIND;
	bool ignore_cf = *entry & SVSM_PVALIDATE_IGNORE_CF;

	if (!(*entry & SVSM_PVALIDATE_2M))
		return guestpage_run(entry, count, action, ignore_cf, r);
	*r = guestpage_change(*entry & SVSM_PVALIDATE_GPA, PAGE_SIZE_2M, action,
			      ignore_cf);
	return *r == PAGE_OK;
}

/* An address that is wrong counts before bits that are (the reference). */
static enum svsm_result malformed(uint64_t entry)
{
	struct guest_range page;

	return guestpage_check(entry & SVSM_PVALIDATE_GPA, PAGE_SIZE_4K,
			       &page) == OK
		       ? SVSM_ERR_INVALID_PARAMETER
		       : SVSM_ERR_INVALID_ADDRESS;
}

/* Works from list->next on, which moves with it. */
static enum svsm_result list_apply(struct list *list, bool *narrowed)
{
	const uint64_t *entry = list->entry;

	while (list->next < list->entries) {
		enum page_result r;
		uint32_t done;

		if (*entry & SIZES_AND_RESERVED)
			return malformed(*entry);
		if (!(*entry & SVSM_PVALIDATE_VALIDATE))
			*narrowed = true;
		done = entries_apply(entry, list->entries - list->next, &r);
		entry += done;
		list->next = (uint16_t)(list->next + done);
		if (r != PAGE_OK)
			return page_code(r, GUESTPAGE_NEED);
	}
	return SVSM_SUCCESS;
}

enum svsm_result pvalidate_call(struct svsm_request *req)
{
	enum svsm_result r, written;
	bool narrowed = false;
	struct list list;

	r = list_read(req->vcpu, req->rcx, &list);
	if (r != SVSM_SUCCESS)
		return r;
	r = list_apply(&list, &narrowed);
	/* Once for all entries, and before any guest CPU learns of it. */
	if (narrowed)
		platform->tlb_flush();
	written = list_progress(&list);
	return r != SVSM_SUCCESS ? r : written;
}
