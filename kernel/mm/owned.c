/* SPDX-License-Identifier: MIT */
/* Guest pages that become ours: record first, then rights, then contents. */
#include "kernel/mm/owned.h"

#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "kernel/mm/tmpmap.h"

static uint64_t first_of(struct guest_range page)
{
	return page.r.start.v >> PAGE_SHIFT_4K & 511;
}

static enum page_result may_take(struct pvalid_held held,
				 struct guest_range page, enum page_size size)
{
	uint64_t gpa = page.r.start.v;

	if (size == PAGE_SIZE_2M) {
		if (pvalid_pinned(held))
			return PAGE_PINNED;
		return pvalid_region(held) == PVALID_ALL ? PAGE_OK
							 : PAGE_NOT_GUEST;
	}
	if (pvalid_page_pinned(held, gpa))
		return PAGE_PINNED;
	return pvalid_page(held, gpa) ? PAGE_OK : PAGE_NOT_GUEST;
}

/* The guest's rights to pages [0, end) of a window come back. */
static void rights_restore(char *va, uint64_t end)
{
	for (uint64_t off = 0; off < end; off += PAGE_4K)
		if (platform->guest_grant(va + off, PAGE_SIZE_4K) != PAGE_OK)
			panic("cannot return a page to the guest");
}

/* A region of small pages, as the hardware sees it. */
static enum page_result revoke_each(char *va)
{
	enum page_result r = PAGE_OK;
	uint64_t off;

	for (off = 0; off < PAGE_2M; off += PAGE_4K) {
		r = platform->guest_revoke(va + off, PAGE_SIZE_4K);
		if (r != PAGE_OK)
			break;
	}
	if (r != PAGE_OK)
		rights_restore(va, off);
	return r;
}

/* The 2 MiB page may stay one page to the hardware: the first change of a
 * part of it, ours or the guest's, makes the host split it. */
static enum page_result revoke(struct guest_range page, enum page_size size)
{
	struct tmpmap map = size == PAGE_SIZE_2M
				    ? tmpmap_2m(page.r.start)
				    : tmpmap_4k(page.r.start, KMAP_WRITE);
	enum page_result r = platform->guest_revoke(map.va, size);

	if (r == PAGE_FAIL_SIZE && size == PAGE_SIZE_2M)
		r = revoke_each(map.va);
	tmpmap_drop(map);
	return r;
}

static void disown(struct pvalid_held held, uint64_t first, uint64_t count)
{
	if (deed_drop(pvalid_chunk(held), first, count))
		pvalid_byte_set(held, PVALID_BYTE_DEED, 0);
}

static enum page_result take_locked(struct pvalid_held held,
				    struct guest_range page,
				    enum page_size size)
{
	uint64_t count = page_bytes(size) / PAGE_4K;
	enum page_result r = may_take(held, page, size);
	enum err e;

	if (r != PAGE_OK)
		return r;
	page_reserve_open();
	e = deed_prepare(pvalid_chunk(held));
	page_reserve_close();
	if (e != OK)
		return PAGE_NO_MEMORY;
	deed_add(pvalid_chunk(held), first_of(page), count);
	pvalid_byte_set(held, 0, PVALID_BYTE_DEED);
	r = revoke(page, size);
	if (r != PAGE_OK)
		disown(held, first_of(page), count);
	return r;
}

enum page_result owned_take(struct guest_range page, enum page_size size)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r = take_locked(held, page, size);

	pvalid_unlock(held);
	return r;
}

static void wipe(struct pa pa)
{
	struct tmpmap map = tmpmap_4k(pa, KMAP_WRITE);

	hw_rep_stosq(map.va, 0, PAGE_4K / 8);
	tmpmap_drop(map);
}

void owned_keep(struct guest_range page, enum page_size size)
{
	for (uint64_t off = 0; off < page_bytes(size); off += PAGE_4K) {
		struct pa pa = pa_add(page.r.start, off);

		wipe(pa);
		page_deposit(pa);
	}
}

/* Other calls find the page deposited until it is the guest's again. */
void owned_return(struct pa pa)
{
	struct guest_range page;
	struct pvalid_held held;
	struct tmpmap map;

	if (guestpage_check(pa.v, PAGE_SIZE_4K, &page) != OK)
		panic("deposited page left guest memory");
	wipe(pa);
	held = pvalid_lock(page);
	map = tmpmap_4k(pa, KMAP_WRITE);
	rights_restore(map.va, PAGE_4K);
	tmpmap_drop(map);
	disown(held, first_of(page), 1);
	pvalid_unlock(held);
}
