/* SPDX-License-Identifier: MIT */
/* One change to a true table for each kind, and a true checksum after it. */
#include "emu/acpilie.h"

#include "emu/machine.h"
#include "lib/acpi.h"
#include "lib/str.h"

#define OURS	  0x8000000ull /* an SVSM is there */
#define FAR	  (1ull << 40)
#define OTHER_ID  200u
#define MADT_HEAD sizeof(struct acpi_madt)
#define SRAT_HEAD sizeof(struct acpi_srat)

static const char *const names[ACPILIE_KINDS] = {
	[ACPILIE_MADT_SIGNATURE] = "madt-signature",
	[ACPILIE_MADT_SUM] = "madt-sum",
	[ACPILIE_MADT_LENGTH] = "madt-length",
	[ACPILIE_MADT_STUCK] = "madt-stuck",
	[ACPILIE_MADT_CUT] = "madt-cut",
	[ACPILIE_MADT_SHORT] = "madt-short",
	[ACPILIE_MADT_NONE] = "madt-none",
	[ACPILIE_MADT_OTHER] = "madt-other",
	[ACPILIE_MADT_TWICE] = "madt-twice",
	[ACPILIE_MADT_MANY] = "madt-many",
	[ACPILIE_MADT_CROWD] = "madt-crowd",
	[ACPILIE_MADT_TWIN] = "madt-twin",
	[ACPILIE_MADT_EMPTY] = "madt-empty",
	[ACPILIE_MADT_LAPIC] = "madt-lapic",
	[ACPILIE_MADT_IOAPIC] = "madt-ioapic",
	[ACPILIE_SRAT_SUM] = "srat-sum",
	[ACPILIE_SRAT_STUCK] = "srat-stuck",
	[ACPILIE_SRAT_NODE] = "srat-node",
	[ACPILIE_SRAT_TWICE] = "srat-twice",
	[ACPILIE_SRAT_LOST] = "srat-lost",
	[ACPILIE_SRAT_OVERLAP] = "srat-overlap",
	[ACPILIE_SRAT_HOLE] = "srat-hole",
	[ACPILIE_SRAT_FAR] = "srat-far",
	[ACPILIE_SRAT_WRAP] = "srat-wrap",
	[ACPILIE_SRAT_ALIAS] = "srat-alias",
	[ACPILIE_SRAT_NVDIMM] = "srat-nvdimm",
	[ACPILIE_SRAT_NOT] = "srat-not",
	[ACPILIE_SLIT_SUM] = "slit-sum",
	[ACPILIE_SLIT_MANY] = "slit-many",
	[ACPILIE_SLIT_NEAR] = "slit-near",
	[ACPILIE_SLIT_LOCAL] = "slit-local",
};

enum err acpilie_named(const char *word, size_t size, enum acpilie_kind *kind)
{
	for (unsigned int i = ACPILIE_NONE + 1; i < ACPILIE_KINDS; i++) {
		if (strlen(names[i]) != size ||
		    memcmp(names[i], word, size) != 0)
			continue;
		*kind = (enum acpilie_kind)i;
		return OK;
	}
	return ERR_ABSENT;
}

/* The n-th record of a type (from 0), or the last one before; NULL: none. */
static void *record(struct acpi_header *h, size_t head, uint8_t type,
		    unsigned int n)
{
	struct acpi_records it = acpi_records(h, head);
	const uint8_t *found = NULL;
	struct acpi_record r;

	while (acpi_record_next(&it, &r)) {
		if (r.type != type)
			continue;
		found = r.bytes;
		if (!n--)
			break;
	}
	return (void *)found;
}

static void cpus_disable(struct acpi_header *h)
{
	struct acpi_records it = acpi_records(h, MADT_HEAD);
	struct acpi_record r;

	while (acpi_record_next(&it, &r))
		if (r.type == MADT_LAPIC)
			((struct madt_lapic *)r.bytes)->flags = 0;
}

/* Processors that are not there; as many of them as the area has room for. */
struct crowd {
	uint32_t count, enabled; /* the first ones */
	bool twin;		 /* the last is another one, and enabled */
};

static const struct crowd crowds[ACPILIE_KINDS] = {
	[ACPILIE_MADT_MANY] = { 400, 400, false },
	[ACPILIE_MADT_CROWD] = { 4096, 4096, false },
	[ACPILIE_MADT_TWIN] = { 4096, 1021, true },
	[ACPILIE_MADT_EMPTY] = { 4096, 0, false },
};

static void cpus_append(struct acpi_header *h, size_t room,
			const struct crowd *crowd)
{
	struct cursor_out out = cursor_out_make(h, room);

	out.at += h->length;
	for (uint32_t id = 1; id <= crowd->count; id++) {
		bool twin = crowd->twin && id == crowd->count;
		uint32_t as = twin ? crowd->enabled / 2 : id;
		struct madt_x2apic r = { .type = MADT_X2APIC,
					 .length = sizeof(r),
					 .apic_id = 1000 + as,
					 .flags = as <= crowd->enabled
							  ? MADT_ENABLED
							  : 0,
					 .uid = id };

		if (cursor_out_left(&out) < sizeof(r))
			break;
		cursor_out_bytes(&out, &r, sizeof(r));
	}
	h->length = (uint32_t)cursor_out_offset(&out);
}

static void madt_change(enum acpilie_kind kind, struct acpi_header *h,
			size_t room)
{
	struct madt_lapic *cpu = record(h, MADT_HEAD, MADT_LAPIC, 0);
	struct madt_lapic *next = record(h, MADT_HEAD, MADT_LAPIC, 1);
	struct madt_ioapic *io = record(h, MADT_HEAD, MADT_IOAPIC, 0);

	if (!cpu || !io)
		return;
	switch (kind) {
	case ACPILIE_MADT_SIGNATURE:
		h->signature[0] = 'B';
		break;
	case ACPILIE_MADT_LENGTH:
		h->length = (uint32_t)room + 1;
		break;
	case ACPILIE_MADT_STUCK:
		io->length = 0;
		break;
	case ACPILIE_MADT_CUT:
		h->length--;
		break;
	case ACPILIE_MADT_SHORT:
		cpu->length = 4;
		break;
	case ACPILIE_MADT_NONE:
		cpus_disable(h);
		break;
	case ACPILIE_MADT_OTHER:
		cpu->apic_id = OTHER_ID;
		break;
	case ACPILIE_MADT_TWICE:
		if (next)
			next->apic_id = cpu->apic_id;
		break;
	case ACPILIE_MADT_MANY:
	case ACPILIE_MADT_CROWD:
	case ACPILIE_MADT_TWIN:
	case ACPILIE_MADT_EMPTY:
		cpus_append(h, room, &crowds[kind]);
		break;
	case ACPILIE_MADT_LAPIC:
		((struct acpi_madt *)h)->lapic_address = OURS;
		break;
	case ACPILIE_MADT_IOAPIC:
		io->address = OURS + PAGE_4K;
		break;
	default:
		break;
	}
}

static void srat_change(enum acpilie_kind kind, struct acpi_header *h)
{
	struct srat_lapic *cpu = record(h, SRAT_HEAD, SRAT_LAPIC, 0);
	struct srat_lapic *next = record(h, SRAT_HEAD, SRAT_LAPIC, 1);
	struct srat_memory *first = record(h, SRAT_HEAD, SRAT_MEMORY, 0);
	struct srat_memory *last = record(h, SRAT_HEAD, SRAT_MEMORY, 99);

	if (!cpu || !first || !last)
		return;
	switch (kind) {
	case ACPILIE_SRAT_STUCK:
		cpu->length = 1;
		break;
	case ACPILIE_SRAT_NODE:
		cpu->domain_high[2] = 1;
		break;
	case ACPILIE_SRAT_TWICE:
		if (next)
			next->apic_id = cpu->apic_id;
		break;
	case ACPILIE_SRAT_LOST:
		cpu->flags = 0;
		break;
	case ACPILIE_SRAT_OVERLAP:
		last->base -= PAGE_2M;
		break;
	case ACPILIE_SRAT_HOLE:
		last->base += PAGE_2M;
		last->size -= PAGE_2M;
		break;
	case ACPILIE_SRAT_FAR:
		first->base = FAR;
		break;
	case ACPILIE_SRAT_WRAP:
		last->size = 0 - last->base + PAGE_2M;
		break;
	case ACPILIE_SRAT_ALIAS:
		last->base |= CBIT;
		break;
	case ACPILIE_SRAT_NVDIMM:
		last->flags |= SRAT_NON_VOLATILE;
		break;
	default:
		break;
	}
}

static void slit_change(enum acpilie_kind kind, struct acpi_header *h)
{
	struct acpi_slit *slit = (struct acpi_slit *)h;
	uint8_t *distance = (uint8_t *)(slit + 1);

	switch (kind) {
	case ACPILIE_SLIT_MANY:
		slit->localities = 1ull << 32;
		break;
	case ACPILIE_SLIT_NEAR:
		distance[1] = SLIT_LOCAL - 1;
		break;
	case ACPILIE_SLIT_LOCAL:
		distance[0] = SLIT_LOCAL + 1;
		break;
	default:
		break;
	}
}

void acpilie_tell(enum acpilie_kind kind, void *table, size_t room)
{
	struct acpi_header *h = table;
	bool madt = !memcmp(h->signature, "APIC", 4);
	bool srat = !memcmp(h->signature, "SRAT", 4);

	if (kind == ACPILIE_NONE)
		return;
	if (kind == ACPILIE_SRAT_NOT && srat) {
		memset(table, 0, h->length);
		return;
	}
	if (madt)
		madt_change(kind, h, room);
	else if (srat)
		srat_change(kind, h);
	else
		slit_change(kind, h);
	if (h->length <= room)
		acpi_seal(h);
	if ((kind == ACPILIE_MADT_SUM && madt) ||
	    (kind == ACPILIE_SRAT_SUM && srat) ||
	    (kind == ACPILIE_SLIT_SUM && !madt && !srat))
		h->checksum++;
}
