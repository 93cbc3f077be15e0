/* SPDX-License-Identifier: MIT */
/*
 * CORE calls 4 and 5; the answer of every call that runs out of memory; and
 * MEM_AVAILABLE, which tells the boot vCPU that there is something to
 * withdraw. svsm.md sections 2, 4 and 5.
 */
#pragma once

#include "kernel/base/platform.h"
#include "kernel/guest/enter.h"
#include "kernel/mm/page.h"

/*
 * "Deposit so many pages and call again", for a call that needs n more of
 * ours. With as many deposited, wherever they lie, it gets on. Nothing has
 * changed yet; of a list nothing from `next` on.
 */
enum svsm_result need_pages(unsigned int n);

/* The answer to a page operation; needs: for PAGE_NO_MEMORY. A misaligned
 * 2 MiB entry is INVALID_PARAMETER, as the specification's general rule has
 * it. */
enum svsm_result page_code(enum page_result r, unsigned int needs);

enum svsm_result deposit_call(struct svsm_request *req);
enum svsm_result withdraw_call(struct svsm_request *req);

/* Slow part of offer_update. */
void offer_tell(void);

/* After every request: brings MEM_AVAILABLE up to date. */
static inline void offer_update(void)
{
	if (__atomic_load_n(&page_offer, __ATOMIC_RELAXED) !=
	    __atomic_load_n(&vcpu_offer_told, __ATOMIC_RELAXED))
		offer_tell();
}
