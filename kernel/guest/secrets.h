/* SPDX-License-Identifier: MIT */
/* The copy of the secrets page that the guest gets. snp.md section 10. */
#pragma once

#include "abi/snp/secrets.h"
#include "lib/addr.h"

struct secrets_svsm {
	struct pa_range memory; /* size 0: tell of no SVSM */
	struct pa caa;
	uint32_t max_version;
	uint8_t guest_vmpl;
};

/* Keys of every level above the guest's, and their counters, stay behind. */
void secrets_filter(const struct snp_secrets *from,
		    const struct secrets_svsm *svsm, struct snp_secrets *to);
