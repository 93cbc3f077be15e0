/* SPDX-License-Identifier: MIT */
/*
 * Page state change through the GHCB buffer. AMD 56421, 4.1.6. The host works
 * through the list and reports progress, which is checked step by step.
 */
#include "kernel/snp/ghcb.h"

static volatile struct psc_buffer *psc_list(struct ghcb_link link)
{
	return (volatile struct psc_buffer *)(volatile void *)
		link.page->shared_buffer;
}

/* Fills the list from *@start on, which moves past the last page taken.
 * Returns the index of the last entry: the list's own copy is the host's. */
static uint16_t list_fill(volatile struct psc_buffer *list, uint64_t *start,
			  uint64_t end, bool large, enum ghcb_page_state state)
{
	uint64_t at = *start;
	uint16_t count = 0;

	while (at < end && count < PSC_MAX_ENTRIES) {
		uint64_t entry = at | (uint64_t)state << PSC_OP_SHIFT;
		bool big = large && addr_aligned(at, PAGE_2M) &&
			   end - at >= PAGE_2M;

		list->entry[count++] = entry | (big ? PSC_2M : 0);
		at += big ? PAGE_2M : PAGE_4K;
	}
	list->cur_entry = 0;
	list->end_entry = (uint16_t)(count - 1);
	list->reserved = 0;
	*start = at;
	return (uint16_t)(count - 1);
}

/*
 * Bounded: every round must move cur_entry forward (or finish). Progress
 * inside a 2 MiB entry is taken as progress too, from its cur_page.
 */
static enum err list_submit(struct ghcb_link link, uint16_t last)
{
	volatile struct psc_buffer *list = psc_list(link);
	uint32_t done = 0;

	for (;;) {
		struct ghcb_call call = { .code = GHCB_NAE_PSC,
					  .in = GHCB_SCRATCH };
		enum err e = ghcb_exit(link, &call);
		uint32_t progress;
		uint16_t now;

		if (e != OK || call.info2)
			return ERR_HOST;
		now = list->cur_entry;
		if (list->end_entry != last)
			return ERR_HOST;
		if (now > last)
			return OK;
		progress = (uint32_t)now << PAGE_SHIFT_4K |
			   (uint32_t)(list->entry[now] & PSC_CUR_PAGE);
		if (progress <= done)
			return ERR_HOST;
		done = progress;
	}
}

must_check enum err ghcb_page_state(struct ghcb_link link,
				    struct pa_range pages, bool large,
				    enum ghcb_page_state state)
{
	uint64_t at = pages.start.v, end = pa_range_end(pages);

	if (!addr_aligned(at, PAGE_4K) || !addr_aligned(end, PAGE_4K))
		return ERR_ALIGN;
	while (at < end) {
		uint16_t last =
			list_fill(psc_list(link), &at, end, large, state);
		enum err e = list_submit(link, last);

		if (e != OK)
			return e;
	}
	return OK;
}
