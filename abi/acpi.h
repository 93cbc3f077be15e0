/* SPDX-License-Identifier: MIT */
/* ACPI 6.5: RSDP (5.2.5), table header (5.2.6), MADT (5.2.12), SRAT (5.2.16),
 * SLIT (5.2.17). */
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

/* Records of the MADT. */
#define MADT_LAPIC	   0u
#define MADT_IOAPIC	   1u
#define MADT_OVERRIDE	   2u
#define MADT_NMI_SOURCE	   3u
#define MADT_LAPIC_NMI	   4u
#define MADT_LAPIC_ADDRESS 5u
#define MADT_X2APIC	   9u
#define MADT_X2APIC_NMI	   10u
#define MADT_WAKEUP	   16u
#define MADT_ENABLED	   (1u << 0)

struct madt_lapic {
	uint8_t type, length;
	uint8_t uid;
	uint8_t apic_id;
	uint32_t flags;
} ABI_PACKED;
ABI_SIZE(struct madt_lapic, 8);

struct madt_ioapic {
	uint8_t type, length;
	uint8_t id, reserved;
	uint32_t address;
	uint32_t gsi_base;
} ABI_PACKED;
ABI_SIZE(struct madt_ioapic, 12);

struct madt_x2apic {
	uint8_t type, length;
	uint16_t reserved;
	uint32_t apic_id;
	uint32_t flags;
	uint32_t uid;
} ABI_PACKED;
ABI_SIZE(struct madt_x2apic, 16);

struct acpi_srat {
	struct acpi_header header; /* "SRAT" */
	uint32_t one;
	uint64_t reserved;
} ABI_PACKED;
ABI_SIZE(struct acpi_srat, 48);

/* Records of the SRAT. */
#define SRAT_LAPIC	  0u
#define SRAT_MEMORY	  1u
#define SRAT_X2APIC	  2u
#define SRAT_ENABLED	  (1u << 0)
#define SRAT_HOT_PLUG	  (1u << 1) /* memory only */
#define SRAT_NON_VOLATILE (1u << 2) /* memory only */

struct srat_lapic {
	uint8_t type, length;
	uint8_t domain_low;
	uint8_t apic_id;
	uint32_t flags;
	uint8_t sapic_eid;
	uint8_t domain_high[3];
	uint32_t clock_domain;
} ABI_PACKED;
ABI_SIZE(struct srat_lapic, 16);

struct srat_memory {
	uint8_t type, length;
	uint32_t domain;
	uint16_t reserved1;
	uint64_t base;
	uint64_t size;
	uint32_t reserved2;
	uint32_t flags;
	uint64_t reserved3;
} ABI_PACKED;
ABI_SIZE(struct srat_memory, 40);

struct srat_x2apic {
	uint8_t type, length;
	uint16_t reserved1;
	uint32_t domain;
	uint32_t apic_id;
	uint32_t flags;
	uint32_t clock_domain;
	uint32_t reserved2;
} ABI_PACKED;
ABI_SIZE(struct srat_x2apic, 24);

struct acpi_slit {
	struct acpi_header header; /* "SLIT" */
	uint64_t localities;	   /* then as many distances squared */
} ABI_PACKED;
ABI_SIZE(struct acpi_slit, 44);
#define SLIT_LOCAL 10u /* of a node to itself; others are farther */
