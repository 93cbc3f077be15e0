/* SPDX-License-Identifier: MIT */
/* From the RSDP to three tables. */
#include "emu/hostfind.h"

#include "emu/mm.h"
#include "lib/acpi.h"

#define BIOS_START 0xe0000ull
#define BIOS_END   0x100000ull
#define RSDP_ALIGN 16u
/* More than that, or longer, and it is no table of QEMU's. */
#define ROOT_MAX   64u
#define LENGTH_MAX 0x10000u

static const struct acpi_rsdp *rsdp_find(void)
{
	for (uint64_t at = BIOS_START; at < BIOS_END; at += RSDP_ALIGN) {
		const struct acpi_rsdp *r = mm_ptr(at);

		if (!memcmp(r->signature, "RSD PTR ", 8) &&
		    !acpi_sum(r, ACPI_RSDP_V1_SIZE))
			return r;
	}
	return NULL;
}

/* QEMU's tables lie below 4 GiB. */
static const struct acpi_header *table_at(uint32_t pa, const char *signature)
{
	const struct acpi_header *h = mm_ptr(pa);

	if (!pa || h->length > LENGTH_MAX ||
	    acpi_table_fault(h, h->length, signature))
		return NULL;
	return h;
}

void hostfind_tables(struct hosttables *out)
{
	const struct acpi_rsdp *rsdp = rsdp_find();
	const struct acpi_header *root = rsdp ? table_at(rsdp->rsdt, "RSDT")
					      : NULL;
	uint32_t count, at;

	*out = (struct hosttables){ NULL, NULL, NULL };
	if (!root)
		return;
	count = (root->length - (uint32_t)sizeof(*root)) / sizeof(at);
	for (uint32_t i = 0; i < count && i < ROOT_MAX; i++) {
		memcpy(&at, (const uint8_t *)(root + 1) + i * sizeof(at),
		       sizeof(at));
		if (!out->madt)
			out->madt = table_at(at, "APIC");
		if (!out->srat)
			out->srat = table_at(at, "SRAT");
		if (!out->slit)
			out->slit = table_at(at, "SLIT");
	}
}
