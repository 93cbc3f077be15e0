/* SPDX-License-Identifier: MIT */
/* Made whole in memory of ours, then copied to the guest page by page. */
#include "kernel/guest/xsdt.h"

#include "kernel/base/panic.h"
#include "kernel/dev/acpi.h"
#include "kernel/guest/topology.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/tmpmap.h"
#include "lib/acpi.h"

#define REVISION    1u
#define ENTRIES_MAX (ACPI_ROOT_MAX + TOPOLOGY_TABLES)

/* The table in the making, in the first bytes of the area. */
struct root {
	struct acpi_header *head;
	uint32_t count;
};

static size_t root_size(uint32_t count)
{
	return sizeof(struct acpi_header) + count * sizeof(uint64_t);
}

static void root_add(struct root *root, uint64_t gpa)
{
	memcpy((uint8_t *)root->head + root_size(root->count++), &gpa,
	       sizeof(gpa));
}

static bool is_ours(const char *signature)
{
	return !memcmp(signature, "APIC", 4) || !memcmp(signature, "SRAT", 4) ||
	       !memcmp(signature, "SLIT", 4);
}

/* What the host's root names, less the kinds that we make ourselves. The
 * tables were checked: a read that fails now is our own mistake. */
static void host_entries(const struct tables *tables, struct root *root)
{
	struct guest_range where;
	struct acpi_root from;
	struct acpi_header h;
	uint32_t count;
	uint64_t gpa;

	if (acpi_rsdp_parse(&tables->rsdp, sizeof(tables->rsdp), &from) != OK ||
	    guest_range_check(tables->where.start.v, tables->where.size,
			      &where) != OK ||
	    acpi_root_count(where, from, &count) != OK)
		panic("the ACPI tables changed after their check");
	for (uint32_t i = 0; i < count; i++) {
		if (acpi_root_get(where, from, i, &gpa) != OK ||
		    guest_read(where, gpa - where.r.start.v, &h, sizeof(h)) !=
			    OK)
			panic("an ACPI table moved after its check");
		if (!is_ours(h.signature))
			root_add(root, gpa);
	}
}

static void root_finish(struct root *root)
{
	*root->head = (struct acpi_header){
		.signature = { 'X', 'S', 'D', 'T' },
		.length = (uint32_t)root_size(root->count),
		.revision = REVISION,
		.oem_id = { 'C', 'O', 'I', 'R', ' ', ' ' },
		.oem_table_id = { 'C', 'O', 'I', 'R', ' ', ' ', ' ', ' ' },
		.oem_revision = REVISION,
		.creator_revision = REVISION,
	};
	acpi_seal(root->head);
}

static void rsdp_fill(struct tables *tables, uint64_t xsdt)
{
	struct acpi_rsdp *r = &tables->rsdp;

	*r = (struct acpi_rsdp){
		.signature = { 'R', 'S', 'D', ' ', 'P', 'T', 'R', ' ' },
		.oem_id = { 'C', 'O', 'I', 'R', ' ', ' ' },
		.revision = 2,
		.length = sizeof(*r),
		.xsdt = xsdt,
	};
	r->checksum = (uint8_t)-acpi_sum(r, ACPI_RSDP_V1_SIZE);
	r->ext_checksum = (uint8_t)-acpi_sum(r, sizeof(*r));
	tables->rsdp_size = sizeof(*r);
}

static void guest_fill(struct params_range to, const uint8_t *from)
{
	for (uint64_t at = 0; at < to.size; at += PAGE_4K) {
		struct tmpmap map =
			tmpmap_4k((struct pa){ to.start + at }, KMAP_WRITE);

		memcpy(map.va, from + at, PAGE_4K);
		tmpmap_drop(map);
	}
}

/* False: there is nothing of ours to hand out. */
static bool area_fill(struct params_range area, const struct tables *tables,
		      uint8_t *bytes)
{
	struct cursor_out out = cursor_out_make(bytes, area.size);
	struct root root = { cursor_out_take(&out, root_size(ENTRIES_MAX)), 0 };
	size_t offsets[TOPOLOGY_TABLES];
	unsigned int count;
	enum err e = root.head ? topology_write(&out, offsets, &count)
			       : ERR_RANGE;

	if (e == ERR_RANGE)
		panic("the image has too little room for ACPI tables: 0x%llx",
		      (unsigned long long)area.size);
	if (e != OK)
		return false;
	if (tables->rsdp_size)
		host_entries(tables, &root);
	for (unsigned int i = 0; i < count; i++)
		root_add(&root, area.start + offsets[i]);
	root_finish(&root);
	return true;
}

void xsdt_make(const struct params *params, struct tables *tables)
{
	struct params_range area = params->guest.acpi;
	void *bytes;

	if (!area.size || (tables->where.size && !tables->rsdp_size))
		return;
	if (!addr_aligned(area.start | area.size, PAGE_4K))
		panic("the place for ACPI tables is no whole page");
	if (heap_pages(area.size, &bytes) != OK)
		panic_memory("a copy of the ACPI tables");
	if (!area_fill(area, tables, bytes))
		return;
	guest_fill(area, bytes);
	rsdp_fill(tables, area.start);
}
