/* SPDX-License-Identifier: MIT */
/*
 * Random instructions of host, firmware and guest on model/rmp.c, and on a
 * second formulation of the same rules: each answer is one that a broken rule
 * gives, nothing changes but by what was allowed, and both agree on every page.
 */
/* test-sources: tests/fuzz/rmp_rules.c model/rmp.c model/rmp_guest.c */
#include "tests/fuzz/rmp_rules.h"

#include <string.h>

#include "tests/fuzz/need.h"

#define PIECE 8u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rmp_entry entries[RULES_PAGES];
static struct rmp rmp;
static struct rules_table table;

static struct rmp_at at_of(const struct rules_case *c)
{
	return (struct rmp_at){ c->gfn * PAGE_4K, c->pfn * PAGE_4K };
}

static uint32_t answer(const struct rmp_result *r)
{
	switch (r->kind) {
	case RMP_DONE:
		need(r->eax < 16);
		return RULES_EAX(r->eax);
	case RMP_GP:
		return RULES_GP;
	case RMP_VC:
		return RULES_VC;
	default:
		need(r->kind == RMP_NPF);
		return RULES_NPF;
	}
}

/* Why an instruction left by #NPF: as an access would, or for the size. */
static void npf_check(const struct rules_case *c, const struct rmp_result *r)
{
	struct rules_case look = *c;
	enum rmp_verdict why;

	if (r->kind != RMP_NPF)
		return;
	look.access = RMP_CBIT;
	why = rules_access(&look);
	need(r->npf & NPF_RMP);
	if (r->verdict == RMP_WRONG_SIZE)
		need(r->npf & NPF_SIZEM && rules_splits(c));
	else
		need(r->verdict == why && !(r->npf & NPF_SIZEM));
}

/* A host that splits may have done so before a refusal, too. */
static void split_check(const struct rules_case *c, const struct rmp_result *r)
{
	if (!r->smashed)
		return;
	need(table.host_smashes && rules_splits(c));
	rules_do_split(&table, c->pfn);
}

static void flags_check(const struct rmp_result *r)
{
	uint64_t flags = rmp_flags(~0ull, r);

	/* ZF is that of EAX; nothing but the arithmetic flags changes. */
	need(!(flags & 1u << 6) == (r->eax != 0));
	need((~flags & ~0x8d5ull) == 0);
}

static void validate(const struct rules_case *c, bool on)
{
	uint32_t right = rules_pvalidate(c);
	struct rmp_result r =
		rmp_pvalidate(&rmp, c->vmpl, at_of(c), c->size, on);
	bool same;

	need(answer(&r) & right);
	npf_check(c, &r);
	split_check(c, &r);
	if (answer(&r) != RULES_DONE)
		return;
	flags_check(&r);
	rules_do_validate(&table, c, on, &same);
	need(r.carry == same);
}

static void adjust(const struct rules_case *c)
{
	uint32_t right = rules_rmpadjust(c);
	struct rmp_result r =
		rmp_rmpadjust(&rmp, c->vmpl, at_of(c), c->size, c->rdx);

	need(answer(&r) & right);
	npf_check(c, &r);
	split_check(c, &r);
	if (answer(&r) != RULES_DONE)
		return;
	flags_check(&r);
	rules_do_adjust(&table, c);
}

static void query(const struct rules_case *c)
{
	uint32_t right = rules_rmpquery(c);
	struct rmp_result r = rmp_rmpquery(&rmp, c->vmpl, at_of(c), c->rdx);
	const struct rules_page *p = &table.page[c->pfn % RULES_PAGES];

	need(answer(&r) & right);
	npf_check(c, &r);
	need(!r.smashed);
	if (answer(&r) != RULES_DONE)
		return;
	need((uint8_t)(r.attributes >> RMPADJUST_PERM_SHIFT) ==
	     p->perm[c->rdx & RMPADJUST_VMPL]);
	need(!(r.attributes & RMPADJUST_VMSA) == !p->vmsa);
	need(r.page_size == p->large);
}

static bool done(uint32_t eax, uint32_t right)
{
	need(eax < 16 && RULES_EAX(eax) & right);
	return eax == 0;
}

static void host(struct rules_case *c, uint8_t what)
{
	uint64_t spa = c->pfn * PAGE_4K;

	switch (what % 4) {
	case 0:
		if (done(rmp_assign(&rmp, at_of(c), (uint32_t)c->size),
			 rules_assign(c)))
			rules_do_assign(&table, c);
		break;
	case 1:
		if (done(rmp_unassign(&rmp, spa, (uint32_t)c->size),
			 rules_unassign(c)))
			rules_do_unassign(&table, c);
		break;
	case 2:
		if (done(rmp_psmash(&rmp, spa), rules_psmash(c)))
			rules_do_split(&table, c->pfn);
		break;
	default:
		if (done(rmp_unsmash(&rmp, spa), rules_unsmash(c)))
			rules_do_join(&table, c->pfn);
		break;
	}
}

/* Only where nothing forbids it; then nothing may fail. */
static void state_change(struct rules_case *c, bool to_private)
{
	if (c->size == RMP_PG_SIZE_2M)
		c->pfn -= c->pfn % RULES_LARGE;
	c->gfn = c->pfn;
	if (!rules_changes(c))
		return;
	if (to_private) {
		need(!rmp_psc_private(&rmp, at_of(c), (uint32_t)c->size));
		rules_do_private(&table, c);
	} else {
		need(!rmp_psc_shared(&rmp, c->pfn * PAGE_4K,
				     (uint32_t)c->size));
		rules_do_shared(&table, c);
	}
}

static void look(const struct rules_case *c, uint64_t max)
{
	uint64_t first = c->pfn - c->pfn % RULES_LARGE;

	need(rmp_run(&rmp, c->pfn * PAGE_4K, max) ==
	     rules_run(&table, c->pfn, max));
	need(rmp_uniform_2m(&rmp, c->pfn * PAGE_4K) ==
	     (rules_run(&table, first, RULES_LARGE) == RULES_LARGE));
	need(rmp_is_private(&rmp, c->pfn * PAGE_4K) ==
	     (c->pfn < RULES_PAGES && table.page[c->pfn].owner != OF_HOST));
}

static void firmware(struct rules_case *c, const uint8_t *in)
{
	uint64_t spa = c->pfn * PAGE_4K;
	uint8_t perms[3];
	bool vmsa = in[5] & 1;

	c->size = RMP_PG_SIZE_4K;
	for (unsigned int i = 0; i < 3; i++)
		perms[i] = in[4] >> i & RMP_PERM_MASK;
	if (in[5] & 2) {
		if (!done(rmp_firmware_page(&rmp, spa), rules_launch(c)))
			return;
		rules_do_unassign(&table, c);
		table.page[c->pfn].owner = OF_FIRMWARE;
		return;
	}
	if (!done(rmp_launch_page(&rmp, at_of(c), vmsa, perms),
		  rules_launch(c)))
		return;
	rules_do_assign(&table, c);
	table.page[c->pfn].valid = true;
	table.page[c->pfn].vmsa = vmsa;
	memcpy(table.page[c->pfn].perm + 1, perms, sizeof(perms));
}

static void save_area(const struct rules_case *c, bool leave)
{
	bool can = rules_runnable(c);

	if (leave && c->pfn < RULES_PAGES && table.page[c->pfn].running) {
		rmp_vmsa_leave(&rmp, c->pfn * PAGE_4K);
		table.page[c->pfn].running = false;
		return;
	}
	need((rmp_vmsa_check(&rmp, at_of(c)) == RMP_VMSA_OK) == can);
	need((rmp_vmsa_enter(&rmp, at_of(c)) == RMP_VMSA_OK) == can);
	if (can)
		table.page[c->pfn].running = true;
}

static void access_check(const struct rules_case *c)
{
	enum rmp_verdict v = rmp_check(&rmp, c->vmpl, at_of(c), c->access);
	uint64_t info = rmp_npf_info(v, c->access);
	bool private = c->access & (RMP_CBIT | RMP_FETCH | RMP_WALK);

	need(v == rules_access(c));
	if (v == RMP_OK || v == RMP_NOT_VALIDATED) {
		need(!info);
		return;
	}
	need(info & NPF_RMP && !(info & NPF_VMPL) == (v != RMP_NOT_PERMITTED));
	need(!(info & NPF_SIZEM) == (v != RMP_WRONG_SIZE));
	need(!(info & NPF_W) == !(c->access & RMP_WRITE));
	need(!(info & NPF_ID) == !(c->access & RMP_FETCH));
	need(!(info & NPF_ENC) == !private);
	need(!!(info & NPF_WALK) != !!(info & NPF_GPA));
	need(!(info & NPF_WALK) == !(c->access & RMP_WALK));
}

/* The two tables say the same of every page. */
static void same_check(void)
{
	for (uint64_t n = 0; n < RULES_PAGES; n++) {
		const struct rules_page *p = &table.page[n];
		uint32_t bits = entries[n].bits;

		need(!(bits & RMP_ASSIGNED) == (p->owner == OF_HOST));
		need(rmp_host_may_write(&rmp, n * PAGE_4K) ==
		     (p->owner == OF_HOST));
		need(!(bits & RMP_IMMUTABLE) == (p->owner != OF_FIRMWARE));
		if (p->owner != OF_GUEST)
			continue;
		need(entries[n].gfn == p->gfn);
		need(!(bits & RMP_VALIDATED) == !p->valid);
		need(!(bits & RMP_2M) == !p->large);
		need(!(bits & RMP_VMSA) == !p->vmsa);
		need(!(bits & RMP_IN_USE) == !p->running);
		for (uint32_t v = 0; v < SNP_VMPL_COUNT; v++)
			need(rmp_perms(&entries[n], v) == p->perm[v]);
	}
}

/* Few pages, so that actions meet; at and beyond each border. */
static uint64_t place(uint8_t a)
{
	uint64_t large = a % 4 * RULES_LARGE; /* 3: beyond the table */

	return a & 0x40 ? large + (a & 0x20 ? RULES_LARGE - 1 : a >> 2 & 7)
			: large;
}

static struct rules_case case_of(const uint8_t *in)
{
	static const uint64_t sizes[] = { 0, 1, 0, 1, 0, 0, 2, 0xffffffff };
	struct rules_case c = { .table = &table,
				.vmpl = in[3] >> 2 & 3,
				.pfn = place(in[1]),
				.size = sizes[in[2] & 7] };

	/* Mostly where it should be. */
	c.gfn = in[2] & 0x80 ? c.pfn : place(in[2] >> 3) ^ (in[2] & 0x20);
	if (in[3] & 1)
		c.vmpl = 0;
	/* The caller of an instruction answers for alignment, see rmp.h. */
	c.rdx = (uint64_t)(in[4] & 7) | (uint64_t)in[5] << 8 |
		(uint64_t)(in[6] & 1) << 16 | (in[6] == 0xff ? 1ull << 40 : 0);
	c.access = in[4] | in[5] << 8;
	return c;
}

static void aligned(struct rules_case *c)
{
	if (c->size != RMP_PG_SIZE_2M)
		return;
	c->pfn -= c->pfn % RULES_LARGE;
	c->gfn -= c->gfn % RULES_LARGE;
}

static void step(const uint8_t *in)
{
	struct rules_case c = case_of(in);

	if (in[0] % 8 < 2)
		return host(&c, in[0] / 8);
	if (in[0] % 8 == 2)
		return in[0] & 0x80 ? look(&c, in[5] * 3u)
				    : state_change(&c, in[0] & 0x40);
	if (in[0] % 8 == 3)
		return in[0] & 0x80 ? firmware(&c, in)
				    : save_area(&c, in[0] & 0x40);
	aligned(&c);
	if (in[0] % 8 == 4)
		return validate(&c, in[6] & 1);
	if (in[0] % 8 == 5)
		return adjust(&c);
	if (in[0] % 8 == 6)
		return query(&c);
	c.access &= RMP_WRITE | RMP_FETCH | RMP_USER | RMP_WALK | RMP_CBIT |
		    RMP_NPT_SIZE | RMP_NPT_2M;
	/* A walk is none of code, and code is not written while fetched. */
	if (c.access & RMP_WALK)
		c.access &= ~(RMP_FETCH | RMP_USER);
	if (c.access & RMP_FETCH)
		c.access &= ~RMP_WRITE;
	access_check(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	rmp_init(&rmp, entries, RULES_PAGES);
	memset(&table, 0, sizeof(table));
	table.host_smashes = rmp.host_smashes = data[0] & 1;
	for (data++, size--; size >= PIECE; data += PIECE, size -= PIECE) {
		step(data);
		same_check();
	}
	return 0;
}
