/* SPDX-License-Identifier: MIT */
/*
 * SNP's page ownership a second time, written from the documents alone and
 * without a look at model/rmp.c: what forbids an action is a flat list of rules,
 * each with its section. Where the documents give no order among refusals, the
 * answer of any broken rule is right; that of an unbroken one never is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/rmp.h"

#define RULES_LARGE 512u /* pages of a 2 MiB entry */
#define RULES_PAGES (3 * RULES_LARGE)

enum rules_owner { OF_HOST, OF_GUEST, OF_FIRMWARE };

struct rules_page {
	enum rules_owner owner;
	uint64_t gfn;
	bool valid, large, vmsa, running;
	uint8_t perm[4];
};

struct rules_table {
	struct rules_page page[RULES_PAGES];
	bool host_smashes;
};

/* One action: what is asked, by whom, of which page. */
struct rules_case {
	const struct rules_table *table;
	uint32_t vmpl;
	uint64_t gfn, pfn;
	uint64_t size, rdx;
	uint32_t access;
};

/* Answers as a set of bits; the numbers of EAX are their own places. */
#define RULES_EAX(n) (1u << (n))
#define RULES_DONE   RULES_EAX(0)
#define RULES_GP     (1u << 16)
#define RULES_VC     (1u << 17)
#define RULES_NPF    (1u << 18)

/* Every answer that is right; RULES_DONE alone when nothing forbids it. */
uint32_t rules_pvalidate(const struct rules_case *c);
uint32_t rules_rmpadjust(const struct rules_case *c);
uint32_t rules_rmpquery(const struct rules_case *c);
uint32_t rules_assign(const struct rules_case *c);
uint32_t rules_unassign(const struct rules_case *c);
uint32_t rules_psmash(const struct rules_case *c);
uint32_t rules_unsmash(const struct rules_case *c);
/* Launch of a page, or its change to firmware: 4 KiB. */
uint32_t rules_launch(const struct rules_case *c);

/* The verdict on an access; the first broken rule in the order of 15.36.10. */
enum rmp_verdict rules_access(const struct rules_case *c);
/* True: the page may be run as a save area. */
bool rules_runnable(const struct rules_case *c);
/* True: a request of 4 KiB meets an entry of 2 MiB, which a host may split. */
bool rules_splits(const struct rules_case *c);

/* Nothing in the pages of the request forbids a change of state: all are there,
 * none is the firmware's, none runs. */
bool rules_changes(const struct rules_case *c);

/* What follows when it was done. */
void rules_do_validate(struct rules_table *t, const struct rules_case *c,
		       bool on, bool *same);
void rules_do_adjust(struct rules_table *t, const struct rules_case *c);
void rules_do_assign(struct rules_table *t, const struct rules_case *c);
void rules_do_unassign(struct rules_table *t, const struct rules_case *c);
void rules_do_split(struct rules_table *t, uint64_t pfn);
void rules_do_join(struct rules_table *t, uint64_t pfn);
/* A page state change as a sane host carries it out, see rmp.h. */
void rules_do_private(struct rules_table *t, const struct rules_case *c);
void rules_do_shared(struct rules_table *t, const struct rules_case *c);
/* Pages from @pfn on, at most @max, that differ in their addresses alone. */
uint64_t rules_run(const struct rules_table *t, uint64_t pfn, uint64_t max);
