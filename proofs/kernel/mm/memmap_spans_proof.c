/* SPDX-License-Identifier: MIT */
/* proof: spans of guest memory hold exactly the bytes of RAM and adopted
 *   entries that are not our own, each byte in one span and each 2 MiB region
 *   under its own number
 * sources: kernel/mm/memmap.c proofs/fake/fmt.c
 * bound: 2 entries of any place, size and type within 4 pages of 2 MiB; our
 *   region in one of them
 * flags: -DBOUND=4 --unwind 4 --max-field-sensitivity-array-size 80
 * seconds: 60
 * mutation: kernel/mm/memmap.c@spans_make: span_add(e, e->range.start.v,
 *   svsm.start.v); => span_add(e, e->range.start.v, pa_range_end(svsm));
 * mutation: kernel/mm/memmap.c@spans_make: if (!is_guest(e)) continue; =>
 * mutation: kernel/mm/memmap.c@span_add: e->chunk - => e->chunk +
 * mutation: kernel/mm/memmap.c@memmap_guest: size <= s->end - start => true
 */
#include "kernel/mm/memmap.c"

#include "proofs/fake/proof.h"

#define ENTRIES 2u
#define WORLD	(BOUND * PAGE_2M)

/* As list_read leaves them: ascending, disjoint, and as carve found our own
 * region: in one entry of RAM. */
static void map_any(void)
{
	map_count = ENTRIES;
	svsm = (struct pa_range){ { any_upto(WORLD) }, any_upto(WORLD) };
	for (unsigned int i = 0; i < ENTRIES; i++) {
		map[i].range.start.v = any_upto(WORLD);
		map[i].range.size = any_upto(WORLD);
		map[i].type = nondet_u32();
		GIVEN(map[i].range.size);
		GIVEN(!i ||
		      pa_range_end(map[i - 1].range) <= map[i].range.start.v);
	}
	GIVEN(svsm.size);
	GIVEN(is_ram(&map[1]) && pa_range_has(map[1].range, svsm));
	chunks_number();
}

static const struct memmap_entry *entry_of(uint64_t byte)
{
	for (unsigned int i = 0; i < ENTRIES; i++)
		if (byte - map[i].range.start.v < map[i].range.size)
			return &map[i];
	return NULL;
}

int main(void)
{
	uint64_t byte = any_upto(2 * WORLD), size = nondet_u64();
	const struct memmap_entry *e;
	const struct memmap_span *s;
	bool ours, guest;

	map_any();
	spans_make();
	PROVE(span_count <= MEMMAP_MAX + 1);
	ours = byte - svsm.start.v < svsm.size;
	e = entry_of(byte);
	guest = e && is_guest(e) && !ours;
	PROVE((memmap_guest(byte, 1) != NULL) == guest);
	s = memmap_guest(byte, size);
	if (!s)
		return 0;
	PROVE(guest && size && byte + size > byte);
	PROVE(byte + size <= pa_range_end(e->range));
	PROVE(byte > svsm.start.v || byte + size <= svsm.start.v);
	PROVE(memmap_chunk(s, byte) ==
	      e->chunk + (uint32_t)((byte >> PAGE_SHIFT_2M) -
				    (e->range.start.v >> PAGE_SHIFT_2M)));
	PROVE(memmap_chunk(s, byte) < chunks);
	SEEN(e == &map[1] && byte > svsm.start.v);
	SEEN(e == &map[0] && e->type == TYPE_ADOPTED);
	return 0;
}
