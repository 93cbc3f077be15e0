/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables in private memory, copied from the host beforehand. Nothing in
 * them is trusted: only their form is checked, so that a reader can neither
 * leave the bytes given nor loop. ACPI 6.5, 5.2.
 */
#pragma once

#include <stddef.h>

#include "abi/acpi.h"
#include "kernel/mm/guestmem.h"

/*
 * APIC ids of the enabled processors of a MADT at @bytes, ascending, at most
 * @max; *@count is how many there are. ERR_FORMAT: no MADT, a bad length or
 * checksum, a record that does not fit, an id twice. ERR_RANGE: more than
 * @max. On an error *@ids holds anything.
 */
must_check enum err acpi_madt_cpus(const void *bytes, size_t size,
				   uint32_t *ids, uint32_t max,
				   uint32_t *count);

/*
 * The form of an RSDP in @bytes (at least ACPI_RSDP_V1_SIZE). Gives the root
 * table: XSDT if @wide, else RSDT. ERR_FORMAT otherwise.
 */
struct acpi_root {
	struct pa table;
	bool wide;
	size_t rsdp_size; /* bytes of the RSDP itself */
};
must_check enum err acpi_rsdp_parse(const void *bytes, size_t size,
				    struct acpi_root *out);

/*
 * Checks root table and every table it names: all inside `where`, which no
 * host can write any more, each with sane length and checksum. ERR_FORMAT
 * otherwise. The FADT's own pointers (DSDT, FACS) are checked the same way.
 */
must_check enum err acpi_tables_check(struct guest_range where,
				      struct acpi_root root);
