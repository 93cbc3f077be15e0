/* SPDX-License-Identifier: MIT */
/*
 * A root table of our own for a guest that is booted directly: the host's
 * adopted tables, but our MADT, SRAT and SLIT in the place of the host's.
 */
#pragma once

#include "abi/boot/params.h"
#include "kernel/guest/tables.h"

/*
 * Fills params->guest.acpi and makes tables->rsdp lead there. Nothing changes
 * for an image without that area. After tables_adopt and topology_init. If the
 * host had no tables at all, ours stand alone; if it had broken ones, there
 * are none (tables_adopt has said so). Panics if the image's area is too small.
 */
void xsdt_make(const struct params *params, struct tables *tables);
