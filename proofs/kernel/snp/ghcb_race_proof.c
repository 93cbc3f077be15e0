/* SPDX-License-Identifier: MIT */
/* proof: a host that changes the page while it is read gets no exception through
 *   but #GP and #UD, and no result that was not checked
 * sources: kernel/snp/ghcb.c
 * bound: one call of any kind with any registers
 * flags: --unwind 2
 * volatile: any
 * mutation: kernel/snp/ghcb.c@outputs_read: (uint32_t)call->info1 != GHCB_RESULT_OK =>
 *   (uint32_t)g->sw_exitinfo1 != GHCB_RESULT_OK
 * mutation: kernel/snp/ghcb.c@outputs_read: return exception_check(call) =>
 *   do { enum err e = exception_check(call);
 *   call->vector = (uint8_t)g->sw_exitinfo2; return e; } while (0)
 */
#include "kernel/snp/ghcb.h"

#include "abi/x86/trap.h"
#include "proofs/fake/proof.h"

void *proof_gs;
static struct ghcb page;

void proof_vmgexit(void)
{
}

int main(void)
{
	struct ghcb_link link = { &page, { nondet_u64() } };
	struct ghcb_call call;
	enum err e;

	ANY(call);
	e = ghcb_exit(link, &call);
	PROVE(e == OK || e == ERR_HOST || e == ERR_STATE);
	PROVE(e != OK || (uint32_t)call.info1 == GHCB_RESULT_OK);
	PROVE(e != ERR_STATE || call.vector == TRAP_UD ||
	      call.vector == TRAP_GP);
	SEEN(e == OK);
	SEEN(e == ERR_STATE && call.vector == TRAP_GP);
	return 0;
}
