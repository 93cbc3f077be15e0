/* SPDX-License-Identifier: MIT */
/* Memory, not what QEMU made of it, says which instruction stands at RIP. */
#include "emu/softint.h"

#include "abi/x86/event.h"
#include "abi/x86/trap.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/stop.h"

#define CODE_MAX 2u
#define INT3	 0xccu
#define INT_N	 0xcdu
#define INTO	 0xceu
/* More in a row, and it is no translation that is old. */
#define REDO_MAX 1000u

/*
 * A write to it makes QEMU forget what it translated from that place. What is
 * written is what is there, in one locked step, for somebody may change it.
 */
static void translate_anew(struct vcpu *c)
{
	uint64_t rip = c->vmcb->save.rip, gpa;
	uint32_t error;
	uint8_t *at;

	if (!c->vmcb->save.cs.base &&
	    guestmem_walk(c, rip, 0, &gpa, &error) == GUESTMEM_OK) {
		at = guestmem_ptr(gpa & ~CBIT, 1);
		if (at)
			(void)__atomic_fetch_or(at, 0, __ATOMIC_SEQ_CST);
	}
	if (++c->stale_code > REDO_MAX)
		stop_guest(c, STOP_EMULATOR,
			   "no INT n at %lx, but QEMU runs one",
			   (unsigned long)rip);
	if (c->stale_code == 1)
		log_line("vCPU %u: an INT3 that is gone from %lx, run anew",
			 c->index, (unsigned long)rip);
}

void softint_exit(struct vcpu *c)
{
	uint8_t code[CODE_MAX];
	size_t n = guestmem_fetch(c, code, sizeof(code));

	if (n && code[0] == INT3) {
		inject_soft(c, TRAP_BP, 1);
	} else if (n && code[0] == INTO) {
		inject_soft(c, TRAP_OF, 1);
	} else if (n == CODE_MAX && code[0] == INT_N) {
		inject_soft(c, code[1], CODE_MAX);
	} else {
		translate_anew(c);
		return;
	}
	c->stale_code = 0;
}
