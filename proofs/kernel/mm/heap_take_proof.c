/* SPDX-License-Identifier: MIT */
/* proof: no small object is handed out twice, over another one, over a table
 *   or over a slab's head; it is aligned, large enough for what was asked, and
 *   zero; nobody else's bytes change; the count is true
 * sources: kernel/mm/heap.c proofs/kernel/mm/heap_state.h proofs/fake/lock.c
 *   proofs/fake/panic.c
 * bound: one call from any sound state of up to 2 pages of 64 bytes, so any
 *   number of calls; objects of 16 and of 32 bytes, 2 or 1 in a page (long: 6 or 3 of 128)
 * flags: -DBOUND=6 -Iproofs/fake/slab --unwind 22 --unwindset
 *   shift_of.0:4,slab_format.0:4 --max-field-sensitivity-array-size 0
 * long: -DBOUND=7 -Iproofs/fake/slab --unwind 66 --unwindset
 *   shift_of.0:4,slab_format.0:8 --max-field-sensitivity-array-size 0
 * seconds: 30
 * mutation: kernel/mm/heap.c@object_take: s->free = *object; =>
 * mutation: kernel/mm/heap.c@object_take: if (!s->free) list_remove(s); =>
 * mutation: kernel/mm/heap.c@object_take: *object = 0; =>
 * mutation: kernel/mm/heap.c@slab_format: size < sizeof(*s) ? 2 * size : size =>
 *   sizeof(*s)
 * mutation: kernel/mm/heap.c@slab_format: at + size < PAGE_4K => at < PAGE_4K
 * mutation: kernel/mm/heap.c@slab_more: spare = s->next; =>
 * mutation: kernel/mm/heap.c@shift_of: 1ull << shift < size => 2ull << shift <
 *   size
 */
#include "proofs/fake/lock.h"
#include "proofs/fake/panic.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/heap_state.h"

static struct live object_of(void *at, size_t size)
{
	uint64_t offset = (uint64_t)at - (uint64_t)page[0];
	unsigned int n = 0;

	if (offset >= PAGE_4K) {
		offset = (uint64_t)at - (uint64_t)page[1];
		n = 1;
	}
	__CPROVER_assert(offset < PAGE_4K, "in a page");
	return (struct live){ n, (unsigned int)offset, size <= 16 ? 16u : 32u };
}

int main(void)
{
	size_t size = any_upto(HEAP_SMALL_MAX);
	unsigned int before;
	struct live got;
	void *object;
	bool old, good;
	enum err e;

	old = begin();
	before = mapped;
	GIVEN(size); /* heap.h */
	proof_no_panic = true;
	e = heap_take(size, &object);
	good = well();
	PROVE(good);
	good = !old || witness_same();
	PROVE(good);
	if (e != OK) {
		SEEN(old && mapped == PAGES);
		return 0;
	}
	got = object_of(object, size);
	good = got.page < mapped && lives(got) && (!old || apart(got, witness));
	PROVE(good);
	good = !has_place(got) || !(got.page ? word(1) : word(0));
	PROVE(good);
	SEEN(mapped > before && old);
	SEEN(!before); /* as heap_init leaves it */
	SEEN(got.size == 16 && page[0]->slab.used == MOST && !got.page);
	SEEN(old && table[witness.page]);
	SEEN(page[0]->slab.next && !got.page);
	return 0;
}
