/* SPDX-License-Identifier: MIT */
/* A small RMP, and what the tests of its two files both ask of results. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/rmp.h"

#define PAGES  2048u /* four regions of 2 MiB */
#define G(n)   rmp_same((uint64_t)(n)*PAGE_4K)
#define BIG(n) rmp_same((uint64_t)(n)*PAGE_2M)
#define S(n)   ((uint64_t)(n)*PAGE_4K)

#define GRANT(vmpl, perms) \
	((uint64_t)(vmpl) | (uint64_t)(perms) << RMPADJUST_PERM_SHIFT)

static inline int setup(void **state)
{
	struct rmp *rmp = malloc(sizeof(*rmp));

	rmp_init(rmp, calloc(PAGES, sizeof(struct rmp_entry)), PAGES);
	*state = rmp;
	return 0;
}

static inline int teardown(void **state)
{
	struct rmp *rmp = *state;

	free(rmp->entry);
	free(rmp);
	return 0;
}

static inline struct rmp_result pvalidate(struct rmp *rmp, struct rmp_at at)
{
	return rmp_pvalidate(rmp, 0, at, RMP_PG_SIZE_4K, true);
}

static inline void assert_done(struct rmp_result r, uint32_t eax)
{
	assert_int_equal(r.kind, RMP_DONE);
	assert_int_equal(r.eax, eax);
}

static inline void assert_npf(struct rmp_result r, enum rmp_verdict v,
			      uint64_t bits)
{
	assert_int_equal(r.kind, RMP_NPF);
	assert_int_equal(r.verdict, v);
	assert_int_equal(r.npf & bits, bits);
	assert_true(r.npf & NPF_RMP);
}
