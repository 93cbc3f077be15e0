/* SPDX-License-Identifier: MIT */
/* The #HV doorbell page of restricted injection. AMD 56421, 5.x. */
#pragma once

#include "abi/check.h"

#define DOORBELL_NMI		   (1u << 0)
#define DOORBELL_MC		   (1u << 1)
#define DOORBELL_NO_FURTHER_SIGNAL (1u << 7)

struct snp_doorbell {
	uint8_t vector; /* 0 = none pending */
	uint8_t flags;
	uint8_t no_eoi_required;
	uint8_t vmpl_events;
	uint8_t reserved[4092];
};
ABI_SIZE(struct snp_doorbell, 4096);
