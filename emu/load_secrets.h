/* SPDX-License-Identifier: MIT */
/* The secrets page as the security processor writes it at launch. */
#pragma once

#include "abi/snp/secrets.h"
#include "lib/igvm_read.h"

/*
 * VMPCKs come from a hash of the image's checksum and the seed: the same run
 * gives the same keys, which no real processor would. Nothing secret hangs on
 * an emulated machine; repeatable failures do.
 */
void secrets_fill(const struct igvm_file *file, uint64_t seed,
		  struct snp_secrets *secrets);
