/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries as memory: the top table holds itself in SELF_SLOT, so
 * each entry has a fixed address. An entry may only be read when the levels
 * above it are present.
 */
#pragma once

#include <stdint.h>

#include "abi/boot/launch.h"

/* level 0: the page's own entry; 1: its page directory's; up to 3. */
static inline uint64_t *selfmap_entry(const void *va, unsigned int level)
{
	uint64_t a = (uint64_t)va;

	for (;;) {
		a = SELF_VA | (a >> 9 & 0x7ffffffff8);
		if (level-- == 0)
			return (uint64_t *)a;
	}
}
