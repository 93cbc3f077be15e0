/* SPDX-License-Identifier: MIT */
/* proof: whatever the host answers, no small page is ever validated twice,
 *   granted unvalidated or uncleared, or rescinded before its rights are gone,
 *   and the record tells what became of each page; after any calls before
 * sources: kernel/mm/guestpage.c kernel/mm/guestmem.c proofs/fake/panic.c
 *   proofs/kernel/mm/guestpage.c
 * bound: one call on a run of up to 2 entries, from any state of a page that
 *   agrees with its record; both agree again after it
 * flags: -Iproofs/fake/clear -Iproofs/fake/record --unwind 3
 * seconds: 60
 * mutation: kernel/mm/guestpage.c@accept: if (r != PAGE_OK) return r; =>
 *   if (r != PAGE_OK && r != PAGE_NO_CHANGE) return r;
 * mutation: kernel/mm/guestpage.c@accept: contents == CLEAR => contents == KEEP
 * mutation: kernel/mm/guestpage.c@small_validate: if (pvalid_page(held, gpa)) =>
 *   if (ignore_cf && pvalid_page(held, gpa))
 * mutation: kernel/mm/guestpage.c@small_validate:
 *   if (pvalid_page_pinned(held, gpa)) return PAGE_PINNED; =>
 * mutation: kernel/mm/guestpage.c@small_rescind: if (r == PAGE_OK) =>
 *   if (r == PAGE_OK || r == PAGE_NO_CHANGE)
 */
#include "kernel/mm/guestpage.h"

#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/guestpage.h"

static void run(void)
{
	enum guestpage_action action = nondet_bool();
	enum page_result r = PAGE_OK;
	uint64_t entry[2];
	uint32_t done;

	ANY(entry);
	done = guestpage_run(entry, 2, action, nondet_bool(), &r);
	PROVE(done <= 2 && (r == PAGE_OK || done < 2));
	SEEN(done == 2 && action == GUESTPAGE_VALIDATE && witness.granted);
	SEEN(done == 2 && action == GUESTPAGE_RESCIND && !witness.valid);
}

static void one(void)
{
	struct guest_range page = witness_page(PAGE_SIZE_4K);
	enum page_result r;

	switch (nondet_u8() % 3) {
	case 0:
		r = guestpage_seal(page);
		break;
	case 1:
		r = guestpage_pin(page);
		break;
	default:
		witness.keep = true;
		r = guestpage_adopt(page, PAGE_SIZE_4K);
		break;
	}
	SEEN(r == PAGE_OK && proof_record.pinned && !proof_record.valid);
	SEEN(r == PAGE_OK && witness.granted && !witness.clear);
}

int main(void)
{
	witness_any();
	if (nondet_bool())
		run();
	else
		one();
	PROVE(witness_agrees());
	PROVE(!witness.open && !proof_record.locks);
	return 0;
}
