/* SPDX-License-Identifier: MIT */
/* Version 3; what software fills in later stays zero. */
#include "emu/load_secrets.h"

#include "emu/cpuid.h"
#include "lib/sha384.h"
#include "lib/str.h"

#define SECRETS_VERSION 3u

void secrets_fill(const struct igvm_file *file, uint64_t seed,
		  struct snp_secrets *secrets)
{
	struct {
		uint64_t seed;
		uint32_t checksum, key;
	} in = { seed, file->checksum, 0 };
	uint8_t digest[SHA384_SIZE];

	memset(secrets, 0, sizeof(*secrets));
	secrets->version = SECRETS_VERSION;
	secrets->fms = cpuid_signature();
	for (in.key = 0; in.key < 4; in.key++) {
		sha384_sum(&in, sizeof(in), digest);
		memcpy(secrets->vmpck[in.key], digest, VMPCK_SIZE);
	}
}
