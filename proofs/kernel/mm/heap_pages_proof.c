/* SPDX-License-Identifier: MIT */
/* proof: a table's pages lie side by side, are mapped, in the heap's addresses,
 *   and behind all that was handed out before; whatever fails, no page that was
 *   taken is lost and no address is used twice
 * sources: kernel/mm/heap.c proofs/fake/lock.c proofs/fake/panic.c
 * bound: one call for any number of bytes, in a heap of up to 4 pages of which
 *   any are used, so any number of calls
 * flags: -DBOUND=6 -Iproofs/fake/slab --unwind 6
 * seconds: 30
 * mutation: kernel/mm/heap.c@page_append: heap_next >= heap_end => heap_next >
 *   heap_end
 * mutation: kernel/mm/heap.c@page_append: page_give(pa); =>
 * mutation: kernel/mm/heap.c@heap_pages: if (!first) first = page; => first =
 *   page;
 * mutation: kernel/mm/heap.c@heap_pages: e == OK; => true;
 */
/* With the headers of proofs/fake/slab, by the proof's flags. */
#include "kernel/mm/heap.c"

#include "proofs/fake/lock.h"
#include "proofs/fake/panic.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/heap_below.h"

#define PAGES 4u

static _Alignas(PAGE_4K) char area[PAGES * PAGE_4K];
static size_t mapped, limit; /* bytes from its start */
int64_t proof_heap_count;

enum err kmap_page(void *va, struct pa pa, enum kmap_use kind)
{
	__CPROVER_assert(below.v && pa.v == below.v, "a page that was taken");
	__CPROVER_assert(kind == KMAP_WRITE && mapped < limit &&
				 (char *)va == area + mapped,
			 "the next address, never one that was used");
	if (nondet_bool())
		return ERR_NOMEM;
	below.v = 0;
	mapped += PAGE_4K;
	return OK;
}

int main(void)
{
	size_t bytes = nondet_size(), before;
	void *table = NULL;
	enum err e;

	limit = any_upto(PAGES) * PAGE_4K;
	before = any_upto(PAGES) * PAGE_4K;
	__CPROVER_assume(before <= limit);
	mapped = before;
	heap_next = area + before;
	heap_end = area + limit;
	proof_no_panic = true;
	e = heap_pages(bytes, &table);
	PROVE(!below.v && !proof_locks);
	PROVE(heap_next == area + mapped && mapped <= limit);
	PROVE(e == OK || !table);
	if (e != OK)
		return 0;
	PROVE(mapped - before >= bytes && mapped - before < bytes + PAGE_4K);
	PROVE(!bytes || (char *)table == area + before);
	SEEN(mapped - before == PAGES * PAGE_4K);
	SEEN(before && mapped == limit && bytes == PAGE_4K + 1);
	return 0;
}
