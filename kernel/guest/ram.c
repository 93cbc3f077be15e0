/* SPDX-License-Identifier: MIT */
/* Validates and delegates the guest's RAM at launch. */
#include "kernel/guest/ram.h"

#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/guest/cuts.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/memmap.h"

#define CUT_NOT_OURS_TO_GIVE 1u

void ram_grant_image(const struct params *params)
{
	for (uint32_t i = 0; i < params->range_count; i++) {
		const struct params_range *r = &params->range[i];

		for (uint64_t off = 0; off < r->size; off += PAGE_4K) {
			unsigned long long at = r->start + off;
			enum page_result done = PAGE_NOT_GUEST;
			struct guest_range page;

			if (guestpage_check(at, PAGE_SIZE_4K, &page) == OK)
				done = guestpage_grant(page);
			if (done == PAGE_NO_MEMORY)
				panic_memory("the record of image page 0x%llx",
					     at);
			if (done != PAGE_OK)
				panic("image page 0x%llx is not the guest's",
				      at);
		}
	}
}

static void cut_or_panic(struct cuts *cuts, uint64_t start, uint64_t size)
{
	if (cuts_add(cuts, start, size, CUT_NOT_OURS_TO_GIVE) != OK)
		panic("ranges overlap at 0x%llx", (unsigned long long)start);
}

static enum page_result accept(uint64_t gpa, enum page_size size,
			       enum ram_contents contents)
{
	struct guest_range page;

	if (guestpage_check(gpa, size, &page) != OK)
		return PAGE_NOT_GUEST;
	return contents == RAM_KEEP ? guestpage_adopt(page, size)
				    : guestpage_validate(page, size, false);
}

static void accept_small(uint64_t at, uint64_t end, enum ram_contents contents)
{
	for (; at < end; at += PAGE_4K) {
		enum page_result r = accept(at, PAGE_SIZE_4K, contents);

		if (r == PAGE_NO_MEMORY)
			panic_memory("the record of page 0x%llx",
				     (unsigned long long)at);
		if (r == PAGE_NOT_GUEST)
			panic_refused("the guest's memory at 0x%llx is not RAM",
				      (unsigned long long)at);
		/* NO_CHANGE here: the host swaps pages behind addresses. */
		if (r != PAGE_OK)
			panic_refused("cannot validate page 0x%llx: 0x%x",
				      (unsigned long long)at, r);
	}
}

void ram_accept(struct pa_range piece, enum ram_contents contents)
{
	uint64_t at = piece.start.v, end = pa_range_end(piece);

	if (platform->page_state(piece, PAGE_PRIVATE) != OK)
		panic_refused("the host keeps memory at 0x%llx",
			      (unsigned long long)at);
	while (at < end) {
		uint64_t next = addr_down(at, PAGE_2M) + PAGE_2M;

		if (next > end)
			next = end;
		/* A host that backs the region by small pages says so. */
		if (next - at != PAGE_2M ||
		    accept(at, PAGE_SIZE_2M, contents) != PAGE_OK)
			accept_small(at, next, contents);
		at = next;
	}
}

void ram_validate(const struct params *params)
{
	struct pa_range ours = memmap_svsm();
	struct cuts cuts = { 0 };

	cut_or_panic(&cuts, ours.start.v, ours.size);
	cut_or_panic(&cuts, VGA_START, VGA_SIZE);
	for (uint32_t i = 0; i < params->range_count; i++)
		cut_or_panic(&cuts, params->range[i].start,
			     params->range[i].size);
	for (unsigned int i = 0; i < memmap_count(); i++) {
		const struct memmap_entry *m = memmap_get(i);
		uint64_t at = m->range.start.v;
		struct cut piece;

		if (m->type != IGVM_MEMORY_MAP_MEMORY)
			continue;
		while (cuts_next(&cuts, m->range, &at, &piece))
			if (piece.kind == CUT_NONE)
				ram_accept(piece.range, RAM_KEEP);
	}
}
