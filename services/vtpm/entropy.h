/* SPDX-License-Identifier: MIT */
/* Where the TPM's randomness comes from: getrandom, or the service ends. */
#pragma once

#include <stdint.h>

/* Readies libcrypto, before anything else uses it. */
void entropy_init(void);

/*
 * The name and type that the TPM library calls. Fills `size` bytes and returns
 * their number, always all; size 0 is the library's initialisation.
 */
int32_t _plat__GetEntropy(uint8_t *to, uint32_t size);
