/* SPDX-License-Identifier: MIT */
/* The ACPI MADT that an IGVM parameter area receives: one entry a vCPU. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * Type 0 entries, type 9 for APIC ids from 255 on, which a byte cannot name.
 * `size` receives the table's length. ERR_RANGE: more than `room` bytes.
 */
must_check enum err madt_build(const uint32_t *apic_ids, unsigned int count,
			       void *to, size_t room, size_t *size);
