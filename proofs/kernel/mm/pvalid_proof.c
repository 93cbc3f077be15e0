/* SPDX-License-Identifier: MIT */
/* proof: a change of one page's record changes that page's record and no
 *   other page's, neither its state nor its pin; whole, mixed and empty
 *   regions are never taken for one another
 * sources: kernel/mm/pvalid.c proofs/kernel/mm/record.c proofs/fake/lock.c
 *   proofs/fake/panic.c
 * bound: none within a region: any record before, all 512 pages, any two
 * flags: --unwind 9
 * mutation: kernel/mm/pvalid.c@pvalid_spread: PVALID_BYTE_ALL ? ~0ull : 0 =>
 *   PVALID_BYTE_BITS ? ~0ull : 0
 * mutation: kernel/mm/pvalid.c@pvalid_spread: (held, PVALID_BYTE_ALL, =>
 *   (held, PVALID_BYTE_PINS,
 * mutation: kernel/mm/pvalid.c@pvalid_fold: words_all(held.bits, ~0ull) =>
 *   held.bits[0] == ~0ull
 * mutation: kernel/mm/pvalid.c@pvalid_unpin: words_all(pvalid_pins(held), 0)
 *   => pvalid_pins(held)[0] == 0
 * mutation: kernel/mm/pvalid.h@pvalid_page_flip: *word == 0 || => false ||
 */
#include "kernel/mm/pvalid.h"
#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/record.h"

enum act {
	FLIP,
	PIN,
	UNPIN,
};

static void unpin(struct pvalid_held held, struct guest_range page)
{
	GIVEN(pvalid_page_pinned(held, page.r.start.v));
	pvalid_unpin(held, page);
	PROVE(!pvalid_page_pinned(held, page.r.start.v));
}

static void pin(struct pvalid_held held, struct guest_range page)
{
	bool pinned = pvalid_page_pinned(held, page.r.start.v);
	bool valid = pvalid_page(held, page.r.start.v);
	enum err e = pvalid_pin(held, page);

	SEEN(e == OK);
	SEEN(e == ERR_NOMEM);
	PROVE(e != OK || (!pinned && valid));
	PROVE(pvalid_page_pinned(held, page.r.start.v) == (pinned || e == OK));
}

static void act_do(enum act act, struct pvalid_held held, uint64_t gpa)
{
	struct guest_range page = { { { gpa }, PAGE_4K }, 0 };
	bool valid = pvalid_page(held, gpa);

	if (act == FLIP) {
		pvalid_page_flip(held, gpa);
		PROVE(pvalid_page(held, gpa) != valid);
		return;
	}
	if (act == PIN)
		pin(held, page);
	else
		unpin(held, page);
	PROVE(pvalid_page(held, gpa) == valid);
}

int main(void)
{
	struct pvalid_held held = record_any();
	uint64_t gpa = record_gpa(), other = record_gpa();
	bool pinned = pvalid_page_pinned(held, gpa);
	bool other_valid = pvalid_page(held, other);
	bool other_pinned = pvalid_page_pinned(held, other);
	enum act act = nondet_u8() % 3;

	GIVEN(gpa != other);
	act_do(act, held, gpa);
	PROVE(record_sound(held) && proof_locks == 0);
	PROVE(pvalid_page(held, other) == other_valid);
	PROVE(pvalid_page_pinned(held, other) == other_pinned);
	PROVE(act != FLIP || pvalid_page_pinned(held, gpa) == pinned);
	SEEN(pvalid_region(held) == PVALID_ALL && act == FLIP);
	return 0;
}
