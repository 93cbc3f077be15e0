/* SPDX-License-Identifier: MIT */
/* Builds the guest's E820 table. */
#include "kernel/guest/e820.h"

static enum err entry_add(struct linux_boot_params *bp, struct pa_range range,
			  uint32_t type)
{
	struct linux_e820 *last;

	if (!range.size)
		return OK;
	last = bp->e820_entries ? &bp->e820_table[bp->e820_entries - 1] : NULL;
	if (last && last->type == type &&
	    last->addr + last->size == range.start.v) {
		last->size += range.size;
		return OK;
	}
	if (bp->e820_entries == LINUX_E820_MAX)
		return ERR_RANGE;
	bp->e820_table[bp->e820_entries++] =
		(struct linux_e820){ range.start.v, range.size, type };
	return OK;
}

static enum err ram_add(struct linux_boot_params *bp, const struct cuts *cuts,
			struct pa_range ram)
{
	uint64_t at = ram.start.v;
	struct cut piece;

	while (cuts_next(cuts, ram, &at, &piece)) {
		uint32_t type = piece.kind == CUT_NONE ? LINUX_E820_RAM
						       : piece.kind;
		enum err e;

		if (type == E820_HOLE)
			continue;
		e = entry_add(bp, piece.range, type);
		if (e != OK)
			return e;
	}
	return OK;
}

must_check enum err e820_build(const struct cuts *cuts, struct pa_range tables,
			       struct linux_boot_params *bp)
{
	bp->e820_entries = 0;
	for (unsigned int i = 0; i < memmap_count(); i++) {
		const struct memmap_entry *m = memmap_get(i);
		enum err e;

		if (m->range.start.v == tables.start.v && tables.size)
			e = entry_add(bp, m->range, LINUX_E820_ACPI);
		else if (m->type == IGVM_MEMORY_MAP_MEMORY)
			e = ram_add(bp, cuts, m->range);
		else
			e = entry_add(bp, m->range, LINUX_E820_RESERVED);
		if (e != OK)
			return e;
	}
	return OK;
}
