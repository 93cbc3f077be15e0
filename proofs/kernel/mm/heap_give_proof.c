/* SPDX-License-Identifier: MIT */
/* proof: a small object that is given back is wiped before it is free, and
 *   free once; a slab is empty when its last object is free and wiped then, its
 *   head and all; nobody else's bytes change; the count is true
 * sources: kernel/mm/heap.c proofs/kernel/mm/heap_state.h proofs/fake/lock.c
 *   proofs/fake/panic.c
 * bound: one call from any sound state of up to 2 pages of 64 bytes, so any
 *   number of calls; objects of 16 and of 32 bytes, 2 or 1 in a page (long: 6 or 3 of 128)
 * flags: -DBOUND=6 -Iproofs/fake/slab --unwind 22 --unwindset shift_of.0:4
 *   --max-field-sensitivity-array-size 0
 * long: -DBOUND=7 -Iproofs/fake/slab --unwind 66 --unwindset shift_of.0:4
 *   --max-field-sensitivity-array-size 0
 * seconds: 30
 * mutation: kernel/mm/heap.c@heap_give: memset(object, 0, 1ull << s->shift); =>
 * mutation: kernel/mm/heap.c@heap_give: gate_heap_count(-1); =>
 * mutation: kernel/mm/heap.c@object_give: if (s->used) return; =>
 * mutation: kernel/mm/heap.c@object_give: if (!s->listed) list_add(s); =>
 * mutation: kernel/mm/heap.c@object_give: memset(s, 0, PAGE_4K); =>
 * mutation: kernel/mm/heap.c@list_remove: if (s->next) s->next->prev = s->prev;
 *   =>
 */
#include "proofs/fake/lock.h"
#include "proofs/fake/panic.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/heap_state.h"

static void *address(struct live o)
{
	char *start = o.page ? (char *)&second : (char *)&first;

	return start + o.at;
}

int main(void)
{
	size_t size = any_upto(HEAP_SMALL_MAX);
	struct live gone;
	bool old, good, full;

	old = begin();
	gone = live_any();
	/* heap.h: an object of that size, which nobody gave back yet. */
	GIVEN(!table[gone.page] && (!old || apart(gone, witness)));
	GIVEN(size && (size <= 16 ? 16u : 32u) == gone.size);
	full = use[gone.page] == FULL;
	proof_no_panic = true;
	heap_give(address(gone), size);
	good = well();
	PROVE(good && !lives(gone));
	good = !old || witness_same();
	PROVE(good);
	SEEN(full && use[gone.page] == LISTED);
	SEEN(use[gone.page] == SPARE && gone.size == 16);
	SEEN(old && use[1] == SPARE && use[0] == SPARE + 1);
	SEEN(use[0] == SPARE && use[1] == SPARE);
	return 0;
}
