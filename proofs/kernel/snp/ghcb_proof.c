/* SPDX-License-Identifier: MIT */
/* proof: a call succeeds only if the host set every valid bit that it needs, and
 *   gives what stands in the page; at most #GP or #UD can be asked for
 * sources: kernel/snp/ghcb.c
 * bound: one call of any kind with any registers; any page as answer
 * flags: --unwind 2
 * mutation: kernel/snp/ghcb.c@exception_check: vector != TRAP_GP && => false &&
 * mutation: kernel/snp/ghcb.c@exception_check: !(event & EVENT_VALID) || =>
 * mutation: kernel/snp/ghcb.c@outputs_read: (high & need) != need || =>
 * mutation: kernel/snp/ghcb.c@high_bits: bits |= HIGH_BIT(rdx) => bits |= HIGH_BIT(rcx)
 * mutation: kernel/snp/ghcb.c@outputs_read: != GHCB_RESULT_OK => > GHCB_RESULT_MALFORMED
 */
#include "kernel/snp/ghcb.h"

#include "abi/x86/event.h"
#include "abi/x86/trap.h"
#include "proofs/fake/proof.h"

void *proof_gs;
static struct ghcb page;

/* The host may write all of it. */
void proof_vmgexit(void)
{
	ANY(page);
}

static bool valid(size_t bit)
{
	return page.valid_bitmap[bit / 8] >> (bit % 8) & 1;
}

/* Registers that were asked for: valid, and the page's. Others: as before. */
static bool right(bool asked, size_t bit, uint64_t in_page, uint64_t now,
		  uint64_t before)
{
	return asked ? valid(bit) && now == in_page : now == before;
}

int main(void)
{
	struct ghcb_link link = { &page, { nondet_u64() } };
	struct ghcb_call call, old;
	enum err e;

	ANY(call);
	old = call;
	e = ghcb_exit(link, &call);
	if (e != OK) {
		PROVE(e == ERR_HOST || e == ERR_STATE);
		PROVE(e != ERR_STATE || call.vector == TRAP_UD ||
		      call.vector == TRAP_GP);
		PROVE(e != ERR_STATE || call.info2 & EVENT_VALID);
		SEEN(e == ERR_STATE && call.vector == TRAP_UD);
		return 0;
	}
	PROVE(valid(GHCB_BIT(sw_exitinfo1)) && valid(GHCB_BIT(sw_exitinfo2)));
	PROVE((uint32_t)call.info1 == GHCB_RESULT_OK);
	PROVE(call.info1 == page.sw_exitinfo1 &&
	      call.info2 == page.sw_exitinfo2);
	PROVE(right(call.out & GHCB_RAX, GHCB_BIT(rax), page.rax, call.rax,
		    old.rax));
	PROVE(right(call.out & GHCB_RBX, GHCB_BIT(rbx), page.rbx, call.rbx,
		    old.rbx));
	PROVE(right(call.out & GHCB_RCX, GHCB_BIT(rcx), page.rcx, call.rcx,
		    old.rcx));
	PROVE(right(call.out & GHCB_RDX, GHCB_BIT(rdx), page.rdx, call.rdx,
		    old.rdx));
	SEEN((call.out & 15) == 15);
	return 0;
}
