/* SPDX-License-Identifier: MIT */
/* Filters the secrets page for the guest. */
#include "kernel/guest/secrets.h"

#include "lib/str.h"

#define KEYS (sizeof(((struct snp_secrets *)0)->vmpck) / VMPCK_SIZE)

void secrets_filter(const struct snp_secrets *from,
		    const struct secrets_svsm *svsm, struct snp_secrets *to)
{
	memcpy(to, from, sizeof(*to));
	for (unsigned int i = 0; i < KEYS && i < svsm->guest_vmpl; i++) {
		bytes_wipe(to->vmpck[i], VMPCK_SIZE);
		to->seq_low[i] = 0;
		to->seq_high[i] = 0;
	}
	if (!svsm->memory.size)
		return;
	to->svsm_base = svsm->memory.start.v;
	to->svsm_size = svsm->memory.size;
	to->svsm_caa = svsm->caa.v;
	to->svsm_max_version = svsm->max_version;
	to->svsm_guest_vmpl = svsm->guest_vmpl;
}
