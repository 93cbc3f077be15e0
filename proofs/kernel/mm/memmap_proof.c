/* SPDX-License-Identifier: MIT */
/* proof: of any map that was taken: entries ascend and do not overlap, our region
 *   is all RAM, and no memory that the guest may ask for is ours or no RAM
 * sources: kernel/mm/memmap.c proofs/fake/fmt.c
 * bound: 2 entries of the host's, no firmware, any numbers
 * flags: -DBOUND=2 --unwind 4
 * seconds: 60
 * long: -DBOUND=3 --unwind 5
 * mutation: kernel/mm/memmap.c@entry_range: n > limit / PAGE_4K - first => n > limit / PAGE_4K
 * mutation: kernel/mm/memmap.c@spans_make: e->range.start.v, svsm.start.v =>
 *   e->range.start.v, svsm.start.v + PAGE_4K
 * mutation: kernel/mm/memmap.c@carve: e = ram_check(svsm, "the SVSM's memory") =>
 * mutation: kernel/mm/memmap.c@memmap_guest: size <= s->end - start => start + size <= s->end
 */
#include "kernel/mm/memmap.c"

#include "proofs/fake/proof.h"

static struct igvm_memory_map_entry list[BOUND];
static struct params params;

static bool ram(uint64_t at)
{
	for (unsigned int i = 0; i < map_count; i++)
		if (at >= map[i].range.start.v &&
		    at < pa_range_end(map[i].range))
			return map[i].type == IGVM_MEMORY_MAP_MEMORY;
	return false;
}

static bool ours(uint64_t at)
{
	return at >= svsm.start.v && at < pa_range_end(svsm);
}

/* One address stands for all. */
static void asked(uint64_t limit)
{
	uint64_t start = nondet_u64(), size = nondet_u64(), at = nondet_u64();

	if (!memmap_guest(start, size))
		return;
	PROVE(size && start < limit && size <= limit - start);
	if (at >= start && at - start < size)
		PROVE(ram(at) && !ours(at));
	SEEN(start > svsm.start.v);
}

int main(void)
{
	uint64_t at = nondet_u64();
	struct memmap_host host = { list, BOUND, 1ull << 47, nondet_u32() };

	ANY(list);
	ANY(params);
	params.firmware.flash.size = 0;
	params.range_count = 0;
	if (memmap_init(&params, &host) != OK)
		return 0;
	PROVE(map_count && map_count <= BOUND);
	for (unsigned int i = 1; i < map_count; i++)
		PROVE(map[i].range.start.v >= pa_range_end(map[i - 1].range));
	PROVE(svsm.size && svsm.size <= params.svsm_max_size);
	PROVE(!ours(at) || ram(at));
	asked(host.limit);
	return 0;
}
