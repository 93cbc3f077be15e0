/* SPDX-License-Identifier: MIT */
/*
 * What the guest is told of QEMU's own MADT, SRAT and SLIT in IGVM parameter
 * areas: all but the memory that the emulator keeps, and the processors that
 * it does not run. Pure.
 */
#pragma once

#include "abi/acpi.h"
#include "emu/memmap.h"
#include "lib/cursor.h"
#include "lib/err.h"

struct hosttables {
	/* Whole and sound; NULL: there is none. */
	const struct acpi_header *madt, *srat, *slit;
};

/* One table of the guest's each. ERR_RANGE: no room. @cpus: ids below it run. */
must_check enum err hosttables_madt(const struct acpi_header *madt,
				    unsigned int cpus, struct cursor_out *out);
/* Memory as in @map alone. */
must_check enum err hosttables_srat(const struct acpi_header *srat,
				    const struct memmap *map,
				    struct cursor_out *out);
