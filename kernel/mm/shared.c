/* SPDX-License-Identifier: MIT */
/* Pages lent to the host. */
#include "kernel/mm/shared.h"

#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"

static enum page_result validate(struct pa page, bool on)
{
	struct tmpmap map = tmpmap_4k(page, KMAP_WRITE);
	enum page_result r = platform->page_validate(map.va, PAGE_SIZE_4K, on);

	if (r == PAGE_OK && on)
		hw_rep_stosq(map.va, 0, PAGE_4K / 8);
	tmpmap_drop(map);
	return r;
}

/* Takes a page back from the host; what it holds now is the host's. */
static enum err page_reclaim(struct pa page)
{
	enum err e = platform->page_state((struct pa_range){ page, PAGE_4K },
					  PAGE_PRIVATE);

	if (e != OK)
		return e;
	return validate(page, true) == PAGE_OK ? OK : ERR_HOST;
}

static void page_return(struct pa page)
{
	if (page_reclaim(page) == OK)
		page_give(page);
	else
		page_lose(page);
}

enum err shared_page_take(void *va, struct pa *pa)
{
	enum err e = page_take(pa);

	if (e != OK)
		return e;
	if (validate(*pa, false) != PAGE_OK) {
		page_lose(*pa);
		return ERR_HOST;
	}
	e = platform->page_state((struct pa_range){ *pa, PAGE_4K },
				 PAGE_SHARED);
	if (e == OK)
		e = kmap_page(va, *pa, KMAP_SHARED);
	if (e != OK) {
		page_return(*pa);
		return e;
	}
	hw_rep_stosq(va, 0, PAGE_4K / 8);
	return OK;
}

void shared_page_give(void *va)
{
	struct tlb_gather what = { 0 };
	struct pa pa;

	if (kmap_drop(va, &pa) != OK)
		return;
	tlb_add(&what, va, 1);
	tlb_flush(&what);
	page_return(pa);
}
