/* SPDX-License-Identifier: MIT */
/* proof: what is given back to the guest was deposited and free, is zero and
 *   is in the pool no more; deposits come in once; the reserve stays whole
 * sources: kernel/mm/page.c proofs/kernel/mm/page_state.h proofs/fake/lock.c
 *   proofs/fake/panic.c
 * bound: one call from any sound state of a region of up to 4 pages and a pool
 *   of up to 2, so any number of calls; the reserve is closed or open
 * flags: -DBOUND=4 -Iproofs/fake/clear -Iproofs/fake/short --unwind 8
 * seconds: 60
 * mutation: kernel/mm/page.c@pool_pop: *(uint64_t *)map.va = 0; =>
 * mutation: kernel/mm/page.c@pool_pop: pool.top.v = link - POOL_LINK; =>
 * mutation: kernel/mm/page.c@withdrawable: own < PAGE_RESERVE ? PAGE_RESERVE
 *   - own : 0 => 0
 * mutation: kernel/mm/page.c@page_withdraw: some = withdrawable() != 0; =>
 *   some = pool.free != 0;
 * mutation: kernel/mm/page.c@pool_push: pool.free++; =>
 */
#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/page_state.h"

/* Nobody had it; it is zero, and ours from now on. */
static void handed_out(struct pa page)
{
	uint32_t n = number(page);

	PROVE(was_free[n] && n >= PAGES);
	PROVE(!free_page[n] && valid[n] && zero[n] && !first_word[n]);
}

static void deposit(void)
{
	uint32_t n = PAGES + (uint32_t)any_upto(POOL - 1);
	uint64_t before = page_count_free();
	bool good;

	/* kernel/mm/page.h: validated, zero, ours alone. */
	GIVEN(valid[n] && zero[n] && !free_page[n] && pool.free < POOL);
	page_deposit(page_pa(n));
	good = well();
	PROVE(good && free_page[n] && page_count_free() == before + 1);
}

int main(void)
{
	struct pa page;
	uint64_t before;
	bool some, good;

	begin();
	before = page_count_free();
	if (nondet_bool()) {
		deposit();
		return 0;
	}
	some = page_withdraw(&page);
	good = well();
	PROVE(good && (some || page_count_free() == before));
	if (!some)
		return 0;
	handed_out(page);
	PROVE(page_count_free() == before - 1 && before > PAGE_RESERVE);
	return 0;
}
