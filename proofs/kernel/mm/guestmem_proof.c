/* SPDX-License-Identifier: MIT */
/* proof: a checked range is guest memory of one span: it never wraps, leaves
 *   the span or gets another region's number; a part stays within its range
 * sources: kernel/mm/guestmem.c
 * bound: any numbers that are asked for, any span within 16 MiB
 * flags: -Iproofs/fake/record --unwind 2
 * mutation: kernel/mm/guestmem.c@guest_range_part: size > from.r.size - off =>
 *   off + size > from.r.size
 * mutation: kernel/mm/memmap.h@memmap_guest_near: size <= s->end - start =>
 *   start + size <= s->end
 * mutation: kernel/mm/guestmem.c@guest_range_check: size ? => true ?
 */
#include "kernel/mm/guestmem.h"

#include "kernel/mm/memmap.h"
#include "kernel/mm/tmpmap.h"
#include "proofs/fake/proof.h"
#include "proofs/fake/record/kernel/mm/pvalid.h"

struct proof_record proof_record;
struct memmap_span memmap_spans[MEMMAP_MAX + 1];
void *proof_gs;
static struct percpu cpu;

/* kernel/mm/memmap_spans_proof.c: what a span is. */
const struct memmap_span *memmap_guest(uint64_t start, uint64_t size)
{
	(void)start;
	(void)size;
	return NULL;
}

/* Nothing is copied here. */
struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)pa;
	(void)use;
	__CPROVER_assert(false, "no window");
	return (struct tmpmap){ NULL, PAGE_SIZE_4K };
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
}

bool guest_copy(void *to, const void *from, uint64_t size)
{
	(void)to;
	(void)from;
	(void)size;
	return false;
}

int main(void)
{
	uint64_t start = nondet_u64(), size = nondet_u64();
	const struct memmap_span *s = memmap_spans;
	struct guest_range r, part;

	memmap_spans[0] = (struct memmap_span){ nondet_u64(), nondet_u64(),
						nondet_u32() };
	proof_gs = &cpu;
	GIVEN(s->start < s->end && s->end <= 8 * PAGE_2M);
	if (guest_range_check(start, size, &r) != OK)
		return 0;
	PROVE(r.r.start.v == start && r.r.size == size && size);
	PROVE(start >= s->start && start + size > start &&
	      start + size <= s->end);
	PROVE(r.chunk == memmap_chunk(s, start));
	if (guest_range_part(r, nondet_u64(), nondet_u64(), &part) != OK)
		return 0;
	PROVE(part.r.size && pa_range_has(r.r, part.r));
	PROVE(pa_range_end(part.r) > part.r.start.v);
	PROVE(part.chunk == memmap_chunk(s, part.r.start.v));
	SEEN(part.chunk != r.chunk);
	return 0;
}
