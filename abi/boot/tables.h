/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables for a firmware that has no way in for them yet: behind the VP
 * count in the parameter page that its IGVM metadata names (for OVMF 2026.08:
 * 0x8120d0) the SVSM leaves this block, if it fits there. Firmware or an
 * operating system that wants the SVSM's checked MADT, SRAT and SLIT finds
 * them here; they are in private memory that the host cannot write.
 * docs/firmware.md has the whole story.
 */
#pragma once

#include "abi/check.h"

#define TABLES_MAGIC 0x4950434172696f43ull /* "CoirACPI" */

struct tables_block {
	uint64_t magic;
	uint32_t size;	/* of all of it, this head included; whole 8 bytes */
	uint32_t count; /* of tables that follow, each on an 8-byte boundary,
			   with an ACPI header of its own */
};
ABI_SIZE(struct tables_block, 16);
#define TABLES_ALIGN 8u
