/* SPDX-License-Identifier: MIT */
/*
 * The security processor of this machine: model/psp.h with the keys, the
 * processor and the firmware version that the emulator gives it. Signatures
 * are not verified.
 */
#pragma once

#include "lib/igvm_read.h"
#include "model/psp.h"

/*
 * LAUNCH_START; PSP_*. VMPCKs come from a hash of the image's checksum and the
 * seed: the same run gives the same keys, which no real processor would.
 * Nothing secret hangs on an emulated machine; repeatable failures do.
 */
uint32_t launch_start(struct psp *psp, const struct igvm_file *file,
		      uint64_t policy, uint64_t seed);

/*
 * LAUNCH_FINISH; PSP_*. @block: the file's directive, NULL for none. It has no
 * policy: a host takes the guest's. The keys are gone from *psp afterwards.
 */
uint32_t launch_finish(struct psp *psp, const struct igvm_snp_id_block *block);

/* What a status other than PSP_SUCCESS means. */
const char *launch_words(uint32_t status);
