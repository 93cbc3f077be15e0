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

/* More tables than this in one root table is no machine but an attack. */
#define ACPI_ROOT_MAX 256u

/* How many tables the root table inside `where` names. ERR_FORMAT: it is none,
 * or names more than ACPI_ROOT_MAX. */
must_check enum err acpi_root_count(struct guest_range where,
				    struct acpi_root root, uint32_t *count);

/* Address of the n-th of them, not looked at; ERR_RANGE: n is too large. */
must_check enum err acpi_root_get(struct guest_range where,
				  struct acpi_root root, uint32_t n,
				  uint64_t *gpa);

/*
 * Checks root table and every table it names: all inside `where`, which no
 * host can write any more, each with sane length and checksum. ERR_FORMAT
 * otherwise. The FADT's own pointers (DSDT, FACS) are checked the same way.
 */
must_check enum err acpi_tables_check(struct guest_range where,
				      struct acpi_root root);
