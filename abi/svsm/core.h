/* SPDX-License-Identifier: MIT */
/* CORE protocol, version 1. AMD 58019, ch. 7. */
#pragma once

#include "abi/check.h"

#define SVSM_CORE_VERSION 1u

#define SVSM_CORE_REMAP_CA	 0u
#define SVSM_CORE_PVALIDATE	 1u
#define SVSM_CORE_CREATE_VCPU	 2u
#define SVSM_CORE_DELETE_VCPU	 3u
#define SVSM_CORE_DEPOSIT_MEM	 4u
#define SVSM_CORE_WITHDRAW_MEM	 5u
#define SVSM_CORE_QUERY_PROTOCOL 6u
#define SVSM_CORE_CONFIGURE_VTOM 7u

/* Header of the page lists of calls 1 and 4; entries follow. */
struct svsm_list {
	uint16_t entries;
	uint16_t next; /* index of the next entry to process */
	uint32_t reserved;
};
ABI_SIZE(struct svsm_list, 8);

#define SVSM_PVALIDATE_SIZE	 0x3ull
#define SVSM_PVALIDATE_4K	 0ull
#define SVSM_PVALIDATE_2M	 1ull
#define SVSM_PVALIDATE_VALIDATE	 (1ull << 2)
#define SVSM_PVALIDATE_IGNORE_CF (1ull << 3)
#define SVSM_PVALIDATE_RESERVED	 0xff0ull
#define SVSM_PVALIDATE_GPA	 (~0xfffull)

#define SVSM_DEPOSIT_2M	      1ull /* page size as above */
#define SVSM_DEPOSIT_RESERVED 0xffcull
#define SVSM_DEPOSIT_GPA      (~0xfffull)

/* What WITHDRAW_MEM fills; addresses follow. */
struct svsm_withdrawn {
	uint16_t count;
	uint8_t unused[6];
};
ABI_SIZE(struct svsm_withdrawn, 8);

/* RAX = SVSM_ERR_PROTOCOL + code */
#define SVSM_CORE_FAIL_INPUT	    0x1u
#define SVSM_CORE_FAIL_INUSE	    0x3u
#define SVSM_CORE_FAIL_SIZEMISMATCH 0x6u
#define SVSM_CORE_FAIL_NOCHANGE	    0x10u
#define SVSM_CORE_FAIL_OTHER	    0x11u

/* CONFIGURE_VTOM, RCX */
#define SVSM_VTOM_QUERY (1ull << 0)
