/* SPDX-License-Identifier: MIT */
/* See rmp_rules.h. Sections: AMD 24593 (15.36), 24594 (each instruction), 56860
 * (firmware), as the fact sheet snp.md 2 to 6 has them. */
#include "tests/fuzz/rmp_rules.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct rule {
	const char *section;
	uint32_t answer;
	bool (*broken)(const struct rules_case *c);
};

/* ---- what there is to know of a page ---- */

static const struct rules_page *page(const struct rules_case *c)
{
	return c->pfn < RULES_PAGES ? &c->table->page[c->pfn] : NULL;
}

static uint64_t request_pages(const struct rules_case *c)
{
	return c->size == RMP_PG_SIZE_2M ? RULES_LARGE : 1;
}

/* Does any page of the request, or of the entry around it, hold so? */
static bool any(const struct rules_case *c,
		bool (*holds)(const struct rules_page *p))
{
	const struct rules_page *p = page(c);
	uint64_t n = request_pages(c), first = c->pfn;

	if (p && p->large) {
		n = RULES_LARGE;
		first -= first % RULES_LARGE;
	}
	for (uint64_t i = first; i < first + n && i < RULES_PAGES; i++)
		if (holds(&c->table->page[i]))
			return true;
	return false;
}

static bool page_runs(const struct rules_page *p)
{
	return p->running;
}

static bool page_immutable(const struct rules_page *p)
{
	return p->owner == OF_FIRMWARE;
}

static bool page_small(const struct rules_page *p)
{
	return p->owner != OF_HOST && !p->large;
}

/* ---- rules: true is broken ---- */

static bool not_covered(const struct rules_case *c)
{
	return !page(c);
}

static bool not_assigned(const struct rules_case *c)
{
	return page(c) && page(c)->owner == OF_HOST;
}

static bool assigned(const struct rules_case *c)
{
	return page(c) && page(c)->owner != OF_HOST;
}

static bool firmwares(const struct rules_case *c)
{
	return page(c) && page(c)->owner == OF_FIRMWARE;
}

static bool another_gpa(const struct rules_case *c)
{
	return page(c) && page(c)->gfn != c->gfn;
}

static bool not_validated(const struct rules_case *c)
{
	return page(c) && !page(c)->valid;
}

static bool not_vmpl0(const struct rules_case *c)
{
	return c->vmpl != 0;
}

static bool size_unknown(const struct rules_case *c)
{
	return c->size > RMP_PG_SIZE_2M;
}

static bool larger_than_entry(const struct rules_case *c)
{
	return c->size == RMP_PG_SIZE_2M && page(c) && !page(c)->large;
}

bool rules_splits(const struct rules_case *c)
{
	return c->size == RMP_PG_SIZE_4K && page(c) && page(c)->large;
}

/* A host that splits resumes the instruction: the guest never sees it. */
static bool smaller_than_entry(const struct rules_case *c)
{
	return rules_splits(c) && !c->table->host_smashes;
}

static uint32_t target(const struct rules_case *c)
{
	return (uint32_t)(c->rdx & RMPADJUST_VMPL);
}

static uint8_t asked(const struct rules_case *c)
{
	return (uint8_t)(c->rdx >> RMPADJUST_PERM_SHIFT);
}

static bool no_such_vmpl(const struct rules_case *c)
{
	return target(c) >= SNP_VMPL_COUNT;
}

static bool not_below(const struct rules_case *c)
{
	return target(c) <= c->vmpl;
}

static bool above(const struct rules_case *c)
{
	return target(c) < c->vmpl;
}

static bool reserved_bits(const struct rules_case *c)
{
	return asked(c) & ~RMP_PERM_MASK || c->rdx & ~0x1ffffull;
}

static bool more_than_own(const struct rules_case *c)
{
	return page(c) && asked(c) & ~page(c)->perm[c->vmpl] & RMP_PERM_MASK;
}

static bool running(const struct rules_case *c)
{
	return any(c, page_runs);
}

static bool immutable(const struct rules_case *c)
{
	return any(c, page_immutable);
}

static bool all_covered(const struct rules_case *c)
{
	return c->pfn < RULES_PAGES && c->pfn + request_pages(c) <= RULES_PAGES;
}

static bool out_of_table(const struct rules_case *c)
{
	return !all_covered(c);
}

static bool unaligned(const struct rules_case *c)
{
	return c->pfn % request_pages(c) || c->gfn % request_pages(c);
}

static bool unaligned_page(const struct rules_case *c)
{
	return c->pfn % request_pages(c);
}

/* 4 KiB inside an entry of 2 MiB, or 2 MiB over entries of 4 KiB. */
static bool overlaps(const struct rules_case *c)
{
	return rules_splits(c) ||
	       (c->size == RMP_PG_SIZE_2M && any(c, page_small));
}

static bool no_large_entry(const struct rules_case *c)
{
	return page(c) && !page(c)->large;
}

static bool not_first(const struct rules_case *c)
{
	return c->pfn % RULES_LARGE != 0;
}

/* Firmware joins what is 512 times the same, and a guest's. */
static bool not_equal(const struct rules_case *c)
{
	const struct rules_page *first = page(c);

	if (!first || c->pfn % RULES_LARGE)
		return true;
	for (uint64_t i = 0; i < RULES_LARGE; i++) {
		struct rules_page p = first[i];

		p.gfn -= i;
		if (memcmp(&p, first, sizeof(p)))
			return true;
	}
	return first->owner != OF_GUEST || first->large ||
	       first->gfn % RULES_LARGE;
}

/* ---- the lists ---- */

/* 15.36.10: these in this order, then the size, then validation. */
static const struct rule owner_rules[] = {
	{ "24593 15.36.10", RULES_NPF, not_covered },
	{ "24593 15.36.10", RULES_NPF, not_assigned },
	{ "24593 15.36.10", RULES_NPF, firmwares },
	{ "24593 15.36.10", RULES_NPF, another_gpa },
};

static const struct rule pvalidate_rules[] = {
	{ "24594 PVALIDATE: VMPL0 only", RULES_GP, not_vmpl0 },
	{ "24594 PVALIDATE: FAIL_INPUT", RULES_EAX(1), size_unknown },
	{ "24594 PVALIDATE: 2 MiB over 4 KiB", RULES_EAX(6),
	  larger_than_entry },
	{ "24593 15.36.10: SIZEM", RULES_NPF, smaller_than_entry },
};

static const struct rule rmpadjust_rules[] = {
	{ "24594 RMPADJUST: FAIL_INPUT", RULES_EAX(1), size_unknown },
	{ "24594 RMPADJUST: FAIL_INPUT", RULES_EAX(1), no_such_vmpl },
	{ "24594 RMPADJUST: FAIL_INPUT", RULES_EAX(1), reserved_bits },
	{ "24594 RMPADJUST: target not below", RULES_EAX(2), not_below },
	{ "24594 RMPADJUST: more than own", RULES_EAX(2), more_than_own },
	{ "24594 RMPADJUST: VMSA that runs", RULES_EAX(3), running },
	{ "24594 RMPADJUST: 2 MiB over 4 KiB", RULES_EAX(6),
	  larger_than_entry },
	{ "24593 15.36.10: SIZEM", RULES_NPF, smaller_than_entry },
	{ "24593 15.36.10: #VC 0x404", RULES_VC, not_validated },
};

static const struct rule rmpquery_rules[] = {
	{ "24594 RMPQUERY: FAIL_INPUT", RULES_EAX(1), no_such_vmpl },
	{ "24594 RMPQUERY: target above", RULES_EAX(2), above },
	{ "24593 15.36.10: #VC 0x404", RULES_VC, not_validated },
};

static const struct rule assign_rules[] = {
	{ "24593 15.36.5: FAIL_INPUT", RULES_EAX(1), size_unknown },
	{ "24593 15.36.5: FAIL_INPUT", RULES_EAX(1), out_of_table },
	{ "24593 15.36.5: FAIL_INPUT", RULES_EAX(1), unaligned },
	{ "24593 15.36.5: immutable", RULES_EAX(2), immutable },
	{ "24593 15.36.5: VMSA that runs", RULES_EAX(3), running },
	{ "24593 15.36.5: FAIL_OVERLAP", RULES_EAX(4), overlaps },
};

static const struct rule unassign_rules[] = {
	{ "24593 15.36.5: FAIL_INPUT", RULES_EAX(1), size_unknown },
	{ "24593 15.36.5: FAIL_INPUT", RULES_EAX(1), out_of_table },
	{ "24593 15.36.5: FAIL_INPUT", RULES_EAX(1), unaligned_page },
	{ "24593 15.36.5: immutable", RULES_EAX(2), immutable },
	{ "24593 15.36.5: VMSA that runs", RULES_EAX(3), running },
	{ "24593 15.36.5: FAIL_OVERLAP", RULES_EAX(4), overlaps },
};

static const struct rule psmash_rules[] = {
	{ "24593 15.36.11: FAIL_INPUT", RULES_EAX(1), out_of_table },
	{ "24593 15.36.11: FAIL_INPUT", RULES_EAX(1), not_first },
	{ "24593 15.36.11: immutable", RULES_EAX(2), immutable },
	{ "24593 15.36.11: FAIL_INUSE", RULES_EAX(3), running },
	{ "24593 15.36.11: bad state", RULES_EAX(7), no_large_entry },
};

/* Firmware calls it INVALID_PAGE_STATE or the like; any refusal will do. */
#define REFUSED                                                      \
	(RULES_EAX(1) | RULES_EAX(2) | RULES_EAX(3) | RULES_EAX(4) | \
	 RULES_EAX(7))
static const struct rule unsmash_rules[] = {
	{ "56860 PAGE_UNSMASH", REFUSED, not_equal },
	{ "56860 PAGE_UNSMASH", REFUSED, running },
};

/* No page is launched twice, and none that is somebody's. */
static const struct rule launch_rules[] = {
	{ "56860 SNP_LAUNCH_UPDATE", REFUSED, not_covered },
	{ "56860 SNP_LAUNCH_UPDATE", REFUSED, assigned },
};

#define BROKEN(c, list, start) broken(c, list, COUNT(list), start)

static uint32_t broken(const struct rules_case *c, const struct rule *list,
		       size_t count, uint32_t answers)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].broken(c))
			answers |= list[i].answer;
	return answers ? answers : RULES_DONE;
}

static uint32_t owner(const struct rules_case *c)
{
	uint32_t all = BROKEN(c, owner_rules, 0);

	return all == RULES_DONE ? 0 : all;
}

uint32_t rules_pvalidate(const struct rules_case *c)
{
	return BROKEN(c, pvalidate_rules, owner(c));
}

uint32_t rules_rmpadjust(const struct rules_case *c)
{
	return BROKEN(c, rmpadjust_rules, owner(c));
}

uint32_t rules_rmpquery(const struct rules_case *c)
{
	return BROKEN(c, rmpquery_rules, owner(c));
}

uint32_t rules_assign(const struct rules_case *c)
{
	return BROKEN(c, assign_rules, 0);
}

uint32_t rules_unassign(const struct rules_case *c)
{
	return BROKEN(c, unassign_rules, 0);
}

uint32_t rules_psmash(const struct rules_case *c)
{
	return BROKEN(c, psmash_rules, 0);
}

uint32_t rules_unsmash(const struct rules_case *c)
{
	return BROKEN(c, unsmash_rules, 0);
}

uint32_t rules_launch(const struct rules_case *c)
{
	return BROKEN(c, launch_rules, 0);
}

/* ---- accesses ---- */

static uint8_t needed(uint32_t access)
{
	if (access & RMP_FETCH)
		return access & RMP_USER ? VMPL_EXEC_USER : VMPL_EXEC_SUPER;
	return access & RMP_WRITE ? VMPL_WRITE : VMPL_READ;
}

/* 15.36.7: a mask that writes and does not read is illegal; with it every
 * access faults, the fetch that it names too. */
static bool permits(uint8_t mask, uint32_t access)
{
	bool legal = !(mask & VMPL_WRITE) || mask & VMPL_READ;

	return legal && mask & needed(access);
}

/* 15.36.10, in the order of the text. A shared access asks for nothing but
 * that what it writes is the host's. */
enum rmp_verdict rules_access(const struct rules_case *c)
{
	bool private = c->access & (RMP_CBIT | RMP_FETCH | RMP_WALK);
	const struct rules_page *p = page(c);

	if (!private)
		return c->access & RMP_WRITE && p && p->owner != OF_HOST
			       ? RMP_NOT_SHARED
			       : RMP_OK;
	if (!p)
		return RMP_NOT_COVERED;
	if (p->owner == OF_HOST)
		return RMP_NOT_ASSIGNED;
	if (p->owner == OF_FIRMWARE)
		return RMP_NOT_OURS;
	if (p->gfn != c->gfn)
		return RMP_WRONG_GPA;
	if (c->access & RMP_NPT_SIZE && !(c->access & RMP_NPT_2M) != !p->large)
		return RMP_WRONG_SIZE;
	if (!p->valid)
		return RMP_NOT_VALIDATED;
	return permits(p->perm[c->vmpl], c->access) ? RMP_OK
						    : RMP_NOT_PERMITTED;
}

/* 15.36.12: covered, the guest's at this address, the attribute, not twice. */
bool rules_runnable(const struct rules_case *c)
{
	const struct rules_page *p = page(c);

	return p && p->owner == OF_GUEST && p->gfn == c->gfn && p->vmsa &&
	       !p->running;
}

bool rules_changes(const struct rules_case *c)
{
	return c->size <= RMP_PG_SIZE_2M && all_covered(c) && !unaligned(c) &&
	       !running(c) && !immutable(c);
}

/* ---- what follows ---- */

void rules_do_split(struct rules_table *t, uint64_t pfn)
{
	for (uint64_t i = 0; i < RULES_LARGE; i++)
		t->page[pfn - pfn % RULES_LARGE + i].large = false;
}

void rules_do_join(struct rules_table *t, uint64_t pfn)
{
	for (uint64_t i = 0; i < RULES_LARGE; i++)
		t->page[pfn + i].large = true;
}

void rules_do_validate(struct rules_table *t, const struct rules_case *c,
		       bool on, bool *same)
{
	*same = t->page[c->pfn].valid == on;
	for (uint64_t i = 0; i < request_pages(c); i++)
		t->page[c->pfn + i].valid = on;
}

/* VMPL0 writes the attribute each time; others leave it as it is. */
void rules_do_adjust(struct rules_table *t, const struct rules_case *c)
{
	for (uint64_t i = 0; i < request_pages(c); i++) {
		struct rules_page *p = &t->page[c->pfn + i];

		p->perm[target(c)] = asked(c);
		if (!c->vmpl)
			p->vmsa = c->rdx & RMPADJUST_VMSA;
	}
}

void rules_do_assign(struct rules_table *t, const struct rules_case *c)
{
	for (uint64_t i = 0; i < request_pages(c); i++)
		t->page[c->pfn + i] = (struct rules_page){
			.owner = OF_GUEST,
			.gfn = c->gfn + i,
			.large = c->size == RMP_PG_SIZE_2M,
			/* all, the shadow stack's too: 15.36.5 */
			.perm = { RMP_PERM_MASK },
		};
}

void rules_do_unassign(struct rules_table *t, const struct rules_case *c)
{
	for (uint64_t i = 0; i < request_pages(c); i++)
		t->page[c->pfn + i] = (struct rules_page){ .owner = OF_HOST };
}

/* GHCB 4.1.6: pages assigned there keep their state, others get a new one; a free
 * range of 2 MiB that was asked for as such is one entry. */
void rules_do_private(struct rules_table *t, const struct rules_case *c)
{
	struct rules_case one = *c;
	uint64_t n = request_pages(c);
	bool some = false;

	for (uint64_t i = 0; i < n; i++)
		some |= t->page[c->pfn + i].owner != OF_HOST;
	if (!some)
		return rules_do_assign(t, c);
	one.size = RMP_PG_SIZE_4K;
	for (uint64_t i = 0; i < n; i++, one.pfn++, one.gfn++) {
		if (t->page[one.pfn].owner == OF_GUEST &&
		    t->page[one.pfn].gfn == one.gfn)
			continue;
		if (rules_splits(&one))
			rules_do_split(t, one.pfn);
		rules_do_assign(t, &one);
	}
}

void rules_do_shared(struct rules_table *t, const struct rules_case *c)
{
	if (rules_splits(c))
		rules_do_split(t, c->pfn);
	rules_do_unassign(t, c);
}

uint64_t rules_run(const struct rules_table *t, uint64_t pfn, uint64_t max)
{
	uint64_t n = 0;

	for (; n < max && pfn + n < RULES_PAGES; n++) {
		struct rules_page p = t->page[pfn + n];

		if (p.owner == OF_GUEST)
			p.gfn -= n;
		if (memcmp(&p, &t->page[pfn], sizeof(p)))
			break;
	}
	return n;
}
