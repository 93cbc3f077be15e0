/* SPDX-License-Identifier: MIT */
/* RDSEED; RDRAND where there is no RDSEED, which is said once. */
#include "kernel/task/entropy.h"

#include "abi/x86/cpuid.h"
#include "hw/cpu.h"
#include "hw/rand.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/cpu/features.h"
#include "lib/str.h"

/* All CPUs may ask at once: RDSEED then fails for a while. */
#define SEED_TRIES 100000u
#define RAND_TRIES 100u

static bool seed(uint64_t *word)
{
	const struct snp_cpuid_fn *fn =
		features_cpuid(CPUID_LEAF_STRUCTURED, 0);

	if (!fn || !(fn->ebx & CPUID_7_EBX_RDSEED))
		return false;
	for (unsigned int i = 0; i < SEED_TRIES; i++) {
		if (hw_rdseed(word))
			return true;
		hw_pause();
	}
	return false;
}

static bool random(uint64_t *word)
{
	const struct snp_cpuid_fn *fn = features_cpuid(CPUID_LEAF_FEATURES, 0);
	static uint8_t said;

	if (!fn || !(fn->ecx & CPUID_1_ECX_RDRAND))
		return false;
	if (!__atomic_exchange_n(&said, 1, __ATOMIC_RELAXED))
		log_line("random numbers: RDRAND, for want of RDSEED");
	for (unsigned int i = 0; i < RAND_TRIES; i++)
		if (hw_rdrand(word))
			return true;
	return false;
}

void entropy_fill(void *to, uint64_t size)
{
	char *at = to;

	while (size) {
		uint64_t word = 0,
			 n = size < sizeof(word) ? size : sizeof(word);

		if (!seed(&word) && !random(&word))
			panic("the processor gives no random numbers");
		memcpy(at, &word, n);
		bytes_wipe(&word, sizeof(word));
		at += n;
		size -= n;
	}
}
