/* SPDX-License-Identifier: MIT */
/*
 * The memory map as firmware reads it: IGVM memory map entries (igvm.md 2.5),
 * ascending, disjoint, none of them RAM where our own region is.
 */
#pragma once

#include <stddef.h>

#include "abi/igvm.h"
#include "lib/err.h"

enum mapout {
	MAPOUT_RAM, /* RAM alone: what is not named is no memory */
	MAPOUT_ALL, /* and what else the host named; ours as reserved */
};

/*
 * Fills @out, which holds @capacity entries, and zeroes what is left of it.
 * At least one zero entry ends the list: some readers know no other end.
 * ERR_RANGE: it does not fit; nothing was written then.
 */
must_check enum err mapout_write(enum mapout what,
				 struct igvm_memory_map_entry *out,
				 size_t capacity, size_t *count);
