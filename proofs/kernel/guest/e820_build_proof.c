/* SPDX-License-Identifier: MIT */
/* proof: the E820 table tells every page of the memory map as what it is: RAM, what
 *   a cut says, nothing where a cut is a hole, ACPI for the tables' range, and
 *   reserved else; no other page, none twice, in ascending order
 * sources: kernel/guest/e820.c kernel/guest/cuts.c proofs/kernel/guest/map.c
 * bound: a map of 2 entries and a cut of any kind, anywhere in 4 pages
 * flags: -DBOUND=4 -Iproofs/fake/e820 --unwind 5
 *   --unwindset cut_after.0:2,e820_build.0:3,map_any.0:3,map_entry.0:3
 * seconds: 60
 * mutation: kernel/guest/e820.c@ram_add: type == E820_HOLE => false
 * mutation: kernel/guest/e820.c@e820_build: && tables.size =>
 * mutation: kernel/guest/e820.c@e820_build: m->type == IGVM_MEMORY_MAP_MEMORY =>
 *   true
 */
#include "proofs/fake/e820/abi/linux/boot.h"
/* First: the source includes the plain one. */
#include "kernel/guest/e820.c"

#include "proofs/fake/proof.h"
#include "proofs/kernel/guest/map.h"

#define CUTS 1u

static struct linux_boot_params table;
static struct cuts cuts;
static struct pa_range tables;

/* As kernel/guest/cuts_add_proof.c leaves them. */
static void cuts_any(void)
{
	uint64_t at = 0;

	cuts.count = (unsigned int)any_upto(CUTS);
	for (unsigned int i = 0; i < CUTS; i++) {
		uint64_t first = at + any_upto(BOUND);
		uint64_t n = 1 + any_upto(BOUND);

		cuts.cut[i].range =
			(struct pa_range){ { first * PAGE_4K }, n * PAGE_4K };
		cuts.cut[i].kind = nondet_u32();
		/* cuts.h: not 0. */
		GIVEN(cuts.cut[i].kind != CUT_NONE);
		at = first + n;
	}
}

/* What the byte is to be told as; 0: not at all. */
static uint32_t wanted(uint64_t byte)
{
	const struct memmap_entry *m = map_entry(byte);

	if (!m)
		return 0;
	if (tables.size && m->range.start.v == tables.start.v)
		return LINUX_E820_ACPI;
	if (m->type != IGVM_MEMORY_MAP_MEMORY)
		return LINUX_E820_RESERVED;
	for (unsigned int i = 0; i < CUTS; i++)
		if (i < cuts.count &&
		    byte - cuts.cut[i].range.start.v < cuts.cut[i].range.size)
			return cuts.cut[i].kind == E820_HOLE ? 0
							     : cuts.cut[i].kind;
	return LINUX_E820_RAM;
}

int main(void)
{
	uint64_t byte = any_upto(BOUND) * PAGE_4K, end = 0;
	uint32_t told = 0;
	bool sound = true;

	ANY(table);
	map_any();
	cuts_any();
	tables = (struct pa_range){ { any_upto(BOUND) * PAGE_4K },
				    any_upto(BOUND) * PAGE_4K };
	if (e820_build(&cuts, tables, &table) != OK)
		return 0;
	PROVE(table.e820_entries <= BOUND);
	for (unsigned int i = 0; i < BOUND; i++) {
		struct linux_e820 e = table.e820_table[i];

		if (i >= table.e820_entries)
			break;
		sound &= e.size && e.addr >= end;
		end = e.addr + e.size;
		if (byte - e.addr < e.size)
			told = e.type;
	}
	PROVE(sound);
	PROVE(told == wanted(byte));
	SEEN(table.e820_entries == BOUND);
	return 0;
}
