/* SPDX-License-Identifier: MIT */
/* ACPI 6.5: RSDP (5.2.5), table header (5.2.6), MADT (5.2.12). */
#pragma once

#include "abi/check.h"

struct acpi_rsdp {
	char signature[8]; /* "RSD PTR " */
	uint8_t checksum;  /* first 20 bytes sum to 0 */
	char oem_id[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length; /* revision >= 2 from here on */
	uint64_t xsdt;
	uint8_t ext_checksum;
	uint8_t reserved[3];
} ABI_PACKED;
ABI_SIZE(struct acpi_rsdp, 36);
#define ACPI_RSDP_V1_SIZE 20u

struct acpi_header {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem_id[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	uint32_t creator_id;
	uint32_t creator_revision;
} ABI_PACKED;
ABI_SIZE(struct acpi_header, 36);

struct acpi_madt {
	struct acpi_header header; /* "APIC" */
	uint32_t lapic_address;
	uint32_t flags;
} ABI_PACKED;
ABI_SIZE(struct acpi_madt, 44);

#define MADT_LAPIC   0u
#define MADT_X2APIC  9u
#define MADT_ENABLED (1u << 0)

struct madt_lapic {
	uint8_t type, length;
	uint8_t uid;
	uint8_t apic_id;
	uint32_t flags;
} ABI_PACKED;
ABI_SIZE(struct madt_lapic, 8);

struct madt_x2apic {
	uint8_t type, length;
	uint16_t reserved;
	uint32_t apic_id;
	uint32_t flags;
	uint32_t uid;
} ABI_PACKED;
ABI_SIZE(struct madt_x2apic, 16);
