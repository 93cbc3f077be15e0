/* SPDX-License-Identifier: MIT */
/*
 * Page lists in guest memory (PVALIDATE, DEPOSIT_MEM): an 8-byte header and
 * entries of 8 bytes, all within one page. Copied once into the vCPU's own
 * buffer; after that only the copy exists.
 */
#pragma once

#include "abi/svsm/core.h"
#include "kernel/guest/vcpu.h"

struct list {
	struct guest_range where; /* from the header to the end of its page */
	uint16_t next, entries;	  /* next < entries */
	const uint64_t *entry; /* entries [next, entries), first one at [0] */
};

/*
 * SVSM_ERR_INVALID_PARAMETER: misaligned, empty, more entries than fit in the
 * page, or nothing left to do; SVSM_ERR_INVALID_ADDRESS: not guest memory, or
 * it cannot be read.
 */
enum svsm_result list_read(struct vcpu *vcpu, uint64_t gpa, struct list *list);

/* Tells the guest how far we came: writes next back. */
enum svsm_result list_progress(const struct list *list);
