/* SPDX-License-Identifier: MIT */
/* proof: a page that is given back was taken, or that is the end; it is wiped
 *   before it is free, and it is free once
 * sources: kernel/mm/page.c proofs/kernel/mm/page_state.h proofs/fake/lock.c
 *   proofs/fake/panic.c
 * bound: one call from any sound state of a region of up to 4 pages and a pool
 *   of up to 2, so any number of calls; the reserve is closed or open
 * flags: -DBOUND=4 -Iproofs/fake/clear -Iproofs/fake/short --unwind 8
 * seconds: 60
 * mutation: kernel/mm/page.c@region_give: if (index < hint) => if (index + 1
 *   < hint)
 * mutation: kernel/mm/page.c@page_give: hw_rep_stosq(map.va, 0, PAGE_4K / 8);
 *   =>
 * mutation: kernel/mm/page.c@taken_check: taken[index / 64] >> index % 64 & 1
 *   => true
 * mutation: kernel/mm/page.c@region_give: mark(index, false); =>
 * mutation: kernel/mm/page.c@pool_push: pool.top.v | POOL_LINK => POOL_LINK
 */
#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/page_state.h"

int main(void)
{
	uint32_t n = (uint32_t)any_upto(ALL - 1);
	uint64_t before;
	bool good;

	begin();
	before = page_count_free();
	/* page_lose, and pages that were withdrawn, are not given. Of a
	 * deposit: kernel/mm/owned keeps apart what is in the pool. */
	GIVEN(n < count || (n >= PAGES && !free_page[n] && pool.free < POOL));
	GIVEN(valid[n] || (n < PAGES && n >= fresh));
	page_give(page_pa(n));
	good = well();
	PROVE(good && free_page[n]);
	PROVE(!was_free[n] && (n >= PAGES || n < fresh));
	PROVE(page_count_free() == before + 1);
	SEEN(n >= PAGES && pool.free == POOL);
	return 0;
}
