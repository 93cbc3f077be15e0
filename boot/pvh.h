/* SPDX-License-Identifier: MIT */
/*
 * What a PVH loader tells, with bounds. There is no attacker here: the machine
 * belongs to whoever starts it. But a wrong word must end in words, not in a
 * reboot.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PVH_ENTRIES_MAX	 128u
#define PVH_SERVICES_MAX 0x4000000u /* bytes */

struct pvh_told {
	uint64_t map; /* struct pvh_memory, map_count of them */
	uint32_t map_count;
	uint64_t services; /* the archive; size 0: none */
	uint64_t services_size;
	uint64_t cmdline; /* 0: none */
	uint64_t rsdp;
};

/* Nothing of ours lies in these bytes, and all of them below 4 GiB, which is
 * what the boot stage sees. */
bool pvh_reachable(uint64_t at, uint64_t size);

/* Reads the start info at @info. NULL, or what is wrong with it. */
const char *pvh_read(uint64_t info, struct pvh_told *out);

/* Copies a text ended by a zero, at most size - 1 letters of it; its length
 * with the zero, always 1 at least. */
uint32_t pvh_text(uint64_t from, char *to, uint32_t size);
