/* SPDX-License-Identifier: MIT */
/* vTPM protocol, version 1. AMD 58019, ch. 8. */
#pragma once

#include "abi/check.h"

#define SVSM_VTPM_VERSION 1u

#define SVSM_VTPM_QUERY 0u
#define SVSM_VTPM_CMD	1u

/* Platform commands are those of the TPM simulator; this one is served. */
#define SVSM_VTPM_SEND_COMMAND 8u

/* What CMD's buffer begins with; the TPM's command follows. */
struct svsm_vtpm_command {
	uint32_t command;
	uint8_t locality;
	uint32_t size;
} ABI_PACKED;
ABI_SIZE(struct svsm_vtpm_command, 9);

/* The answer in the same buffer; the TPM's response follows. */
struct svsm_vtpm_response {
	uint32_t size;
};
ABI_SIZE(struct svsm_vtpm_response, 4);
