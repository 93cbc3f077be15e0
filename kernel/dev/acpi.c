/* SPDX-License-Identifier: MIT */
/* Reads ACPI tables that a host wrote: form alone is believed, and checked. */
#include "kernel/dev/acpi.h"

#include "lib/cursor.h"
#include "lib/sort.h"

#define FADT_FACS    36 /* then the DSDT, both u32 */
#define FACS_SIZE    64u
#define BROADCAST_ID 0xffffffffu
#define SUM_PART     256u
/* More tables than this in one root table is no machine but an attack. */
#define ROOT_MAX     256u

static uint8_t bytes_sum(const uint8_t *p, size_t size)
{
	uint8_t sum = 0;

	while (size--)
		sum = (uint8_t)(sum + *p++);
	return sum;
}

/* The table's whole bytes at the cursor's place, checked; NULL if not. */
static const struct acpi_header *table_at(const void *bytes, size_t size)
{
	const struct acpi_header *h = bytes;

	if (size < sizeof(*h) || h->length < sizeof(*h) || h->length > size)
		return NULL;
	return bytes_sum(bytes, h->length) == 0 ? h : NULL;
}

static enum err cpu_add(uint32_t id, uint32_t *ids, uint32_t max,
			uint32_t *count)
{
	if (id == BROADCAST_ID)
		return ERR_FORMAT;
	if (*count == max)
		return ERR_RANGE;
	ids[(*count)++] = id;
	return OK;
}

static bool ascending(const uint32_t *ids, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (ids[i] <= ids[i - 1])
			return false;
	return true;
}

/* Twice the same id would make two per-CPU areas one processor. Most tables
 * are in order; one that is not costs a sort, not a search for each CPU. */
static enum err ids_settle(uint32_t *ids, uint32_t count)
{
	if (ascending(ids, count))
		return OK;
	sort_u32(ids, count);
	return ascending(ids, count) ? OK : ERR_FORMAT;
}

/* One record's processor: *@id is set and true given if it is enabled. */
static bool record_cpu(struct cursor *c, uint8_t type, uint32_t *id)
{
	uint32_t flags;

	if (type == MADT_LAPIC) {
		cursor_skip(c, 1);
		*id = cursor_u8(c);
		flags = cursor_u32(c);
	} else if (type == MADT_X2APIC) {
		cursor_skip(c, 2);
		*id = cursor_u32(c);
		flags = cursor_u32(c);
	} else {
		return false;
	}
	return !c->failed && flags & MADT_ENABLED;
}

must_check enum err acpi_madt_cpus(const void *bytes, size_t size,
				   uint32_t *ids, uint32_t max, uint32_t *count)
{
	const struct acpi_header *h = table_at(bytes, size);
	struct cursor c;
	uint32_t found = 0;

	if (!h || memcmp(h->signature, "APIC", 4) != 0)
		return ERR_FORMAT;
	c = cursor_make(bytes, h->length);
	cursor_skip(&c, sizeof(struct acpi_madt));
	while (cursor_left(&c)) {
		uint8_t type = cursor_u8(&c), length = cursor_u8(&c);
		struct cursor body;
		const void *at;
		uint32_t id;

		at = length < 2 ? NULL : cursor_take(&c, length - 2u);
		if (!at)
			return ERR_FORMAT;
		body = cursor_make(at, length - 2u);
		if (record_cpu(&body, type, &id)) {
			enum err e = cpu_add(id, ids, max, &found);

			if (e != OK)
				return e;
		}
		if (body.failed)
			return ERR_FORMAT;
	}
	if (c.failed || !found)
		return ERR_FORMAT;
	if (ids_settle(ids, found) != OK)
		return ERR_FORMAT;
	*count = found;
	return OK;
}

must_check enum err acpi_rsdp_parse(const void *bytes, size_t size,
				    struct acpi_root *out)
{
	struct acpi_rsdp r = { 0 };

	if (size < ACPI_RSDP_V1_SIZE)
		return ERR_FORMAT;
	memcpy(&r, bytes, size < sizeof(r) ? size : sizeof(r));
	if (memcmp(r.signature, "RSD PTR ", 8) != 0 ||
	    bytes_sum(bytes, ACPI_RSDP_V1_SIZE) != 0)
		return ERR_FORMAT;
	*out = (struct acpi_root){ { r.rsdt }, false, ACPI_RSDP_V1_SIZE };
	if (r.revision < 2)
		return OK;
	if (size < sizeof(r) || r.length != sizeof(r) ||
	    bytes_sum(bytes, sizeof(r)) != 0)
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
		*sum = (uint8_t)(*sum + bytes_sum(part, n));
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

must_check enum err acpi_tables_check(struct guest_range where,
				      struct acpi_root root)
{
	uint32_t width = root.wide ? 8 : 4;
	struct acpi_header h;
	uint32_t count;

	if (table_check(where, root.table.v, &h) != OK ||
	    memcmp(h.signature, root.wide ? "XSDT" : "RSDT", 4) != 0)
		return ERR_FORMAT;
	count = (h.length - (uint32_t)sizeof(h)) / width;
	if (count > ROOT_MAX)
		return ERR_FORMAT;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t at = root.table.v - where.r.start.v + sizeof(h) +
			      (uint64_t)i * width;
		uint64_t gpa = 0;

		if (guest_read(where, at, &gpa, width) != OK ||
		    named_check(where, gpa) != OK)
			return ERR_FORMAT;
	}
	return OK;
}
