/* SPDX-License-Identifier: MIT */
/* proof: the guest's copy of the secrets page has no key and no counter of a
 *   level above its own; the guest's own keys are as they were
 * sources: kernel/guest/secrets.c lib/str.c
 * bound: none
 * flags: --unwind 33
 * mutation: kernel/guest/secrets.c: i < svsm->guest_vmpl =>
 *   i + 1 < svsm->guest_vmpl
 * mutation: kernel/guest/secrets.c: to->seq_high[i] = 0; =>
 * mutation: kernel/guest/secrets.c: to->vmpck[i], VMPCK_SIZE =>
 *   to->vmpck[i], VMPCK_SIZE - 1
 */
#include "kernel/guest/secrets.h"

#include "proofs/fake/proof.h"

static struct snp_secrets from, to;

int main(void)
{
	struct secrets_svsm svsm;
	size_t level = any_upto(3), byte = any_upto(VMPCK_SIZE - 1);

	ANY(from);
	ANY(to);
	ANY(svsm);
	secrets_filter(&from, &svsm, &to);
	if (level < svsm.guest_vmpl) {
		PROVE(to.vmpck[level][byte] == 0);
		PROVE(to.seq_low[level] == 0 && to.seq_high[level] == 0);
	} else {
		PROVE(to.vmpck[level][byte] == from.vmpck[level][byte]);
		PROVE(to.seq_low[level] == from.seq_low[level] &&
		      to.seq_high[level] == from.seq_high[level]);
	}
	if (svsm.memory.size)
		PROVE(to.svsm_base == svsm.memory.start.v &&
		      to.svsm_size == svsm.memory.size &&
		      to.svsm_caa == svsm.caa.v &&
		      to.svsm_guest_vmpl == svsm.guest_vmpl);
	return 0;
}
