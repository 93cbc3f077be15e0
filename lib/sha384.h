/* SPDX-License-Identifier: MIT */
/*
 * SHA-384 (FIPS 180-4) in plain C: for images and as second witness to
 * libcrypto. What it hashes at launch is public.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA384_SIZE  48u
#define SHA384_BLOCK 128u

struct sha384 {
	uint64_t h[8];
	uint64_t length; /* bytes so far; messages stay below 2^61 bytes */
	uint8_t block[SHA384_BLOCK];
};

void sha384_init(struct sha384 *s);
void sha384_add(struct sha384 *s, const void *bytes, size_t size);
/* Ends the stream; s must be initialised again before further use. */
void sha384_end(struct sha384 *s, uint8_t digest[SHA384_SIZE]);
/* All in one; has the shape of struct hash384_ops (lib/launch_digest.h). */
void sha384_sum(const void *bytes, size_t size, uint8_t digest[SHA384_SIZE]);
