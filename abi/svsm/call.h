/* SPDX-License-Identifier: MIT */
/* Calling area, protocol numbers, result codes. AMD 58019, ch. 5 and 6. */
#pragma once

#include "abi/check.h"

struct svsm_ca {
	uint8_t call_pending; /* guest sets 1, SVSM clears */
	uint8_t mem_available;
	uint8_t no_eoi_required;
	uint8_t reserved[5];
};
ABI_SIZE(struct svsm_ca, 8);
ABI_AT(struct svsm_ca, no_eoi_required, 2);

#define SVSM_CORE_PROTOCOL    0u
#define SVSM_ATTEST_PROTOCOL  1u
#define SVSM_VTPM_PROTOCOL    2u
#define SVSM_APIC_PROTOCOL    3u
#define SVSM_UEFI_MM_PROTOCOL 4u

enum svsm_result {
	SVSM_SUCCESS = 0,
	SVSM_ERR_INCOMPLETE = (int)0x80000000u,
	SVSM_ERR_UNSUPPORTED_PROTOCOL = (int)0x80000001u,
	SVSM_ERR_UNSUPPORTED_CALL = (int)0x80000002u,
	SVSM_ERR_INVALID_ADDRESS = (int)0x80000003u,
	SVSM_ERR_INVALID_FORMAT = (int)0x80000004u,
	SVSM_ERR_INVALID_PARAMETER = (int)0x80000005u,
	SVSM_ERR_INVALID_REQUEST = (int)0x80000006u,
	SVSM_ERR_BUSY = (int)0x80000007u,
	SVSM_ERR_PROTOCOL = (int)0x80001000u, /* + protocol's own code */
};

/* "Deposit this many 4 KiB pages and call again." */
#define SVSM_NEED_PAGES 0x40000000u
