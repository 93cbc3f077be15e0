/* SPDX-License-Identifier: MIT */
/*
 * A TPM in failure mode (TPM 2.0 part 1, 12.4): what answers after the service
 * was started again. The old TPM's state is gone; a fresh one in its place would
 * look to the guest like the one it measured into, with PCRs to fill at will.
 */
#pragma once

#include <stdint.h>

/*
 * Answers any command in place with TPM_RC_FAILURE, but GetTestResult, and
 * GetCapability of the vendor's properties, as part 3 allows. Returns the
 * response's size, never 0.
 */
uint32_t failure_command(uint8_t *page, uint32_t size);
