/* SPDX-License-Identifier: MIT */
/* What the proofs of kernel/cpu/tlb.c share: what it stands on, and what a flush
 * is about. */
#pragma once

#include "proofs/fake/tlb/hw/cpu.h"

#include "kernel/cpu/tlb.c"
#include "proofs/fake/proof.h"

const struct platform_ops *platform;
void *proof_gs;

/* True of all that tlb_add can lead to; given here, not proved: its proof did
 * not end in two minutes. */
static inline bool gathered(const struct tlb_gather *what)
{
	uint64_t sum = 0;

	if (what->count > TLB_RANGES)
		return false;
	for (uint32_t i = 0; i < TLB_RANGES; i++) {
		if (i >= what->count)
			break;
		if (what->range[i].va % PAGE_4K || !what->range[i].pages ||
		    what->range[i].pages > TLB_PAGES_MAX)
			return false;
		sum += what->range[i].pages;
	}
	return what->all ||
	       (sum == what->pages && what->pages <= TLB_PAGES_MAX);
}

/* Is the page gathered? Addresses wrap as the processor's do. */
static inline bool covers(const struct tlb_gather *what, uint64_t page)
{
	for (uint32_t i = 0; i < TLB_RANGES; i++)
		if (i < what->count &&
		    (page - what->range[i].va) / PAGE_4K < what->range[i].pages)
			return true;
	return what->all;
}
