/* SPDX-License-Identifier: MIT */
/*
 * The TPM: TCG TPM 2.0 reference code as maintained in libtpms, through its
 * public interface alone. There is one, it belongs to the service.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* Manufactures the TPM and powers it on. Ends the service if it cannot. */
void tpm_start(void);

/* Power off and on: what is volatile is lost, NV stays. Ends the service if
 * the TPM does not come back. */
void tpm_reset(void);

/*
 * One command, at a locality from 0 to VTPM_LOCALITY_MAX. `page` holds `size`
 * bytes of command and then the response, at most SYS_MESSAGE_MAX, whose size
 * is returned; there always is one. May take 300 ms (RSA keys).
 */
uint32_t tpm_command(uint8_t *page, uint32_t size, uint32_t locality);

/*
 * A second TPM with the same NV takes the place of the first, whose state is
 * put aside; whatever is done to it is forgotten at the end, when the first
 * goes on as if nothing had been. Between the two, tpm_command talks to the
 * second, freshly powered on. ERR_STATE: could not, the first is as it was.
 */
must_check enum err tpm_copy_begin(void);
void tpm_copy_end(void);
