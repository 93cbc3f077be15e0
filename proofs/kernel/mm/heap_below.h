/* SPDX-License-Identifier: MIT */
/*
 * For proofs of kernel/mm/heap.c: the page allocator below it, which may have
 * nothing, and hands out one page at a time.
 */
#pragma once

#include "kernel/mm/page.h"
#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"

static struct pa below; /* a page that was taken and is not yet mapped */

enum err page_take(struct pa *out)
{
	__CPROVER_assert(!below.v && proof_locks, "one at a time");
	if (nondet_bool())
		return nondet_bool() ? ERR_NOMEM : ERR_HOST;
	below.v = nondet_u64() | 1;
	*out = below;
	return OK;
}

void page_give(struct pa pa)
{
	__CPROVER_assert(below.v && pa.v == below.v, "the one that was taken");
	below.v = 0;
}
