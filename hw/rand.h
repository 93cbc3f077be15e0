/* SPDX-License-Identifier: MIT */
/* Entropy of the processor; the caller bounds its retries. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

static inline bool hw_rdseed(uint64_t *out)
{
	uint8_t ok;

	__asm__ volatile("rdseed %0\n\tsetc %1" : "=r"(*out), "=qm"(ok)::"cc");
	return ok;
}

static inline bool hw_rdrand(uint64_t *out)
{
	uint8_t ok;

	__asm__ volatile("rdrand %0\n\tsetc %1" : "=r"(*out), "=qm"(ok)::"cc");
	return ok;
}
