/* SPDX-License-Identifier: MIT */
/*
 * Public areas of the endorsement keys, so that the world can be told whose
 * TPM this is before the guest has said a word to it.
 */
#pragma once

#include "abi/vtpm_service.h"
#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

/* No TPMT_PUBLIC of ours is larger. */
#define EK_PUBLIC_MAX 512u

/* Derives them once; ends the service if it cannot. The TPM is untouched. */
void ek_init(void);

/* To be told of every command of the client and of its response's code. */
void ek_note(uint32_t command_code, uint32_t response_code);

/*
 * TPMT_PUBLIC of a key into EK_PUBLIC_MAX bytes at `to`. Derives again if the
 * seed may have changed (300 ms at worst). ERR_RANGE: no such key; ERR_STATE:
 * the TPM gives none.
 */
must_check enum err ek_public(uint32_t which, uint8_t *to, uint32_t *size);
