/* SPDX-License-Identifier: MIT */
/*
 * The memory map that the guest is told: ascending, disjoint, in whole pages.
 * Kinds of cuts are LINUX_E820_* types; E820_HOLE is told as nothing.
 */
#pragma once

#include "abi/linux/boot.h"
#include "kernel/guest/cuts.h"
#include "kernel/mm/memmap.h"

#define E820_HOLE 0xffu

/*
 * Writes the table from the memory map: RAM less the cuts, everything else
 * reserved, `tables` (may be empty) as ACPI. ERR_RANGE: more entries than the
 * table has.
 */
must_check enum err e820_build(const struct cuts *cuts, struct pa_range tables,
			       struct linux_boot_params *bp);
