/* SPDX-License-Identifier: MIT */
/*
 * PVALIDATE: the guest's list, entry by entry, each checked whole before the
 * page changes. `next` tells the guest where we stopped.
 */
#include "kernel/proto/pvalidate.h"

#include "abi/svsm/core.h"
#include "kernel/base/platform.h"
#include "kernel/mm/guestpage.h"
#include "kernel/proto/list.h"

/*
 * The order of checks is the reference's; a misaligned 2 MiB entry is an
 * INVALID_PARAMETER, as the specification's general rule has it.
 */
static enum svsm_result entry_check(uint64_t entry, struct guest_range *page)
{
	uint64_t gpa = entry & SVSM_PVALIDATE_GPA;
	enum page_size size = entry & SVSM_PVALIDATE_2M ? PAGE_SIZE_2M :
							  PAGE_SIZE_4K;
	enum err e = guestpage_check(gpa, size, page);

	if (e != OK && e != ERR_ALIGN)
		return SVSM_ERR_INVALID_ADDRESS;
	if (entry & SVSM_PVALIDATE_RESERVED ||
	    (entry & SVSM_PVALIDATE_SIZE) > SVSM_PVALIDATE_2M)
		return SVSM_ERR_INVALID_PARAMETER;
	return e == OK ? SVSM_SUCCESS : SVSM_ERR_INVALID_PARAMETER;
}

static enum svsm_result result_of(enum page_result r)
{
	if (r == PAGE_OK)
		return SVSM_SUCCESS;
	if (r == PAGE_PINNED)
		return SVSM_ERR_INVALID_ADDRESS;
	/* Not BUSY: the guest would repeat the call for ever. */
	if (r == PAGE_NO_MEMORY)
		return SVSM_ERR_INVALID_REQUEST;
	return (enum svsm_result)((unsigned int)SVSM_ERR_PROTOCOL +
				  (unsigned int)r);
}

static enum svsm_result entry_apply(uint64_t entry, bool *narrowed)
{
	bool ignore_cf = entry & SVSM_PVALIDATE_IGNORE_CF;
	enum page_size size = entry & SVSM_PVALIDATE_2M ? PAGE_SIZE_2M :
							  PAGE_SIZE_4K;
	struct guest_range page;
	enum svsm_result r = entry_check(entry, &page);

	if (r != SVSM_SUCCESS)
		return r;
	if (entry & SVSM_PVALIDATE_VALIDATE)
		return result_of(guestpage_validate(page, size, ignore_cf));
	*narrowed = true;
	return result_of(guestpage_rescind(page, size, ignore_cf));
}

enum svsm_result pvalidate_call(struct svsm_request *req)
{
	enum svsm_result r, written;
	bool narrowed = false;
	struct list list;
	uint16_t i;

	r = list_read(req->vcpu, req->rcx, &list);
	if (r != SVSM_SUCCESS)
		return r;
	for (i = list.next; i < list.entries; i++) {
		r = entry_apply(list.entry[i - list.next], &narrowed);
		if (r != SVSM_SUCCESS)
			break;
	}
	/* Once for all entries, and before any guest CPU learns of it. */
	if (narrowed)
		platform->tlb_flush();
	written = list_progress(&list, i);
	return r != SVSM_SUCCESS ? r : written;
}
