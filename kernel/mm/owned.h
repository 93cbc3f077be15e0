/* SPDX-License-Identifier: MIT */
/*
 * Guest pages that become ours, and ours that become the guest's again. In
 * between such a page is nobody else's: no level below us may touch it, no
 * call can name it. Locks the page's 2 MiB region.
 */
#pragma once

#include "kernel/base/platform.h"
#include "kernel/mm/guestmem.h"

/*
 * First half: the page (guestpage_check's) is taken from the guest. Other
 * vCPUs may still write to it through old translations until the caller has
 * run platform->tlb_flush(); owned_keep must follow after that.
 * PAGE_PINNED: in use as VMSA or calling area, or ours already;
 * PAGE_NOT_GUEST: not validated, of 2 MiB: not all of it; PAGE_NO_MEMORY;
 * else the hardware refuses. Then nothing has changed.
 */
must_check enum page_result owned_take(struct guest_range page,
				       enum page_size size);

/* Second half: wipes the page and hands it to kernel/mm/page. */
void owned_keep(struct guest_range page, enum page_size size);

/* Gives a page back that page_withdraw handed out; wiped, for good measure. */
void owned_return(struct pa pa);
