/* SPDX-License-Identifier: MIT */
/* The bits go out as the model has them; the layout is asserted. */
#include "emu/look.h"

#include "abi/snp/ghcb_msr.h"
#include "emu/guestmem.h"
#include "emu/machine.h"

#define RUN_MAX 1024u

_Static_assert(GHCB_MSR_LOOK_PRIVATE == RMP_ASSIGNED &&
		       GHCB_MSR_LOOK_VALID == RMP_VALIDATED &&
		       GHCB_MSR_LOOK_VMSA == RMP_VMSA && RMP_PERM_SHIFT(0) == 8,
	       "the answer shows the model's bits");

uint64_t look_answer(uint64_t msr)
{
	uint64_t gpa = msr & GHCB_MSR_GPA;
	const struct rmp_entry *e = rmp_look(&machine.rmp, gpa);
	uint64_t run;

	if (!e || !guestmem_is_ram(gpa, PAGE_4K))
		return 1ull << 40 | GHCB_MSR_LOOK_RESP;
	run = rmp_run(&machine.rmp, gpa, RUN_MAX);
	return GHCB_MSR_LOOK_RAM | run << 40 | (uint64_t)e->bits << 12 |
	       GHCB_MSR_LOOK_RESP;
}
