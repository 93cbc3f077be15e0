/* SPDX-License-Identifier: MIT */
/*
 * Processors and nodes of the machine, as the host's MADT, SRAT and SLIT say:
 * checked once, at start-up by one CPU, and handed to the guest in tables of
 * our own making. The tables came as IGVM parameters: unmeasured, but in
 * memory of ours since before we ran.
 */
#pragma once

#include "abi/boot/params.h"
#include "lib/cursor.h"
#include "lib/err.h"

#define TOPOLOGY_TABLES 3u /* at most */
#define TOPOLOGY_ALIGN	8u

/*
 * @own: this CPU's APIC id, which must be in the list. @limit: addresses end
 * below. After memmap_init and heap_init. A table that is not sound, names
 * more than the image allows, or does not fit the memory map ends the VM, with
 * one line that says which and why.
 */
void topology_init(const struct params *params, uint32_t own, uint64_t limit);

/* APIC ids: own first, the others ascending; there for ever. Their number. */
uint32_t topology_cpus(const uint32_t **ids);

/*
 * The guest's own tables, each on a multiple of TOPOLOGY_ALIGN from the start
 * of @out; @offsets gets the place of each. ERR_RANGE: no room; ERR_ABSENT:
 * the host gave none.
 */
must_check enum err topology_write(struct cursor_out *out,
				   size_t offsets[TOPOLOGY_TABLES],
				   unsigned int *count);
