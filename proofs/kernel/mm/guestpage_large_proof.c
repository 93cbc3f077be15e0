/* SPDX-License-Identifier: MIT */
/* proof: whatever the host answers, 2 MiB pages keep the same promises as
 *   small ones, also when the host splits one between two steps
 * sources: kernel/mm/guestpage.c kernel/mm/guestmem.c proofs/fake/panic.c
 *   proofs/kernel/mm/guestpage.c
 * bound: one call, from any state of any page of the region that agrees with
 *   its record; both agree again after it; a large page is 4 small ones
 * flags: -Iproofs/fake/clear -Iproofs/fake/record -Iproofs/fake/short --unwind 6
 * mutation: kernel/mm/guestpage.c@accept: take_back(va, size); =>
 *   (void)platform->page_validate(va, size, false);
 * mutation: kernel/mm/guestpage.c@large_check: state == wanted => false
 * mutation: kernel/mm/guestpage.c@large_check: pvalid_pinned(held) => false
 * mutation: kernel/mm/guestpage.c@reject: if (r != PAGE_OK) return r; =>
 * mutation: kernel/mm/guestpage.c@large_rescind: if (r == PAGE_OK) =>
 *   if (r == PAGE_OK || r == PAGE_NO_CHANGE)
 */
#include "kernel/mm/guestpage.h"

#include "proofs/fake/proof.h"
#include "proofs/kernel/mm/guestpage.h"

int main(void)
{
	struct guest_range page;
	enum page_result r;

	witness_any();
	page = witness_page(PAGE_SIZE_2M);
	if (nondet_bool()) {
		r = guestpage_validate(page, PAGE_SIZE_2M, nondet_bool());
		SEEN(r == PAGE_OK && witness.granted && witness.clear);
		SEEN(r == PAGE_FAIL_SIZE);
	} else {
		r = guestpage_rescind(page, PAGE_SIZE_2M, nondet_bool());
		SEEN(r == PAGE_OK && !witness.valid);
	}
	PROVE(witness_agrees());
	PROVE(!witness.open && !proof_record.locks);
	return 0;
}
