/* SPDX-License-Identifier: MIT */
/* From the RSDP to the MADT, by pointers of the firmware's. Checksums are the
 * kernel's business, which judges the table once more as a whole. */
#include "boot/madt.h"

#include <stdbool.h>
#include <stddef.h>

#include "abi/acpi.h"
#include "boot/pvh.h"
#include "hw/cpu.h"

#define TABLE_MAX 0x10000u

static bool named(const char *signature, const char *wanted, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (signature[i] != wanted[i])
			return false;
	return true;
}

static const struct acpi_header *table_at(uint64_t at, const char *signature)
{
	const struct acpi_header *h = (const void *)at;

	if (!h || !pvh_reachable(at, sizeof(*h)) || h->length < sizeof(*h) ||
	    h->length > TABLE_MAX || !pvh_reachable(at, h->length))
		return NULL;
	return named(h->signature, signature, 4) ? h : NULL;
}

static uint64_t entry_get(const struct acpi_header *root, uint32_t at,
			  uint32_t width)
{
	uint64_t value = 0;

	hw_rep_movsb(&value, (const char *)root + at, width);
	return value;
}

static const struct acpi_header *madt_find(uint64_t at)
{
	const struct acpi_rsdp *rsdp = (const void *)at;
	const struct acpi_header *root, *found = NULL;
	uint32_t width = 4;

	if (!pvh_reachable(at, sizeof(*rsdp)) ||
	    !named(rsdp->signature, "RSD PTR ", sizeof(rsdp->signature)))
		return NULL;
	root = table_at(rsdp->rsdt, "RSDT");
	if (rsdp->revision >= 2 && rsdp->xsdt) {
		root = table_at(rsdp->xsdt, "XSDT");
		width = 8;
	}
	if (!root)
		return NULL;
	for (uint32_t i = sizeof(*root); !found && i + width <= root->length;
	     i += width)
		found = table_at(entry_get(root, i, width), "APIC");
	return found;
}

static bool enabled(const uint8_t *record)
{
	const struct madt_lapic *l = (const void *)record;
	const struct madt_x2apic *x = (const void *)record;

	if (record[0] == MADT_LAPIC && record[1] >= sizeof(*l))
		return l->flags & MADT_ENABLED;
	if (record[0] == MADT_X2APIC && record[1] >= sizeof(*x))
		return x->flags & MADT_ENABLED;
	return false;
}

static uint32_t count(const struct acpi_header *madt)
{
	const uint8_t *bytes = (const uint8_t *)madt;
	uint32_t at = sizeof(struct acpi_madt), n = 0;

	while (at + 2 <= madt->length) {
		uint32_t length = bytes[at + 1];

		if (length < 2 || length > madt->length - at)
			return 0;
		n += enabled(bytes + at);
		at += length;
	}
	return n;
}

uint32_t boot_madt(uint64_t rsdp, void *to, uint32_t room)
{
	const struct acpi_header *madt = madt_find(rsdp);

	if (!madt || madt->length > room)
		return 0;
	hw_rep_movsb(to, madt, madt->length);
	return count(to);
}
