/* SPDX-License-Identifier: MIT */
/* proof: no address of the kernel's half is ever copied from or to for ring 3, by
 *   any length, and SMAP is lifted for the copy alone
 * sources: kernel/task/usercopy.c
 * bound: none: any address, any length
 * flags: --unwind 2
 * mutation: kernel/task/usercopy.c@usercopy_range: size <= USER_END - at =>
 *   at + size <= USER_END
 * mutation: kernel/task/usercopy.c@usercopy_out: usercopy_range(to, size) =>
 *   usercopy_range(to, 1)
 * mutation: kernel/task/usercopy.c@copy: done = guest_copy(to, from, size) =>
 *   done = guest_copy(to, from, size); if (!done) return ERR_ABSENT
 */
#include "kernel/task/usercopy.h"

#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/mm/guestmem.h"
#include "proofs/fake/proof.h"

static uint64_t user;
static bool out, smap, copied;
bool proof_access;

bool features_smap(void)
{
	return smap;
}

bool guest_copy(void *to, const void *from, uint64_t size)
{
	uint64_t at = (uint64_t)(out ? to : (void *)(uintptr_t)from);

	PROVE(at == user && at < USER_END);
	PROVE(size <= USER_END - at);
	PROVE(proof_access == smap);
	copied = true;
	return nondet_bool();
}

int main(void)
{
	uint64_t size = nondet_u64();
	uint8_t byte;
	enum err e;

	user = nondet_u64();
	out = nondet_bool();
	smap = nondet_bool();
	e = out ? usercopy_out(user, &byte, size)
		: usercopy_in(&byte, user, size);
	PROVE(e == OK || e == ERR_RANGE || e == ERR_ABSENT);
	PROVE(!proof_access);
	PROVE(copied == (e != ERR_RANGE));
	SEEN(e == OK && out);
	return 0;
}
