/* SPDX-License-Identifier: MIT */
/* Takes the host's ACPI tables over into the guest's private memory. */
#include "kernel/guest/tables.h"

#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/dev/acpi.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "lib/str.h"

/* Firmware puts it in the upper half: look there first. */
#define BIOS_HIGH  0xf0000ull
#define BIOS_LOW   0xe0000ull
#define BIOS_END   0x100000ull
#define RSDP_ALIGN 16u
#define TABLES_MAX (1ull << 20)

static bool rsdp_at(const char *at, struct tables *tables)
{
	struct acpi_root root;
	uint64_t signature = *(const volatile uint64_t *)at;

	if (memcmp(&signature, "RSD PTR ", sizeof(signature)) != 0)
		return false;
	/* Once: what is checked below is our copy. */
	memcpy(&tables->rsdp, at, sizeof(tables->rsdp));
	return acpi_rsdp_parse(&tables->rsdp, sizeof(tables->rsdp), &root) ==
	       OK;
}

static bool rsdp_scan(uint64_t start, uint64_t end, struct tables *tables)
{
	for (uint64_t page = start; page < end; page += PAGE_4K) {
		struct tmpmap map = tmpmap_4k((struct pa){ page }, KMAP_SHARED);
		const char *bytes = map.va;
		bool found = false;

		/* An RSDP that crosses a page is not looked for. */
		for (uint64_t off = 0;
		     !found && off <= PAGE_4K - sizeof(struct acpi_rsdp);
		     off += RSDP_ALIGN)
			found = rsdp_at(bytes + off, tables);
		tmpmap_drop(map);
		if (found)
			return true;
	}
	return false;
}

void tables_find(struct tables *tables)
{
	struct acpi_root root;
	struct pa_range table;

	*tables = (struct tables){ 0 };
	if (!rsdp_scan(BIOS_HIGH, BIOS_END, tables) &&
	    !rsdp_scan(BIOS_LOW, BIOS_HIGH, tables))
		return;
	if (acpi_rsdp_parse(&tables->rsdp, sizeof(tables->rsdp), &root) != OK ||
	    pa_range_make(root.table.v, sizeof(struct acpi_header), &table) !=
		    OK)
		return;
	if (memmap_adopt(table, TABLES_MAX, &tables->where) != OK) {
		tables->where.size = 0;
		return;
	}
	tables->rsdp_size = root.rsdp_size;
}

/* One page: out of the host's hands, into the guest's, contents kept. */
static void page_take_over(struct pa page, void *copy)
{
	struct tmpmap map = tmpmap_4k(page, KMAP_SHARED);
	enum page_result r = PAGE_NOT_GUEST;
	struct guest_range where;

	memcpy(copy, map.va, PAGE_4K);
	tmpmap_drop(map);
	if (platform->page_state((struct pa_range){ page, PAGE_4K },
				 PAGE_PRIVATE) == OK &&
	    guestpage_check(page.v, PAGE_SIZE_4K, &where) == OK)
		r = guestpage_adopt(where, PAGE_SIZE_4K);
	if (r == PAGE_NO_MEMORY)
		panic_memory("the record of ACPI page 0x%llx",
			     (unsigned long long)page.v);
	if (r != PAGE_OK)
		panic("cannot take over ACPI page 0x%llx",
		      (unsigned long long)page.v);
	map = tmpmap_4k(page, KMAP_WRITE);
	memcpy(map.va, copy, PAGE_4K);
	tmpmap_drop(map);
}

static void range_take_over(struct pa_range range)
{
	struct tmpmap copy;
	struct pa page;

	if (page_take(&page) != OK)
		panic_memory("a copy of the ACPI tables");
	copy = tmpmap_4k(page, KMAP_WRITE);
	for (uint64_t off = 0; off < range.size; off += PAGE_4K)
		page_take_over(pa_add(range.start, off), copy.va);
	tmpmap_drop(copy);
	page_give(page);
}

/* Checked where the guest will find them: the host cannot change a table
 * any more. */
void tables_adopt(struct tables *tables)
{
	struct guest_range where;
	struct acpi_root root;

	if (!tables->where.size)
		return;
	range_take_over(tables->where);
	if (acpi_rsdp_parse(&tables->rsdp, sizeof(tables->rsdp), &root) == OK &&
	    guest_range_check(tables->where.start.v, tables->where.size,
			      &where) == OK &&
	    acpi_tables_check(where, root) == OK)
		return;
	log_line("ACPI tables are malformed; the guest gets none");
	tables->rsdp_size = 0;
}
