/* SPDX-License-Identifier: MIT */
/*
 * The MADT: which processors there are, and where interrupts go. ACPI 6.5,
 * 5.2.12. The bytes are the host's word in memory that it cannot write any
 * more; madt_cpus() judges them once, the others take only what it took.
 */
#pragma once

#include "lib/acpi.h"

/*
 * APIC ids of the enabled processors, ascending; *@count is how many there
 * are. ERR_FORMAT, with words: no MADT, a bad length or checksum, a record that
 * is broken, an id twice, none at all or more than @max. On an error *@ids
 * holds anything.
 */
must_check enum err madt_cpus(const void *bytes, size_t size, uint32_t *ids,
			      uint32_t max, uint32_t *count,
			      struct acpi_words *why);

/*
 * Interrupt controllers must not lie in memory of the map: a guest would map
 * its own, or ours, as a device. ERR_FORMAT, with words.
 */
must_check enum err madt_devices_check(const void *bytes,
				       struct acpi_words *why);

/*
 * The guest's copy: enabled processors, I/O APICs, interrupt routes. Left out:
 * processors that are not there (none can be added later), records of types
 * unknown to us, and the wake-up mailbox and second APIC address, which would
 * give the host a say in where processors start. False: no room.
 */
must_check bool madt_copy(const void *bytes, struct cursor_out *out);
