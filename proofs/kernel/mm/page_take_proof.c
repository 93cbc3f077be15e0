/* SPDX-License-Identifier: MIT */
/* proof: no page is handed out twice, or while it is free elsewhere; it was
 *   accepted before it was touched and comes zeroed; the count is true
 * sources: kernel/mm/page.c proofs/kernel/mm/page_state.h proofs/fake/lock.c
 *   proofs/fake/panic.c
 * bound: one call from any sound state of a region of up to 4 pages and a pool
 *   of up to 2, so any number of calls; the reserve is closed or open
 * flags: -DBOUND=4 -Iproofs/fake/clear -Iproofs/fake/short --unwind 8
 *   --arrays-uf-always
 * seconds: 30
 * mutation: kernel/mm/page.c@take_returned: mark(index, true); =>
 * mutation: kernel/mm/page.c@take_returned: hint = index + 1; => hint = index
 *   + 2;
 * mutation: kernel/mm/page.c@take_fresh: mark(*index, true); =>
 * mutation: kernel/mm/page.c@page_accept: r == PAGE_OK ? OK : ERR_HOST => OK
 * mutation: kernel/mm/page.c@page_accept: if (r == PAGE_OK)
 *   hw_rep_stosq(map.va, 0, PAGE_4K / 8); =>
 * mutation: kernel/mm/page.c@take_locked: own + pool.free <= keep => false
 */
#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/page_state.h"

/* Nobody had it; it is zero, and ours from now on. */
static void handed_out(struct pa page)
{
	uint32_t n = number(page);

	PROVE(was_free[n] || (n < PAGES && n == fresh - 1));
	PROVE(!free_page[n] && valid[n] && zero[n] && !first_word[n]);
	PROVE(n >= PAGES || is_taken(n));
}

int main(void)
{
	struct pa page;
	uint64_t before;
	enum err e;
	bool good;

	begin();
	before = page_count_free();
	e = page_take(&page);
	good = well();
	PROVE(good);
	if (e == OK) {
		handed_out(page);
		/* Another one was lost to the host, perhaps. */
		PROVE(before - page_count_free() - 1 <= 1);
		PROVE(page_count_free() == before - 1 || number(page) >= PAGES);
		PROVE(cpu.page_reserve || before > PAGE_RESERVE);
	} else {
		/* Lost to the host, if any. */
		PROVE(before - page_count_free() <= 1);
	}
	SEEN(e == OK && number(page) >= PAGES);
	SEEN(e == OK && number(page) < fresh - 1);
	SEEN(e == OK && number(page) == fresh - 1 && fresh == PAGES);
	return 0;
}
