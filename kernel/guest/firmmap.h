/* SPDX-License-Identifier: MIT */
/*
 * The memory map in the shape that stock firmware (OVMF) can use: the first
 * entry runs from 0 up to our own region, which is named as reserved.
 */
#pragma once

#include <stddef.h>

#include "abi/igvm.h"

/*
 * @map: *count entries, all RAM, ascending, disjoint, without ours; room for
 * @room. Panics when the host's memory is such that no firmware could start.
 */
void firmmap_shape(struct igvm_memory_map_entry *map, size_t room,
		   size_t *count);
