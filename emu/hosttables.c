/* SPDX-License-Identifier: MIT */
/* Copies with a length and a sum of their own. */
#include "emu/hosttables.h"

#include "lib/acpi.h"
#include "lib/addr.h"

/* Head first, then the records, then the length and sum of what became. */
static struct acpi_header *copy_begin(const struct acpi_header *from,
				      size_t head, struct cursor_out *out)
{
	struct acpi_header *to = cursor_out_take(out, head);

	if (to && from->length >= head)
		memcpy(to, from, head);
	else
		out->failed = true;
	return to;
}

static enum err copy_end(struct acpi_header *to, const struct cursor_out *out)
{
	if (!to || out->failed)
		return ERR_RANGE;
	to->length = (uint32_t)(out->at - (uint8_t *)to);
	acpi_seal(to);
	return OK;
}

/* Processors that do not run are not there; all else stays. */
static bool runs(const struct acpi_record *r, unsigned int cpus)
{
	struct madt_lapic small;
	struct madt_x2apic big;

	if (r->type == MADT_LAPIC && r->length >= sizeof(small)) {
		memcpy(&small, r->bytes, sizeof(small));
		return small.flags & MADT_ENABLED && small.apic_id < cpus;
	}
	if (r->type == MADT_X2APIC && r->length >= sizeof(big)) {
		memcpy(&big, r->bytes, sizeof(big));
		return big.flags & MADT_ENABLED && big.apic_id < cpus;
	}
	return true;
}

enum err hosttables_madt(const struct acpi_header *madt, unsigned int cpus,
			 struct cursor_out *out)
{
	struct acpi_header *to =
		copy_begin(madt, sizeof(struct acpi_madt), out);
	struct acpi_records it = acpi_records(madt, sizeof(struct acpi_madt));
	struct acpi_record r;

	while (acpi_record_next(&it, &r))
		if (runs(&r, cpus))
			cursor_out_bytes(out, r.bytes, r.length);
	return copy_end(to, out);
}

static void memory_copy(struct srat_memory m, const struct memmap *map,
			struct cursor_out *out)
{
	uint64_t start = m.base, end = m.base + m.size;

	for (unsigned int i = 0; i < map->count; i++) {
		uint64_t from = map->e[i].starting_gpa_page_number * PAGE_4K;
		uint64_t to = from + map->e[i].number_of_pages * PAGE_4K;

		from = from > start ? from : start;
		to = to < end ? to : end;
		if (map->e[i].type != IGVM_MEMORY_MAP_MEMORY || from >= to)
			continue;
		m.base = from;
		m.size = to - from;
		cursor_out_bytes(out, &m, sizeof(m));
	}
}

enum err hosttables_srat(const struct acpi_header *srat,
			 const struct memmap *map, struct cursor_out *out)
{
	struct acpi_header *to =
		copy_begin(srat, sizeof(struct acpi_srat), out);
	struct acpi_records it = acpi_records(srat, sizeof(struct acpi_srat));
	struct srat_memory m;
	struct acpi_record r;

	while (acpi_record_next(&it, &r)) {
		if (r.type != SRAT_MEMORY || r.length != sizeof(m)) {
			cursor_out_bytes(out, r.bytes, r.length);
			continue;
		}
		memcpy(&m, r.bytes, sizeof(m));
		if (m.flags & SRAT_ENABLED)
			memory_copy(m, map, out);
	}
	return copy_end(to, out);
}
