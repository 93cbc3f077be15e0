/* SPDX-License-Identifier: MIT */
/*
 * The host's ACPI tables lie in memory that it shares with nobody yet. They
 * are copied into private memory of the guest at the same addresses, so that
 * their pointers stay true; their contents remain the host's word.
 */
#pragma once

#include "abi/acpi.h"
#include "lib/addr.h"

struct tables {
	struct acpi_rsdp rsdp; /* a copy; */
	uint64_t rsdp_size;    /* 0: the guest gets no ACPI tables */
	struct pa_range where; /* adopted range, may be empty */
};

/*
 * Looks for the RSDP in 0xE0000..0xFFFFF and makes the reserved range with
 * its root table guest memory. Before pvalid_init (see memmap_adopt).
 */
void tables_find(struct tables *tables);

/* Copies the range in, page by page, and checks every table's form; a bad one
 * leaves the guest without ACPI. After pvalid_init. */
void tables_adopt(struct tables *tables);
