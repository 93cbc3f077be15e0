/* SPDX-License-Identifier: MIT */
/*
 * The RMP's table: host instructions, firmware, VMSA pages, queries. What a
 * guest can do to it is in rmp_guest.c. Facts: spec/snp.md 2 and 6.
 */
#include "model/rmp.h"

#define PAGES_2M	   512u
#define PERMS(vmpl, perms) ((uint32_t)(perms) << RMP_PERM_SHIFT(vmpl))

void rmp_init(struct rmp *rmp, struct rmp_entry *table, uint64_t pages)
{
	*rmp = (struct rmp){ .entry = table, .pages = pages };
	for (uint64_t i = 0; i < pages; i++)
		table[i] = (struct rmp_entry){ 0 };
}

static struct rmp_entry *entry_at(struct rmp *rmp, uint64_t spa)
{
	uint64_t page = spa >> PAGE_SHIFT_4K;

	return page < rmp->pages ? &rmp->entry[page] : NULL;
}

/* The first of the entries a host instruction names, or NULL. */
static struct rmp_entry *range_at(struct rmp *rmp, uint64_t spa, uint32_t size)
{
	uint64_t bytes = size == RMP_PG_SIZE_2M ? PAGE_2M : PAGE_4K;

	if (size > RMP_PG_SIZE_2M || !addr_aligned(spa, bytes))
		return NULL;
	if (!entry_at(rmp, spa + bytes - PAGE_4K))
		return NULL;
	return entry_at(rmp, spa);
}

static uint32_t page_count(uint32_t size)
{
	return size == RMP_PG_SIZE_2M ? PAGES_2M : 1;
}

/* May RMPUPDATE replace these entries? */
static uint32_t update_check(const struct rmp_entry *e, uint32_t size)
{
	for (uint32_t i = 0; i < page_count(size); i++) {
		uint32_t bits = e[i].bits;
		bool big = bits & RMP_2M;

		if (bits & RMP_IMMUTABLE)
			return RMPUPDATE_FAIL_PERMISSION;
		if (bits & RMP_IN_USE)
			return RMPUPDATE_FAIL_INUSE;
		/* one 2 MiB region never mixes sizes: smash it first */
		if ((bits & RMP_ASSIGNED) && big != (size == RMP_PG_SIZE_2M))
			return RMPUPDATE_FAIL_OVERLAP;
	}
	return RMPUPDATE_OK;
}

uint32_t rmp_assign(struct rmp *rmp, struct rmp_at at, uint32_t size)
{
	struct rmp_entry *e = range_at(rmp, at.spa, size);
	uint64_t gfn = at.gpa >> PAGE_SHIFT_4K;
	uint32_t rc;

	if (!e || gfn > UINT32_MAX - PAGES_2M || (at.gpa & (PAGE_4K - 1)))
		return RMPUPDATE_FAIL_INPUT;
	if (size == RMP_PG_SIZE_2M && !addr_aligned(at.gpa, PAGE_2M))
		return RMPUPDATE_FAIL_INPUT;
	rc = update_check(e, size);
	if (rc != RMPUPDATE_OK)
		return rc;
	for (uint32_t i = 0; i < page_count(size); i++) {
		e[i].gfn = (uint32_t)gfn + i;
		/* never validated: only the guest can say it expects the page */
		e[i].bits = RMP_ASSIGNED | PERMS(0, RMP_PERM_MASK) |
			    (size == RMP_PG_SIZE_2M ? RMP_2M : 0);
	}
	return RMPUPDATE_OK;
}

uint32_t rmp_unassign(struct rmp *rmp, uint64_t spa, uint32_t size)
{
	struct rmp_entry *e = range_at(rmp, spa, size);
	uint32_t rc;

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	rc = update_check(e, size);
	if (rc != RMPUPDATE_OK)
		return rc;
	for (uint32_t i = 0; i < page_count(size); i++)
		e[i] = (struct rmp_entry){ 0 };
	return RMPUPDATE_OK;
}

uint32_t rmp_psmash(struct rmp *rmp, uint64_t spa)
{
	struct rmp_entry *e = range_at(rmp, spa, RMP_PG_SIZE_2M);

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	if (e->bits & RMP_IMMUTABLE)
		return RMPUPDATE_FAIL_PERMISSION;
	if (!(e->bits & RMP_2M))
		return PSMASH_FAIL_BADSTATE;
	for (uint32_t i = 0; i < PAGES_2M; i++)
		if (e[i].bits & RMP_IN_USE)
			return RMPUPDATE_FAIL_INUSE;
	for (uint32_t i = 0; i < PAGES_2M; i++)
		e[i].bits &= ~RMP_2M;
	return RMPUPDATE_OK;
}

uint32_t rmp_unsmash(struct rmp *rmp, uint64_t spa)
{
	struct rmp_entry *e = range_at(rmp, spa, RMP_PG_SIZE_2M);

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	if (e->bits & RMP_IMMUTABLE)
		return RMPUPDATE_FAIL_PERMISSION;
	if (!(e->bits & RMP_ASSIGNED) || (e->bits & (RMP_2M | RMP_VMSA)) ||
	    e->gfn % PAGES_2M || !rmp_uniform_2m(rmp, spa))
		return PSMASH_FAIL_BADSTATE;
	for (uint32_t i = 0; i < PAGES_2M; i++)
		e[i].bits |= RMP_2M;
	return RMPUPDATE_OK;
}

uint32_t rmp_launch_page(struct rmp *rmp, struct rmp_at at, bool vmsa,
			 const uint8_t perms[3])
{
	struct rmp_entry *e = entry_at(rmp, at.spa);
	uint32_t rc;

	if (!e || (perms[0] | perms[1] | perms[2]) & ~RMP_PERM_MASK)
		return RMPUPDATE_FAIL_INPUT;
	if (e->bits & RMP_ASSIGNED)
		return RMPUPDATE_FAIL_PERMISSION;
	rc = rmp_assign(rmp, at, RMP_PG_SIZE_4K);
	if (rc != RMPUPDATE_OK)
		return rc;
	/* the firmware vouches for what it loaded: no PVALIDATE needed */
	e->bits |= RMP_VALIDATED | (vmsa ? RMP_VMSA : 0) | PERMS(1, perms[0]) |
		   PERMS(2, perms[1]) | PERMS(3, perms[2]);
	return RMPUPDATE_OK;
}

uint32_t rmp_firmware_page(struct rmp *rmp, uint64_t spa)
{
	struct rmp_entry *e = range_at(rmp, spa, RMP_PG_SIZE_4K);

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	if (e->bits & RMP_ASSIGNED)
		return RMPUPDATE_FAIL_PERMISSION;
	*e = (struct rmp_entry){ .bits = RMP_ASSIGNED | RMP_IMMUTABLE };
	return RMPUPDATE_OK;
}

static bool range_is_free(const struct rmp_entry *e)
{
	for (uint32_t i = 0; i < PAGES_2M; i++)
		if (e[i].bits)
			return false;
	return true;
}

/* One 4 KiB page, inside whatever lies there. */
static uint32_t private_4k(struct rmp *rmp, struct rmp_at at)
{
	struct rmp_entry *e = range_at(rmp, at.spa, RMP_PG_SIZE_4K);
	uint32_t rc;

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	if ((e->bits & RMP_ASSIGNED) && !(e->bits & RMP_IMMUTABLE) &&
	    e->gfn == at.gpa >> PAGE_SHIFT_4K)
		return RMPUPDATE_OK;
	rc = rmp_assign(rmp, at, RMP_PG_SIZE_4K);
	if (rc != RMPUPDATE_FAIL_OVERLAP)
		return rc;
	rc = rmp_psmash(rmp, addr_down(at.spa, PAGE_2M));
	return rc ? rc : rmp_assign(rmp, at, RMP_PG_SIZE_4K);
}

uint32_t rmp_psc_private(struct rmp *rmp, struct rmp_at at, uint32_t size)
{
	struct rmp_entry *e = range_at(rmp, at.spa, size);
	uint32_t rc = RMPUPDATE_OK;

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	if (size == RMP_PG_SIZE_2M && addr_aligned(at.gpa, PAGE_2M) &&
	    range_is_free(e))
		return rmp_assign(rmp, at, RMP_PG_SIZE_2M);
	for (uint32_t i = 0; i < page_count(size) && !rc; i++) {
		rc = private_4k(rmp, at);
		at.gpa += PAGE_4K;
		at.spa += PAGE_4K;
	}
	return rc;
}

static uint32_t shared_4k(struct rmp *rmp, uint64_t spa)
{
	uint32_t rc = rmp_unassign(rmp, spa, RMP_PG_SIZE_4K);

	if (rc != RMPUPDATE_FAIL_OVERLAP)
		return rc;
	rc = rmp_psmash(rmp, addr_down(spa, PAGE_2M));
	return rc ? rc : rmp_unassign(rmp, spa, RMP_PG_SIZE_4K);
}

uint32_t rmp_psc_shared(struct rmp *rmp, uint64_t spa, uint32_t size)
{
	struct rmp_entry *e = range_at(rmp, spa, size);
	uint32_t rc = RMPUPDATE_OK;

	if (!e)
		return RMPUPDATE_FAIL_INPUT;
	if (size == RMP_PG_SIZE_2M && (e->bits & RMP_2M))
		return rmp_unassign(rmp, spa, RMP_PG_SIZE_2M);
	for (uint32_t i = 0; i < page_count(size) && !rc; i++)
		rc = shared_4k(rmp, spa + i * PAGE_4K);
	return rc;
}

enum rmp_vmsa rmp_vmsa_check(const struct rmp *rmp, struct rmp_at at)
{
	const struct rmp_entry *e = rmp_look(rmp, at.spa);

	if (!e)
		return RMP_VMSA_NOT_COVERED;
	if (!(e->bits & RMP_ASSIGNED) || (e->bits & RMP_IMMUTABLE))
		return RMP_VMSA_NOT_OURS;
	if (e->gfn != at.gpa >> PAGE_SHIFT_4K)
		return RMP_VMSA_WRONG_GPA;
	if (!(e->bits & RMP_VMSA))
		return RMP_VMSA_NOT_VMSA;
	if (e->bits & RMP_IN_USE)
		return RMP_VMSA_RUNNING;
	return RMP_VMSA_OK;
}

enum rmp_vmsa rmp_vmsa_enter(struct rmp *rmp, struct rmp_at at)
{
	struct rmp_entry *e = entry_at(rmp, at.spa);
	enum rmp_vmsa rc = rmp_vmsa_check(rmp, at);

	if (e && rc == RMP_VMSA_OK)
		e->bits |= RMP_IN_USE;
	return rc;
}

void rmp_vmsa_leave(struct rmp *rmp, uint64_t spa)
{
	struct rmp_entry *e = entry_at(rmp, spa);

	if (e)
		e->bits &= ~RMP_IN_USE;
}

bool rmp_host_may_write(const struct rmp *rmp, uint64_t spa)
{
	const struct rmp_entry *e = rmp_look(rmp, spa);

	return !e || !(e->bits & RMP_ASSIGNED);
}

/* The firmware's pages have no GPA. */
static bool guests(const struct rmp_entry *e)
{
	return (e->bits & (RMP_ASSIGNED | RMP_IMMUTABLE)) == RMP_ASSIGNED;
}

uint64_t rmp_run(const struct rmp *rmp, uint64_t spa, uint64_t max)
{
	uint64_t first = spa >> PAGE_SHIFT_4K;
	const struct rmp_entry *e = rmp_look(rmp, spa);
	uint64_t n;

	if (!e)
		return 0;
	if (max > rmp->pages - first)
		max = rmp->pages - first;
	for (n = 0; n < max; n++) {
		if (e[n].bits != e->bits)
			break;
		if (guests(e) && e[n].gfn != e->gfn + n)
			break;
	}
	return n;
}

bool rmp_uniform_2m(const struct rmp *rmp, uint64_t spa)
{
	uint64_t base = addr_down(spa, PAGE_2M);

	return rmp_run(rmp, base, PAGES_2M) == PAGES_2M;
}
