/* SPDX-License-Identifier: MIT */
/*
 * Which guest pages are validated: the SVSM's own record, which no host can
 * change. Two levels: a word per 2 MiB region (none, all, or a leaf of 512
 * bits). Validating twice would let the host swap pages behind an address,
 * so a page's record is checked before any instruction is issued.
 * The lock is per 2 MiB region; while it is held no other region's is taken.
 * Pinned pages (save areas, calling areas) are validated and stay so.
 */
#pragma once

#include <stdbool.h>

#include "kernel/mm/guestmem.h"

enum pvalid_state {
	PVALID_NONE,
	PVALID_ALL,
	PVALID_MIXED,
};

/* Proof that the region's lock is held. Made by pvalid_lock() alone. */
struct pvalid_held {
	uint64_t *word;
};

/* Takes memory for the words: 8 bytes per 2 MiB of RAM. ERR_NOMEM. */
must_check enum err pvalid_init(void);

/* pages: whole 4 KiB pages within one 2 MiB region. */
struct pvalid_held pvalid_lock(struct guest_range pages);
void pvalid_unlock(struct pvalid_held held);

enum pvalid_state pvalid_get(struct pvalid_held held, struct guest_range pages);

/* Any page of these pinned? */
bool pvalid_pinned(struct pvalid_held held, struct guest_range pages);

/* Makes sure that pvalid_set and pvalid_pin on these pages cannot fail.
 * ERR_NOMEM: nothing changed. */
must_check enum err pvalid_prepare(struct pvalid_held held,
				   struct guest_range pages);

/* After pvalid_prepare. Records what the instruction did. */
void pvalid_set(struct pvalid_held held, struct guest_range pages, bool valid);

/* One page, prepared and validated. ERR_STATE: it is not validated;
 * ERR_BUSY: pinned already. */
must_check enum err pvalid_pin(struct pvalid_held held,
			       struct guest_range page);
void pvalid_unpin(struct pvalid_held held, struct guest_range page);
