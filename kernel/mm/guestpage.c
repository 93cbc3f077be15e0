/* SPDX-License-Identifier: MIT */
/* Whole changes of guest pages; the record decides, the hardware follows. */
#include "kernel/mm/guestpage.h"

#include "hw/cpu.h"
#include "kernel/mm/pvalid.h"
#include "kernel/mm/tmpmap.h"

enum contents {
	CLEAR,
	KEEP,
};

enum err guestpage_check(uint64_t gpa, enum page_size size,
			 struct guest_range *page)
{
	if (!addr_aligned(gpa, page_bytes(size)))
		return ERR_ALIGN;
	return guest_range_check(gpa, page_bytes(size), page);
}

static struct tmpmap window(struct guest_range page, enum page_size size)
{
	return size == PAGE_SIZE_2M ? tmpmap_2m(page.r.start) :
				      tmpmap_4k(page.r.start, KMAP_WRITE);
}

/* Accepts the page; on any failure it is as it was. */
static enum page_result accept(void *va, enum page_size size,
			       enum contents contents)
{
	enum page_result r = platform->page_validate(va, size, true);

	/* NO_CHANGE here means that the hardware disagrees with our record:
	 * never grant such a page. */
	if (r != PAGE_OK)
		return r;
	/* Before the grant: the guest must see neither what the host put
	 * there nor what we may have left. */
	if (contents == CLEAR)
		hw_rep_stosq(va, 0, page_bytes(size) / 8);
	r = platform->guest_grant(va, size);
	if (r != PAGE_OK && platform->page_validate(va, size, false) != PAGE_OK)
		r = PAGE_FAIL_OTHER;
	return r;
}

static enum page_result validate_locked(struct pvalid_held held,
					struct guest_range page,
					enum page_size size, bool ignore_cf,
					enum contents contents)
{
	enum pvalid_state state = pvalid_get(held, page);
	enum page_result r;
	struct tmpmap map;

	if (state == PVALID_ALL)
		return ignore_cf ? PAGE_OK : PAGE_NO_CHANGE;
	/* Only a 2 MiB page can be mixed: the caller is to split it. */
	if (state == PVALID_MIXED)
		return PAGE_FAIL_SIZE;
	if (pvalid_prepare(held, page) != OK)
		return PAGE_NO_MEMORY;
	map = window(page, size);
	r = accept(map.va, size, contents);
	tmpmap_drop(map);
	if (r == PAGE_OK)
		pvalid_set(held, page, true);
	return r;
}

enum page_result guestpage_validate(struct guest_range page,
				    enum page_size size, bool ignore_cf)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r =
		validate_locked(held, page, size, ignore_cf, CLEAR);

	pvalid_unlock(held);
	return r;
}

enum page_result guestpage_adopt(struct guest_range page, enum page_size size)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r = validate_locked(held, page, size, false, KEEP);

	pvalid_unlock(held);
	return r;
}

/* Takes the rights away first: between the two instructions the guest could
 * otherwise fill a page that the host already holds. */
static enum page_result rescind(void *va, enum page_size size)
{
	enum page_result r = platform->guest_revoke(va, size);

	if (r != PAGE_OK)
		return r;
	r = platform->page_validate(va, size, false);
	if (r != PAGE_OK && r != PAGE_NO_CHANGE &&
	    platform->guest_grant(va, size) != PAGE_OK)
		r = PAGE_FAIL_OTHER;
	return r;
}

static enum page_result rescind_locked(struct pvalid_held held,
				       struct guest_range page,
				       enum page_size size, bool ignore_cf)
{
	enum pvalid_state state = pvalid_get(held, page);
	enum page_result r;
	struct tmpmap map;

	if (state == PVALID_NONE)
		return ignore_cf ? PAGE_OK : PAGE_NO_CHANGE;
	if (pvalid_pinned(held, page))
		return PAGE_PINNED;
	if (state == PVALID_MIXED)
		return PAGE_FAIL_SIZE;
	if (pvalid_prepare(held, page) != OK)
		return PAGE_NO_MEMORY;
	map = window(page, size);
	r = rescind(map.va, size);
	tmpmap_drop(map);
	/* NO_CHANGE: the host took the page before us; it is gone as well. */
	if (r == PAGE_OK || r == PAGE_NO_CHANGE)
		pvalid_set(held, page, false);
	return r;
}

enum page_result guestpage_rescind(struct guest_range page,
				   enum page_size size, bool ignore_cf)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r = rescind_locked(held, page, size, ignore_cf);

	pvalid_unlock(held);
	return r;
}

enum page_result guestpage_grant(struct guest_range page)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r = PAGE_NO_MEMORY;
	struct tmpmap map;

	if (pvalid_prepare(held, page) == OK) {
		map = tmpmap_4k(page.r.start, KMAP_WRITE);
		r = platform->guest_grant(map.va, PAGE_SIZE_4K);
		tmpmap_drop(map);
	}
	if (r == PAGE_OK)
		pvalid_set(held, page, true);
	pvalid_unlock(held);
	return r;
}

static enum page_result pin_locked(struct pvalid_held held,
				   struct guest_range page)
{
	if (pvalid_get(held, page) != PVALID_ALL)
		return PAGE_FAIL_INPUT;
	if (pvalid_pinned(held, page))
		return PAGE_PINNED;
	if (pvalid_prepare(held, page) != OK)
		return PAGE_NO_MEMORY;
	return pvalid_pin(held, page) == OK ? PAGE_OK : PAGE_FAIL_OTHER;
}

enum page_result guestpage_pin(struct guest_range page)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r = pin_locked(held, page);

	pvalid_unlock(held);
	return r;
}

void guestpage_unpin(struct guest_range page)
{
	struct pvalid_held held = pvalid_lock(page);

	pvalid_unpin(held, page);
	pvalid_unlock(held);
}
