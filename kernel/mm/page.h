/* SPDX-License-Identifier: MIT */
/*
 * The SVSM's own 4 KiB pages. Taken pages are private, validated and zero;
 * given pages are wiped. Memory behind the image is validated when it is
 * first taken, so that start-up does not pay for what is never used.
 * Own lock; may call the platform (page_state, page_validate).
 */
#pragma once

#include "lib/addr.h"
#include "lib/err.h"

/* region: memmap_svsm(). [region.start, +used) is in use for ever; the next
 * bytes up to private_end are private but not validated; the rest is the host's. */
void page_init(struct pa_range region, uint64_t used, uint64_t private_end);

/* ERR_NOMEM: none left; ERR_HOST: the host would not give the page. */
must_check enum err page_take(struct pa *out);

/* Panics when the page is not a taken page of ours. */
void page_give(struct pa page);

/* Forgets a taken page for ever: its state can no longer be trusted. */
void page_lose(struct pa page);

uint64_t page_count_taken(void);
uint64_t page_count_free(void);
