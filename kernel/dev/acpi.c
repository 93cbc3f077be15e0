/* SPDX-License-Identifier: MIT */
/* Reads ACPI tables that a host wrote: form alone is believed, and checked. */
#include "kernel/dev/acpi.h"

#include "lib/acpi.h"

#define FADT_FACS 36 /* then the DSDT, both u32 */
#define FACS_SIZE 64u
#define SUM_PART  256u

enum err acpi_rsdp_parse(const void *bytes, size_t size, struct acpi_root *out)
{
	struct acpi_rsdp r = { 0 };

	if (size < ACPI_RSDP_V1_SIZE)
		return ERR_FORMAT;
	memcpy(&r, bytes, size < sizeof(r) ? size : sizeof(r));
	if (memcmp(r.signature, "RSD PTR ", 8) != 0 ||
	    acpi_sum(bytes, ACPI_RSDP_V1_SIZE) != 0)
		return ERR_FORMAT;
	*out = (struct acpi_root){ { r.rsdt }, false, ACPI_RSDP_V1_SIZE };
	if (r.revision < 2)
		return OK;
	if (size < sizeof(r) || r.length != sizeof(r) ||
	    acpi_sum(bytes, sizeof(r)) != 0)
		return ERR_FORMAT;
	out->rsdp_size = sizeof(r);
	if (r.xsdt) {
		out->table.v = r.xsdt;
		out->wide = true;
	}
	return OK;
}

/* Sums up size bytes at `at`, which lie inside the range. */
static enum err range_sum(struct guest_range where, uint64_t at, uint64_t size,
			  uint8_t *sum)
{
	uint8_t part[SUM_PART];

	*sum = 0;
	while (size) {
		uint64_t n = size < sizeof(part) ? size : sizeof(part);
		enum err e = guest_read(where, at, part, n);

		if (e != OK)
			return e;
		*sum = (uint8_t)(*sum + acpi_sum(part, n));
		at += n;
		size -= n;
	}
	return OK;
}

/* Header of the table at guest address `gpa`, when all of it is sound. */
static enum err table_check(struct guest_range where, uint64_t gpa,
			    struct acpi_header *h)
{
	uint64_t at = gpa - where.r.start.v;
	uint8_t sum;

	if (gpa < where.r.start.v || at >= where.r.size ||
	    guest_read(where, at, h, sizeof(*h)) != OK)
		return ERR_FORMAT;
	if (h->length < sizeof(*h) || h->length > where.r.size - at ||
	    range_sum(where, at, h->length, &sum) != OK || sum != 0)
		return ERR_FORMAT;
	return OK;
}

/* FACS has no checksum and an own header: only its place is checked. */
static enum err fadt_check(struct guest_range where, uint64_t gpa,
			   const struct acpi_header *fadt)
{
	struct {
		uint32_t facs, dsdt;
	} at;
	struct acpi_header dsdt;
	uint64_t end = pa_range_end(where.r);

	if (fadt->length < FADT_FACS + sizeof(at) ||
	    guest_read(where, gpa - where.r.start.v + FADT_FACS, &at,
		       sizeof(at)) != OK)
		return ERR_FORMAT;
	if (at.facs &&
	    (at.facs < where.r.start.v || (uint64_t)at.facs + FACS_SIZE > end))
		return ERR_FORMAT;
	return at.dsdt ? table_check(where, at.dsdt, &dsdt) : OK;
}

static enum err named_check(struct guest_range where, uint64_t gpa)
{
	struct acpi_header h;
	enum err e = table_check(where, gpa, &h);

	if (e != OK)
		return e;
	return memcmp(h.signature, "FACP", 4) == 0 ? fadt_check(where, gpa, &h)
						   : OK;
}

static uint32_t root_width(struct acpi_root root)
{
	return root.wide ? 8 : 4;
}

enum err acpi_root_count(struct guest_range where, struct acpi_root root,
			 uint32_t *count)
{
	struct acpi_header h;

	if (table_check(where, root.table.v, &h) != OK ||
	    memcmp(h.signature, root.wide ? "XSDT" : "RSDT", 4) != 0)
		return ERR_FORMAT;
	*count = (h.length - (uint32_t)sizeof(h)) / root_width(root);
	return *count > ACPI_ROOT_MAX ? ERR_FORMAT : OK;
}

enum err acpi_root_get(struct guest_range where, struct acpi_root root,
		       uint32_t n, uint64_t *gpa)
{
	uint64_t at = root.table.v - where.r.start.v +
		      sizeof(struct acpi_header) +
		      (uint64_t)n * root_width(root);

	*gpa = 0;
	return guest_read(where, at, gpa, root_width(root));
}

enum err acpi_tables_check(struct guest_range where, struct acpi_root root)
{
	uint32_t count;
	uint64_t gpa;

	if (acpi_root_count(where, root, &count) != OK)
		return ERR_FORMAT;
	for (uint32_t i = 0; i < count; i++)
		if (acpi_root_get(where, root, i, &gpa) != OK ||
		    named_check(where, gpa) != OK)
			return ERR_FORMAT;
	return OK;
}
