/* SPDX-License-Identifier: MIT */
/* Ranges minus ranges. */
#include "kernel/guest/cuts.h"

#include <stddef.h>

must_check enum err cuts_add(struct cuts *cuts, uint64_t start, uint64_t size,
			     uint32_t kind)
{
	struct cut new = { .kind = kind };
	unsigned int i;

	if (!size)
		return OK;
	if (pa_range_make(start, size, &new.range) != OK)
		return ERR_RANGE;
	new.range.start.v = addr_down(start, PAGE_4K);
	new.range.size = addr_up(start + size, PAGE_4K) - new.range.start.v;
	for (i = 0; i < cuts->count; i++)
		if (pa_range_overlap(cuts->cut[i].range, new.range))
			return ERR_EXISTS;
	if (cuts->count == CUTS_MAX)
		return ERR_NOMEM;
	for (i = cuts->count++; i > 0; i--) {
		if (cuts->cut[i - 1].range.start.v < new.range.start.v)
			break;
		cuts->cut[i] = cuts->cut[i - 1];
	}
	cuts->cut[i] = new;
	return OK;
}

/* The first cut that ends behind @at, or NULL. */
static const struct cut *cut_after(const struct cuts *cuts, uint64_t at)
{
	for (unsigned int i = 0; i < cuts->count; i++)
		if (pa_range_end(cuts->cut[i].range) > at)
			return &cuts->cut[i];
	return NULL;
}

bool cuts_next(const struct cuts *cuts, struct pa_range whole, uint64_t *at,
	       struct cut *piece)
{
	uint64_t start = addr_up(*at, PAGE_4K);
	uint64_t end = addr_down(pa_range_end(whole), PAGE_4K);
	const struct cut *cut = cut_after(cuts, start);
	uint32_t kind = CUT_NONE;

	if (start >= end)
		return false;
	if (cut && cut->range.start.v <= start) {
		kind = cut->kind;
		if (pa_range_end(cut->range) < end)
			end = pa_range_end(cut->range);
	} else if (cut && cut->range.start.v < end) {
		end = cut->range.start.v;
	}
	*piece = (struct cut){ { { start }, end - start }, kind };
	*at = end;
	return true;
}
