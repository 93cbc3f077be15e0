/* SPDX-License-Identifier: MIT */
/*
 * Which guest pages became ours by deposit. Apart from the validation record,
 * so that recording a deposit costs next to nothing wherever the page lies: a
 * page of ours holds the deeds of 31 regions. Otherwise a guest that is asked
 * for memory could deposit pages that each cost us more than they bring.
 *
 * Every function is called with the region's lock held (kernel/mm/pvalid.h,
 * which shows such pages as pinned and not validated). chunk: of a
 * guest_range; pages are numbered 0 to 511 within their region.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

void deed_init(void);

/* A region that has no deed yet gets an empty one. ERR_NOMEM. */
must_check enum err deed_prepare(uint32_t chunk);

bool deed_has(uint32_t chunk, uint64_t page);

/* After deed_prepare: pages [first, first + count) are ours from now on. */
void deed_add(uint32_t chunk, uint64_t first, uint64_t count);

/* They are no longer. True: the region has none left, nor a deed. */
bool deed_drop(uint32_t chunk, uint64_t first, uint64_t count);
