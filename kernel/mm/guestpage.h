/* SPDX-License-Identifier: MIT */
/*
 * Changes of a guest page, each whole: check the record, issue the
 * instructions, clear, grant, record. Locks the page's 2 MiB region.
 * PAGE_NO_MEMORY, of any of them: nothing changed, and it gets on with
 * GUESTPAGE_NEED pages more of our own (guestpage_seal: twice that). The
 * caller runs platform->tlb_flush() once after all calls that narrowed
 * anything (rescind, pin with revoke) and before the guest runs again.
 */
#pragma once

#include <stdbool.h>

#include "kernel/base/platform.h"
#include "kernel/mm/guestmem.h"

/* page: one whole page of that size, aligned to it. */
must_check enum err guestpage_check(uint64_t gpa, enum page_size size,
				    struct guest_range *page);

/* What one page's record can need. */
#define GUESTPAGE_NEED 1u

enum guestpage_action {
	GUESTPAGE_RESCIND,
	GUESTPAGE_VALIDATE,
};

/*
 * The whole of one PVALIDATE request: guestpage_check, then
 * guestpage_validate or guestpage_rescind; short, for long lists.
 * Also PAGE_MISALIGNED, PAGE_NOT_GUEST.
 */
must_check enum page_result guestpage_change(uint64_t gpa, enum page_size size,
					     enum guestpage_action action,
					     bool ignore_cf);

/* Pages that are changed under one lock: other CPUs may wait for it. */
#define GUESTPAGE_RUN_MAX 32u

/*
 * guestpage_change of small pages in a row: the first entry's and, under the
 * same lock, those that follow in its region. An entry's low 12 bits are the
 * caller's; the run ends where they change. Returns how many pages are done;
 * result is PAGE_OK, or why the next one is not.
 */
uint32_t guestpage_run(const uint64_t *entry, uint32_t count,
		       enum guestpage_action action, bool ignore_cf,
		       enum page_result *result);

/*
 * Validates, clears and grants. PAGE_NO_CHANGE: recorded as validated
 * already (2 MiB: some part of it), nothing was issued; with ignore_cf that
 * is PAGE_OK for a wholly validated page.
 */
must_check enum page_result guestpage_validate(struct guest_range page,
					       enum page_size size,
					       bool ignore_cf);

/* Revokes and rescinds. PAGE_PINNED: in use as VMSA or calling area.
 * PAGE_NO_CHANGE: as above, or the host put another page there; the guest has
 * lost that one for good, and its address with it. */
must_check enum page_result
guestpage_rescind(struct guest_range page, enum page_size size, bool ignore_cf);

/*
 * Launch only: validates and grants without clearing, since nothing has run
 * yet that could have left anything there.
 */
must_check enum page_result guestpage_adopt(struct guest_range page,
					    enum page_size size);

/* Launch only: grants a page that the launch itself validated (part of the
 * measured image) and records it; keep_contents is implied. */
must_check enum page_result guestpage_grant(struct guest_range page);

/* Keeps a validated 4 KiB page from being rescinded; PAGE_FAIL_INPUT: it is
 * not validated; PAGE_PINNED: it is pinned already. */
must_check enum page_result guestpage_pin(struct guest_range page);
void guestpage_unpin(struct guest_range page);

/* As pin, and no guest_read or guest_write reaches the page: for save areas,
 * which the guest must not be able to change through us. */
must_check enum page_result guestpage_seal(struct guest_range page);
void guestpage_unseal(struct guest_range page);
