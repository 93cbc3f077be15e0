/* SPDX-License-Identifier: MIT */
/*
 * IGVM parameter areas: what the host tells the guest at launch, unmeasured
 * (spec/igvm.md 2.4). Pure: the caller gives the bytes of the area.
 */
#pragma once

#include "emu/acpilie.h"
#include "emu/hosttables.h"
#include "emu/maplie.h"
#include "lib/igvm_read.h"

/* The machine as the guest is told about it. */
struct param_machine {
	unsigned int cpus;
	const uint32_t *apic_ids; /* cpus of them */
	const struct memmap *map;
	const char *cmdline;
	struct hosttables tables;
	struct maplie lie;	    /* how the map is told */
	enum acpilie_kind acpi_lie; /* and the tables */
};

/*
 * Carries out one usage record on its area, which holds area->size bytes.
 * ERR_RANGE: the value does not fit. Tables that this machine has none of
 * (PPTT, DEVICE_TREE, MMIO_RANGES; SRAT, SLIT without nodes) leave the area as
 * it is. A machine without a MADT of its own gets one made.
 */
must_check enum err param_write(const struct igvm_item *item,
				const struct param_machine *m, uint8_t *area);
