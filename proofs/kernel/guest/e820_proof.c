/* SPDX-License-Identifier: MIT */
/* proof: a range that is added to an ascending E820 table leaves it ascending,
 *   tells its own bytes as what they are and all others as before, and never
 *   writes beyond the table's room
 * sources: kernel/guest/e820.c
 * bound: one range behind the last entry of any table, so any number of ranges;
 *   room for 2, within 2^20 bytes; the walk over map and cuts is not in it
 * flags: -DBOUND=2 -Iproofs/fake/e820 --unwind 6
 * seconds: 30
 * mutation: kernel/guest/e820.c@entry_add: last->type == type && =>
 * mutation: kernel/guest/e820.c@entry_add: last->addr + last->size ==
 *   range.start.v => true
 * mutation: kernel/guest/e820.c@entry_add: bp->e820_entries == LINUX_E820_MAX
 *   => bp->e820_entries > LINUX_E820_MAX
 * mutation: kernel/guest/e820.c@entry_add: if (!range.size) return OK; =>
 */
#include "proofs/fake/e820/abi/linux/boot.h"
/* First: the source includes the plain one. */
#include "kernel/guest/e820.c"

#include "proofs/fake/proof.h"

#define SPACE (1u << 20)

static struct linux_boot_params table;
static uint64_t byte, end; /* any byte; where the table ends */
static uint32_t told;	   /* as what: 0 is nothing */

static bool in(uint64_t start, uint64_t size)
{
	return byte >= start && byte - start < size;
}

static bool sound(void)
{
	bool good = table.e820_entries <= BOUND;

	end = 0;
	told = 0;
	for (unsigned int i = 0; i < BOUND; i++) {
		struct linux_e820 e = table.e820_table[i];

		if (i >= table.e820_entries)
			break;
		good = good && e.size && e.addr >= end && e.addr <= SPACE &&
		       e.size <= 2 * SPACE - e.addr && e.type;
		if (in(e.addr, e.size))
			told = e.type;
		end = e.addr + e.size;
	}
	return good;
}

int main(void)
{
	struct pa_range range = { { nondet_u32() }, nondet_u32() };
	uint32_t type = nondet_u32(), before;
	bool good;
	enum err e;

	ANY(table);
	byte = nondet_u32();
	__CPROVER_assume(sound());
	before = told;
	/* memmap.h and cuts.h: ranges ascend. */
	GIVEN(type && range.start.v >= end && range.start.v <= SPACE &&
	      range.size <= SPACE);
	e = entry_add(&table, range, type);
	good = sound();
	PROVE(good);
	if (e == OK && in(range.start.v, range.size))
		before = type;
	PROVE(told == before);
	SEEN(e == OK && table.e820_entries == BOUND);
	SEEN(e != OK);
	return 0;
}
