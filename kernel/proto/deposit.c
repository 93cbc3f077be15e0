/* SPDX-License-Identifier: MIT */
/*
 * DEPOSIT_MEM and WITHDRAW_MEM. A page is used by us only after the flush
 * that ends all old translations of it; one flush for the whole list.
 */
#include "kernel/proto/deposit.h"

#include "abi/svsm/core.h"
#include "kernel/base/platform.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/owned.h"
#include "kernel/proto/list.h"

/* A call ends after so many pages, as INCOMPLETE: no vCPU waits for long. */
#define PAGES_A_CALL 1024u
/* New pages that the record of deposits may take for itself: one for each 31
 * (see deed.h), and a page table. */
#define DEEDS_A_PAGE 31u

enum svsm_result need_pages(unsigned int n)
{
	n += page_reserve_lacks();
	n += n / (DEEDS_A_PAGE - 1) + 2;
	return (enum svsm_result)(SVSM_NEED_PAGES + n);
}

enum svsm_result page_code(enum page_result r, unsigned int needs)
{
	switch (r) {
	case PAGE_OK:
		return SVSM_SUCCESS;
	case PAGE_NOT_GUEST:
	case PAGE_PINNED:
		return SVSM_ERR_INVALID_ADDRESS;
	case PAGE_MISALIGNED:
		return SVSM_ERR_INVALID_PARAMETER;
	case PAGE_NO_MEMORY:
		return need_pages(needs);
	default:
		return (enum svsm_result)((unsigned int)SVSM_ERR_PROTOCOL +
					  (unsigned int)r);
	}
}

static bool is_need(enum svsm_result r)
{
	return (int)r >= (int)SVSM_NEED_PAGES;
}

struct entry {
	struct guest_range page;
	enum page_size size;
};

/* An address that is wrong counts before bits that are, as in PVALIDATE. */
static enum svsm_result entry_decode(uint64_t raw, const struct list *list,
				     struct entry *out)
{
	uint64_t gpa = raw & SVSM_DEPOSIT_GPA;
	uint64_t home = addr_down(list->where.r.start.v, PAGE_4K);

	if (guestpage_check(gpa, PAGE_SIZE_4K, &out->page) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	out->size = raw & SVSM_DEPOSIT_2M ? PAGE_SIZE_2M : PAGE_SIZE_4K;
	if (raw & (SVSM_DEPOSIT_RESERVED | 2) ||
	    !addr_aligned(gpa, page_bytes(out->size)))
		return SVSM_ERR_INVALID_PARAMETER;
	if (guestpage_check(gpa, out->size, &out->page) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	/* In use by this very call: `next` is still to be written there. */
	if (home >= gpa && home - gpa < page_bytes(out->size))
		return SVSM_ERR_INVALID_ADDRESS;
	return SVSM_SUCCESS;
}

static enum svsm_result entry_take(uint64_t raw, const struct list *list,
				   uint64_t *pages)
{
	struct entry entry;
	enum svsm_result r = entry_decode(raw, list, &entry);

	if (r != SVSM_SUCCESS)
		return r;
	r = page_code(owned_take(entry.page, entry.size), 1);
	if (r == SVSM_SUCCESS)
		*pages += page_bytes(entry.size) / PAGE_4K;
	return r;
}

/* Works from list->next on, which moves with it. */
static enum svsm_result list_take(struct list *list)
{
	const uint64_t *raw = list->entry;
	enum svsm_result r = SVSM_SUCCESS;
	uint64_t pages = 0;

	for (; list->next < list->entries; list->next++, raw++) {
		if (pages >= PAGES_A_CALL)
			return SVSM_ERR_INCOMPLETE;
		r = entry_take(*raw, list, &pages);
		if (r != SVSM_SUCCESS)
			break;
	}
	/* What this call took may help the next one over. */
	return pages && is_need(r) ? SVSM_ERR_INCOMPLETE : r;
}

/* Entries that were taken: they were decoded before, from the same copy. */
static void list_keep(const uint64_t *raw, uint32_t count,
		      const struct list *list)
{
	struct entry entry;

	platform->tlb_flush();
	for (uint32_t i = 0; i < count; i++)
		if (entry_decode(raw[i], list, &entry) == SVSM_SUCCESS)
			owned_keep(entry.page, entry.size);
}

enum svsm_result deposit_call(struct svsm_request *req)
{
	enum svsm_result r, written;
	struct list list;
	uint16_t first;

	r = list_read(req->vcpu, req->rcx, &list);
	if (r != SVSM_SUCCESS)
		return r;
	first = list.next;
	r = list_take(&list);
	if (list.next > first)
		list_keep(list.entry, (uint32_t)(list.next - first), &list);
	written = list_progress(&list);
	return r != SVSM_SUCCESS ? r : written;
}

/* Pages that leave the pool, into a list of ours. */
static uint32_t list_fill(struct svsm_withdrawn *header, uint64_t *entry,
			  uint32_t room)
{
	uint32_t count = 0;
	struct pa page;

	while (count < room && page_withdraw(&page))
		entry[count++] = page.v;
	*header = (struct svsm_withdrawn){ .count = (uint16_t)count };
	return count;
}

enum svsm_result withdraw_call(struct svsm_request *req)
{
	uint64_t bytes = PAGE_4K - (req->rcx & (PAGE_4K - 1));
	uint64_t *copy = req->vcpu->list;
	struct guest_range where;
	uint32_t count, i;
	enum err e;

	/* At the end of a page there is room for the count, but for no entry. */
	if (!addr_aligned(req->rcx, sizeof(*copy)) || bytes == sizeof(*copy))
		return SVSM_ERR_INVALID_PARAMETER;
	if (guest_range_check(req->rcx, bytes, &where) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	count = list_fill((struct svsm_withdrawn *)copy, copy + 1,
			  (uint32_t)(bytes / sizeof(*copy)) - 1);
	/* The guest is told first: a list that cannot be written gives
	 * nothing away. */
	e = guest_write(where, 0, copy, (count + 1) * sizeof(*copy));
	for (i = 0; i < count; i++) {
		if (e == OK)
			owned_return((struct pa){ copy[1 + i] });
		else
			page_deposit((struct pa){ copy[1 + i] });
	}
	return e == OK ? SVSM_SUCCESS : SVSM_ERR_INVALID_ADDRESS;
}

/* Another CPU's calling area, so by its address; it stays what it is while
 * the registry is locked. */
void offer_tell(void)
{
	struct vcpu_held held = vcpu_lock();

	vcpu_offer_set(held, __atomic_load_n(&page_offer, __ATOMIC_RELAXED));
	vcpu_unlock(held);
}
