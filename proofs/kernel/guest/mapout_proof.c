/* SPDX-License-Identifier: MIT */
/* proof: no byte of ours is ever told as RAM, and every byte that is told is
 *   told once and as what it is; nothing is written past the caller's room
 * sources: kernel/guest/mapout.c proofs/kernel/guest/map.c
 * bound: 2 entries of any place, size and type within 16 pages, room for up to 5
 * flags: -DBOUND=16 --unwind 6
 * mutation: kernel/guest/mapout.c@put_ram: !pa_range_has(ram, ours) =>
 *   pa_range_has(ours, ram)
 * mutation: kernel/guest/mapout.c@put_ram: pa_range_end(ours),
 *   pa_range_end(ram) => ours.start.v, pa_range_end(ram)
 * mutation: kernel/guest/mapout.c@put_all: type = IGVM_MEMORY_MAP_PLATFORM_RESERVED;
 *   => type = IGVM_MEMORY_MAP_MEMORY;
 * mutation: kernel/guest/mapout.c@mapout_write: n >= capacity => n > capacity
 */
#include "kernel/guest/mapout.h"

#include "proofs/fake/proof.h"
#include "proofs/kernel/guest/map.h"

#define ROOM 5u

static struct igvm_memory_map_entry out[ROOM];

/* lib/str.h's: of these entries alone here. */
void *memset(void *to, int byte, size_t size)
{
	__CPROVER_assert(to == out && !byte, "the caller's entries");
	for (size_t i = 0; i < ROOM; i++)
		if (i < size / sizeof(*out))
			out[i] = (struct igvm_memory_map_entry){ 0 };
	return to;
}

static bool holds(const struct igvm_memory_map_entry *e, uint64_t byte)
{
	return byte / PAGE_4K - e->starting_gpa_page_number <
	       e->number_of_pages;
}

int main(void)
{
	size_t capacity = any_upto(ROOM), count = 0, told = 0;
	enum mapout what = nondet_bool();
	const struct memmap_entry *in;
	uint64_t byte = any_upto(BOUND * PAGE_4K);
	uint32_t type = 0;
	bool ours;

	map_any();
	ANY(out);
	if (mapout_write(what, out, capacity, &count) != OK)
		return 0;
	PROVE(count < capacity && !out[count].number_of_pages);
	in = map_entry(byte);
	ours = byte - map_ours.start.v < map_ours.size;
	for (size_t i = 0; i < count; i++) {
		PROVE(out[i].number_of_pages);
		if (!holds(&out[i], byte))
			continue;
		told++;
		type = out[i].type;
	}
	PROVE(told <= 1 && (!told || in));
	PROVE(!told || !ours || type == IGVM_MEMORY_MAP_PLATFORM_RESERVED);
	PROVE(!told || type != IGVM_MEMORY_MAP_MEMORY ||
	      in->type == IGVM_MEMORY_MAP_MEMORY);
	if (in && in->type == IGVM_MEMORY_MAP_MEMORY && !ours)
		PROVE(told && type == IGVM_MEMORY_MAP_MEMORY);
	PROVE(what == MAPOUT_RAM || !in || told);
	SEEN(count == 4 && ours && told);
	return 0;
}
