/* SPDX-License-Identifier: MIT */
/*
 * Whole changes of guest pages; the record decides, the hardware follows.
 * Single pages take a short path: guests validate them by the thousand.
 */
#include "kernel/mm/guestpage.h"

#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/pvalid.h"
#include "kernel/mm/tmpmap.h"

/* The short path is one function without calls but the platform's. */
#define INLINE static inline __attribute__((always_inline))

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

/*
 * Of a page that was accepted and could not be granted. If it stayed valid
 * behind a record that says it is not, the host could have another page
 * validated at its address and then swap the two. A host that split the page
 * meanwhile wants it back in parts.
 */
__attribute__((noinline)) static void take_back(void *va, enum page_size size)
{
	enum page_result r = platform->page_validate(va, size, false);
	uint64_t done = 0;

	if (r == PAGE_FAIL_SIZE && size == PAGE_SIZE_2M)
		for (r = PAGE_OK; r == PAGE_OK && done < PAGE_2M;
		     done += PAGE_4K)
			r = platform->page_validate((char *)va + done,
						    PAGE_SIZE_4K, false);
	if (r != PAGE_OK)
		panic("an accepted page cannot be given back: 0x%x", r);
}

/* Accepts the page; on any failure it is as it was. */
INLINE enum page_result accept(void *va, enum page_size size,
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
	if (r != PAGE_OK)
		take_back(va, size);
	return r;
}

/* Takes the rights away first: between the two instructions the guest could
 * otherwise fill a page that the host already holds. */
INLINE enum page_result reject(void *va, enum page_size size)
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

/* Small pages of one region that share its lock and a window. */
struct run {
	uint64_t start, size; /* guest memory that the lock covers */
	struct pvalid_held held;
	struct tmpmap window; /* va NULL: not open */
};

INLINE void *run_window(struct run *run, uint64_t gpa)
{
	if (run->window.va)
		run->window = tmpmap_move(run->window, (struct pa){ gpa });
	else
		run->window = tmpmap_4k((struct pa){ gpa }, KMAP_WRITE);
	return run->window.va;
}

INLINE enum page_result small_validate(struct run *run, uint64_t gpa,
				       bool ignore_cf, enum contents contents)
{
	struct pvalid_held held = run->held;
	enum page_result r;

	if (pvalid_page(held, gpa))
		return ignore_cf ? PAGE_OK : PAGE_NO_CHANGE;
	/* Sealed: recorded as not validated, and not to be had back so. */
	if (pvalid_page_pinned(held, gpa))
		return PAGE_PINNED;
	if (pvalid_prepare(held) != OK)
		return PAGE_NO_MEMORY;
	r = accept(run_window(run, gpa), PAGE_SIZE_4K, contents);
	if (r == PAGE_OK)
		pvalid_page_flip(held, gpa);
	return r;
}

INLINE enum page_result small_rescind(struct run *run, uint64_t gpa,
				      bool ignore_cf)
{
	struct pvalid_held held = run->held;
	enum page_result r;

	if (pvalid_page_pinned(held, gpa))
		return PAGE_PINNED;
	if (!pvalid_page(held, gpa))
		return ignore_cf ? PAGE_OK : PAGE_NO_CHANGE;
	if (pvalid_prepare(held) != OK)
		return PAGE_NO_MEMORY;
	r = reject(run_window(run, gpa), PAGE_SIZE_4K);
	/* NO_CHANGE: the host shows another page here, and the one that we
	 * accepted may still be valid. It stays recorded, so that the address
	 * cannot have two. */
	if (r == PAGE_OK)
		pvalid_page_flip(held, gpa);
	return r;
}

/* PAGE_OK: the whole region can be turned to what is wanted. */
static enum page_result large_check(struct pvalid_held held,
				    enum pvalid_state wanted)
{
	enum pvalid_state state = pvalid_region(held);

	if (pvalid_pinned(held))
		return PAGE_PINNED;
	/* Small pages that differ: the caller is to split its request. */
	if (state == PVALID_MIXED)
		return PAGE_FAIL_SIZE;
	return state == wanted ? PAGE_NO_CHANGE : PAGE_OK;
}

static enum page_result large_validate(struct pvalid_held held,
				       struct guest_range page, bool ignore_cf,
				       enum contents contents)
{
	enum page_result r = large_check(held, PVALID_ALL);
	struct tmpmap map;

	if (r != PAGE_OK)
		return r == PAGE_NO_CHANGE && ignore_cf ? PAGE_OK : r;
	map = tmpmap_2m(page.r.start);
	r = accept(map.va, PAGE_SIZE_2M, contents);
	tmpmap_drop(map);
	if (r == PAGE_OK)
		pvalid_region_set(held, true);
	return r;
}

static enum page_result large_rescind(struct pvalid_held held,
				      struct guest_range page, bool ignore_cf)
{
	enum page_result r = large_check(held, PVALID_NONE);
	struct tmpmap map;

	if (r != PAGE_OK)
		return r == PAGE_NO_CHANGE && ignore_cf ? PAGE_OK : r;
	map = tmpmap_2m(page.r.start);
	r = reject(map.va, PAGE_SIZE_2M);
	tmpmap_drop(map);
	/* NO_CHANGE: as for small pages. */
	if (r == PAGE_OK)
		pvalid_region_set(held, false);
	return r;
}

/* A run for one page whose address is checked already. */
INLINE struct run run_lock(struct guest_range page)
{
	return (struct run){ .size = PAGE_4K,
			     .start = page.r.start.v,
			     .held = pvalid_lock(page) };
}

INLINE void run_end(struct run *run)
{
	if (run->window.va)
		tmpmap_drop(run->window);
	pvalid_unlock(run->held);
}

static enum page_result page_validate(struct guest_range page,
				      enum page_size size, bool ignore_cf,
				      enum contents contents)
{
	struct run run = run_lock(page);
	enum page_result r =
		size == PAGE_SIZE_2M
			? large_validate(run.held, page, ignore_cf, contents)
			: small_validate(&run, page.r.start.v, ignore_cf,
					 contents);

	run_end(&run);
	return r;
}

enum page_result guestpage_validate(struct guest_range page,
				    enum page_size size, bool ignore_cf)
{
	return page_validate(page, size, ignore_cf, CLEAR);
}

enum page_result guestpage_adopt(struct guest_range page, enum page_size size)
{
	return page_validate(page, size, false, KEEP);
}

enum page_result guestpage_rescind(struct guest_range page, enum page_size size,
				   bool ignore_cf)
{
	struct run run = run_lock(page);
	enum page_result r =
		size == PAGE_SIZE_2M
			? large_rescind(run.held, page, ignore_cf)
			: small_rescind(&run, page.r.start.v, ignore_cf);

	run_end(&run);
	return r;
}

static enum page_result large_change(uint64_t gpa, enum guestpage_action action,
				     bool ignore_cf)
{
	struct guest_range page;

	if (guestpage_check(gpa, PAGE_SIZE_2M, &page) != OK)
		return PAGE_NOT_GUEST;
	return action == GUESTPAGE_VALIDATE
		       ? guestpage_validate(page, PAGE_SIZE_2M, ignore_cf)
		       : guestpage_rescind(page, PAGE_SIZE_2M, ignore_cf);
}

/* Locks the page's region. The part of it that lies in the page's span is
 * guest memory: it needs no further check of addresses. */
INLINE enum page_result run_begin(struct run *run, uint64_t gpa)
{
	const struct memmap_span *span = memmap_guest_near(gpa, PAGE_4K);
	uint64_t start = addr_down(gpa, PAGE_2M);
	uint64_t end = start + PAGE_2M;

	if (!span)
		return PAGE_NOT_GUEST;
	run->start = start < span->start ? span->start : start;
	run->size = (end > span->end ? span->end : end) - run->start;
	run->held = pvalid_lock_chunk(memmap_chunk(span, gpa));
	run->window.va = NULL;
	return PAGE_OK;
}

/* Also false for an address that is not a page's: then the flags differ. */
INLINE bool run_has(const struct run *run, uint64_t gpa)
{
	return gpa - run->start < run->size && addr_aligned(gpa, PAGE_4K);
}

uint32_t guestpage_run(const uint64_t *entry, uint32_t count,
		       enum guestpage_action action, bool ignore_cf,
		       enum page_result *result)
{
	uint64_t flags = *entry % PAGE_4K;
	uint64_t gpa = *entry - flags;
	enum page_result r;
	uint32_t done = 0;
	struct run run;

	if (count > GUESTPAGE_RUN_MAX)
		count = GUESTPAGE_RUN_MAX;
	*result = run_begin(&run, gpa);
	if (*result != PAGE_OK)
		return 0;
	do {
		r = action == GUESTPAGE_VALIDATE
			    ? small_validate(&run, gpa, ignore_cf, CLEAR)
			    : small_rescind(&run, gpa, ignore_cf);
		if (r != PAGE_OK || ++done == count)
			break;
		gpa = entry[done] - flags;
	} while (run_has(&run, gpa));
	run_end(&run);
	*result = r;
	return done;
}

enum page_result guestpage_change(uint64_t gpa, enum page_size size,
				  enum guestpage_action action, bool ignore_cf)
{
	enum page_result r;

	if (!addr_aligned(gpa, page_bytes(size)))
		return PAGE_MISALIGNED;
	if (size == PAGE_SIZE_2M)
		return large_change(gpa, action, ignore_cf);
	(void)guestpage_run(&gpa, 1, action, ignore_cf, &r);
	return r;
}

enum page_result guestpage_grant(struct guest_range page)
{
	struct pvalid_held held = pvalid_lock(page);
	uint64_t gpa = page.r.start.v;
	enum page_result r = PAGE_NO_MEMORY;
	struct tmpmap map;

	if (pvalid_prepare(held) == OK) {
		map = tmpmap_4k(page.r.start, KMAP_WRITE);
		r = platform->guest_grant(map.va, PAGE_SIZE_4K);
		tmpmap_drop(map);
	}
	if (r == PAGE_OK && !pvalid_page(held, gpa))
		pvalid_page_flip(held, gpa);
	pvalid_unlock(held);
	return r;
}

static enum page_result pin_locked(struct pvalid_held held,
				   struct guest_range page)
{
	switch (pvalid_pin(held, page)) {
	case OK:
		return PAGE_OK;
	case ERR_BUSY:
		return PAGE_PINNED;
	case ERR_STATE:
		return PAGE_FAIL_INPUT;
	default:
		return PAGE_NO_MEMORY;
	}
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

/* A sealed page is pinned and recorded as not valid: every copy refuses it. */
enum page_result guestpage_seal(struct guest_range page)
{
	struct pvalid_held held = pvalid_lock(page);
	enum page_result r = pin_locked(held, page);

	if (r == PAGE_OK && pvalid_prepare(held) != OK) {
		pvalid_unpin(held, page);
		r = PAGE_NO_MEMORY;
	}
	if (r == PAGE_OK)
		pvalid_page_flip(held, page.r.start.v);
	pvalid_unlock(held);
	return r;
}

void guestpage_unseal(struct guest_range page)
{
	struct pvalid_held held = pvalid_lock(page);

	pvalid_page_flip(held, page.r.start.v);
	pvalid_unpin(held, page);
	pvalid_unlock(held);
}
