/* SPDX-License-Identifier: MIT */
/* Reads and copies the MADT. */
#include "kernel/dev/madt.h"

#include "abi/igvm.h"
#include "kernel/mm/memmap.h"
#include "lib/sort.h"

#define BROADCAST_ID 0xffffffffu
#define TYPES	     (MADT_WAKEUP + 1u)

/* Lengths by type; 0: not of interest, its own length is believed. */
static const uint8_t lengths[TYPES] = {
	[MADT_LAPIC] = sizeof(struct madt_lapic),
	[MADT_IOAPIC] = sizeof(struct madt_ioapic),
	[MADT_OVERRIDE] = 10,
	[MADT_NMI_SOURCE] = 8,
	[MADT_LAPIC_NMI] = 6,
	[MADT_LAPIC_ADDRESS] = 12,
	[MADT_X2APIC] = sizeof(struct madt_x2apic),
	[MADT_X2APIC_NMI] = 12,
	[MADT_WAKEUP] = 16,
};

static bool length_good(const struct acpi_record *r)
{
	return r->type >= TYPES || !lengths[r->type] ||
	       lengths[r->type] == r->length;
}

/* An enabled processor: its id. */
static bool record_cpu(const struct acpi_record *r, uint32_t *id)
{
	struct madt_lapic small;
	struct madt_x2apic big;

	if (r->type == MADT_LAPIC) {
		memcpy(&small, r->bytes, sizeof(small));
		*id = small.apic_id;
		return small.flags & MADT_ENABLED;
	}
	if (r->type == MADT_X2APIC) {
		memcpy(&big, r->bytes, sizeof(big));
		*id = big.apic_id;
		return big.flags & MADT_ENABLED;
	}
	return false;
}

/* Ids of the enabled ones, in the table's order. */
static enum err ids_collect(const struct acpi_header *h, uint32_t *ids,
			    uint32_t max, uint32_t *count,
			    struct acpi_words *why)
{
	struct acpi_records it = acpi_records(h, sizeof(struct acpi_madt));
	struct acpi_record r;
	uint32_t id;

	*count = 0;
	while (acpi_record_next(&it, &r)) {
		if (!length_good(&r))
			return acpi_refuse(why,
					   "a record of type %u is %u bytes "
					   "long",
					   r.type, r.length);
		if (!record_cpu(&r, &id))
			continue;
		if (id == BROADCAST_ID)
			return acpi_refuse(why, "a processor has the id of "
						"all");
		if (*count == max)
			return acpi_refuse(why,
					   "more CPUs than the image allows: "
					   "%u",
					   max);
		ids[(*count)++] = id;
	}
	if (acpi_records_broken(&it))
		return acpi_refuse(why, "a record does not fit into it");
	return *count ? OK : acpi_refuse(why, "it names no processor");
}

/* Most tables are in order; one that is not costs a sort, not a search for
 * each CPU. Equal ids are neighbours then. */
static bool ascending(const uint32_t *ids, uint32_t count, uint32_t *twice)
{
	for (uint32_t i = 1; i < count; i++) {
		*twice = ids[i];
		if (ids[i] <= ids[i - 1])
			return false;
	}
	return true;
}

enum err madt_cpus(const void *bytes, size_t size, uint32_t *ids, uint32_t max,
		   uint32_t *count, struct acpi_words *why)
{
	const char *fault = acpi_table_fault(bytes, size, "APIC");
	const struct acpi_header *h = bytes;
	uint32_t found, twice;
	enum err e;

	if (fault)
		return acpi_refuse(why, "%s", fault);
	if (h->length < sizeof(struct acpi_madt))
		return acpi_refuse(why, "it is shorter than its own head");
	e = ids_collect(h, ids, max, &found, why);
	if (e != OK)
		return e;
	if (!ascending(ids, found, &twice)) {
		sort_u32(ids, found);
		/* Twice the same id would make two per-CPU areas one CPU. */
		if (!ascending(ids, found, &twice))
			return acpi_refuse(why, "APIC id %u is there twice",
					   twice);
	}
	*count = found;
	return OK;
}

static bool in_memory(uint64_t address)
{
	struct pa_range page = { { addr_down(address, PAGE_4K) }, PAGE_4K };

	for (unsigned int i = 0; i < memmap_count(); i++) {
		const struct memmap_entry *m = memmap_get(i);

		if (m->type != IGVM_MEMORY_MAP_PLATFORM_RESERVED &&
		    pa_range_overlap(m->range, page))
			return true;
	}
	return false;
}

enum err madt_devices_check(const void *bytes, struct acpi_words *why)
{
	struct acpi_madt head;
	struct acpi_records it = acpi_records(bytes, sizeof(head));
	struct acpi_record r;
	struct madt_ioapic io;

	memcpy(&head, bytes, sizeof(head));
	if (in_memory(head.lapic_address))
		return acpi_refuse(why, "local APIC at 0x%x, in memory",
				   head.lapic_address);
	while (acpi_record_next(&it, &r)) {
		if (r.type != MADT_IOAPIC)
			continue;
		memcpy(&io, r.bytes, sizeof(io));
		if (in_memory(io.address))
			return acpi_refuse(why, "I/O APIC at 0x%x, in memory",
					   io.address);
	}
	return OK;
}

static bool wanted(const struct acpi_record *r)
{
	uint32_t id;

	switch (r->type) {
	case MADT_LAPIC:
	case MADT_X2APIC:
		return record_cpu(r, &id);
	case MADT_IOAPIC:
	case MADT_OVERRIDE:
	case MADT_NMI_SOURCE:
	case MADT_LAPIC_NMI:
	case MADT_X2APIC_NMI:
		return true;
	default:
		return false;
	}
}

bool madt_copy(const void *bytes, struct cursor_out *out)
{
	struct acpi_records it = acpi_records(bytes, sizeof(struct acpi_madt));
	size_t start = cursor_out_offset(out);
	struct acpi_madt *madt = cursor_out_take(out, sizeof(*madt));
	struct acpi_record r;

	if (!madt)
		return false;
	memcpy(madt, bytes, sizeof(*madt));
	while (acpi_record_next(&it, &r))
		if (wanted(&r))
			cursor_out_bytes(out, r.bytes, r.length);
	if (out->failed)
		return false;
	madt->header.length = (uint32_t)(cursor_out_offset(out) - start);
	acpi_seal(&madt->header);
	return true;
}
