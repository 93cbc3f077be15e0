/* SPDX-License-Identifier: MIT */
/*
 * A process's address space: page tables whose lower half is its own and whose
 * upper half is the kernel's. The slot in which the kernel sees its own tables
 * points to the kernel's, so that kernel code maps and unmaps as ever while a
 * process's tables are loaded. Every page below belongs to the space, is
 * private, and goes back wiped. No page is writable and executable.
 * One owner: who holds the service's lock. Edited through windows, so the
 * space need not be loaded.
 */
#pragma once

#include <stdbool.h>

#include "kernel/cpu/user.h"
#include "lib/addr.h"
#include "lib/err.h"

/* Rights beside reading. Never both. */
#define SPACE_WRITE 1u
#define SPACE_EXEC  2u
/* Nothing at all, for mprotect(PROT_NONE). */
#define SPACE_NONE  4u

struct space {
	struct pa root;
	uint64_t pages; /* with tables */
};

/* ERR_NOMEM. */
must_check enum err space_make(struct space *s);

/* Maps a fresh zeroed page; va below USER_END, page-aligned. ERR_NOMEM,
 * ERR_EXISTS, ERR_RANGE. */
must_check enum err space_add(struct space *s, uint64_t va, uint32_t rights);

/* Unmaps and gives the page back; false: there was none. If the space is
 * loaded, the caller flushes before ring 3 runs (pcid_flush). */
bool space_drop(struct space *s, uint64_t va);

/* Changes rights of a mapped page, never to executable (ERR_RANGE), nor from
 * it to writable (ERR_STATE). ERR_ABSENT. Flush as above. */
must_check enum err space_protect(struct space *s, uint64_t va,
				  uint32_t rights);

/* The page behind an address; ERR_ABSENT. */
must_check enum err space_page(const struct space *s, uint64_t va,
			       struct pa *out);

/* Gives every page back. The space must not be loaded on any CPU. */
void space_end(struct space *s);

/* The value for CR3. */
uint64_t space_root(const struct space *s);
