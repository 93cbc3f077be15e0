/* SPDX-License-Identifier: MIT */
/*
 * What a guest's accesses and instructions meet in the RMP. The order of the
 * checks is the hardware's: spec/snp.md 3 and 4.
 */
#include "model/rmp.h"
#include "abi/x86/cr.h"

#define PAGES_2M	   512u
#define PERMS_OF_ALL(vmpl) (RMP_PERM_MASK << RMP_PERM_SHIFT(vmpl))

/* The first check: is the page this guest's, at this address? */
static enum rmp_verdict owner_check(const struct rmp_entry *e, uint64_t gpa)
{
	if (!e)
		return RMP_NOT_COVERED;
	if (!(e->bits & RMP_ASSIGNED))
		return RMP_NOT_ASSIGNED;
	if (e->bits & RMP_IMMUTABLE)
		return RMP_NOT_OURS;
	/* another page of ours behind this address: the remapping attack */
	if (e->gfn != gpa >> PAGE_SHIFT_4K)
		return RMP_WRONG_GPA;
	return RMP_OK;
}

static uint32_t perms_needed(uint32_t access)
{
	uint32_t need = 0;

	if ((access & RMP_FETCH) && !(access & RMP_WALK))
		return access & RMP_USER ? VMPL_EXEC_USER : VMPL_EXEC_SUPER;
	need = VMPL_READ;
	if (access & RMP_WRITE)
		need |= VMPL_WRITE;
	if (access & RMP_SHADOW)
		need |= VMPL_SHADOW_STACK;
	return need;
}

static bool perms_allow(uint32_t perms, uint32_t access)
{
	uint32_t need = perms_needed(access);

	/* write without read is no legal mask: nothing is allowed by it */
	if ((perms & (VMPL_READ | VMPL_WRITE)) == VMPL_WRITE)
		return false;
	return (perms & need) == need;
}

static bool access_is_private(uint32_t access)
{
	return access & (RMP_CBIT | RMP_FETCH | RMP_WALK);
}

static bool size_differs(const struct rmp_entry *e, uint32_t access)
{
	bool npt_2m = access & RMP_NPT_2M;
	bool rmp_2m = e->bits & RMP_2M;

	return (access & RMP_NPT_SIZE) && npt_2m != rmp_2m;
}

enum rmp_verdict rmp_check(const struct rmp *rmp, uint32_t vmpl,
			   struct rmp_at at, uint32_t access)
{
	const struct rmp_entry *e = rmp_look(rmp, at.spa);
	enum rmp_verdict v;

	if (!access_is_private(access)) {
		if ((access & RMP_WRITE) && !rmp_host_may_write(rmp, at.spa))
			return RMP_NOT_SHARED;
		return RMP_OK;
	}
	v = owner_check(e, at.gpa);
	if (v != RMP_OK)
		return v;
	if (size_differs(e, access))
		return RMP_WRONG_SIZE;
	if (!(e->bits & RMP_VALIDATED))
		return RMP_NOT_VALIDATED;
	if (!perms_allow(rmp_perms(e, vmpl), access))
		return RMP_NOT_PERMITTED;
	return RMP_OK;
}

uint64_t rmp_npf_info(enum rmp_verdict verdict, uint32_t access)
{
	/* nested walks count as user accesses: U is always set */
	uint64_t info = NPF_P | NPF_U | NPF_RMP;

	if (verdict == RMP_OK || verdict == RMP_NOT_VALIDATED)
		return 0;
	if (access & RMP_WRITE)
		info |= NPF_W;
	if ((access & RMP_FETCH) && !(access & RMP_WALK))
		info |= NPF_ID;
	if (access_is_private(access))
		info |= NPF_ENC;
	if (verdict == RMP_WRONG_SIZE)
		info |= NPF_SIZEM;
	if (verdict == RMP_NOT_PERMITTED)
		info |= NPF_VMPL;
	return info | (access & RMP_WALK ? NPF_WALK : NPF_GPA);
}

const char *rmp_verdict_words(enum rmp_verdict verdict)
{
	static const char *const words[] = {
		[RMP_OK] = "allowed",
		[RMP_NOT_VALIDATED] = "not validated",
		[RMP_NOT_COVERED] = "not memory",
		[RMP_NOT_ASSIGNED] = "not assigned to the guest",
		[RMP_NOT_OURS] = "owned by the firmware",
		[RMP_WRONG_GPA] = "assigned at another address",
		[RMP_WRONG_SIZE] = "page sizes differ",
		[RMP_NOT_PERMITTED] = "not permitted at this VMPL",
		[RMP_NOT_SHARED] = "shared write to a private page",
	};

	if ((size_t)verdict >= sizeof(words) / sizeof(words[0]))
		return "unknown";
	return words[verdict];
}

static struct rmp_result done(uint32_t eax)
{
	return (struct rmp_result){ .kind = RMP_DONE, .eax = eax };
}

static struct rmp_result npf(enum rmp_verdict verdict)
{
	return (struct rmp_result){
		.kind = RMP_NPF,
		.verdict = verdict,
		.npf = rmp_npf_info(verdict, RMP_CBIT),
	};
}

/* The operand of PVALIDATE and RMPADJUST, once it may be worked on. */
struct operand {
	struct rmp_entry *e;
	uint32_t pages;
	bool smashed;
	struct rmp_result fail; /* when e is NULL */
};

static struct operand operand_fails(struct rmp_result fail)
{
	return (struct operand){ .fail = fail };
}

/* A 4 KiB request inside a 2 MiB entry: the host's turn, the guest never
 * notices. */
static bool host_smash(struct rmp *rmp, uint64_t spa)
{
	return rmp->host_smashes &&
	       rmp_psmash(rmp, addr_down(spa, PAGE_2M)) == RMPUPDATE_OK;
}

static struct operand operand_get(struct rmp *rmp, struct rmp_at at,
				  uint64_t size)
{
	uint64_t page = at.spa >> PAGE_SHIFT_4K;
	struct operand op = { .pages = 1 };
	enum rmp_verdict v;

	if (size == RMP_PG_SIZE_2M && (at.gpa & (PAGE_2M - PAGE_4K)))
		return operand_fails((struct rmp_result){ .kind = RMP_GP });
	v = owner_check(rmp_look(rmp, at.spa), at.gpa);
	if (v != RMP_OK)
		return operand_fails(npf(v));
	op.e = &rmp->entry[page];
	if (size == RMP_PG_SIZE_2M) {
		/* a 2 MiB entry at an aligned GPA starts at an aligned page */
		if (!(op.e->bits & RMP_2M))
			return operand_fails(done(SNP_FAIL_SIZEMISMATCH));
		op.pages = PAGES_2M;
	} else if (op.e->bits & RMP_2M) {
		op.smashed = host_smash(rmp, at.spa);
		if (!op.smashed)
			return operand_fails(npf(RMP_WRONG_SIZE));
	}
	return op;
}

struct rmp_result rmp_pvalidate(struct rmp *rmp, uint32_t vmpl,
				struct rmp_at at, uint64_t size, bool validate)
{
	struct rmp_result r = done(SNP_SUCCESS);
	struct operand op;

	if (vmpl != 0)
		return (struct rmp_result){ .kind = RMP_GP };
	if (size > RMP_PG_SIZE_2M)
		return done(SNP_FAIL_INPUT);
	op = operand_get(rmp, at, size);
	if (!op.e)
		return op.fail;
	r.smashed = op.smashed;
	r.carry = validate == !!(op.e->bits & RMP_VALIDATED);
	for (uint32_t i = 0; i < op.pages; i++)
		op.e[i].bits ^= r.carry ? 0 : RMP_VALIDATED;
	return r;
}

/* Checks that need no look at the page. */
static uint32_t adjust_check(uint32_t vmpl, uint64_t size, uint64_t rdx)
{
	uint64_t target = rdx & RMPADJUST_VMPL;
	uint64_t known = RMPADJUST_VMPL | RMPADJUST_VMSA |
			 (uint64_t)RMP_PERM_MASK << RMPADJUST_PERM_SHIFT;

	if (size > RMP_PG_SIZE_2M || target >= SNP_VMPL_COUNT || (rdx & ~known))
		return SNP_FAIL_INPUT;
	/* nobody changes his own permissions, or those of a better */
	return target <= vmpl ? SNP_FAIL_PERMISSION : SNP_SUCCESS;
}

static bool any_in_use(const struct operand *op)
{
	for (uint32_t i = 0; i < op->pages; i++)
		if (op->e[i].bits & RMP_IN_USE)
			return true;
	return false;
}

static void adjust(struct rmp_entry *e, uint32_t vmpl, uint64_t rdx)
{
	uint32_t target = (uint32_t)(rdx & RMPADJUST_VMPL);
	uint32_t perms = rdx >> RMPADJUST_PERM_SHIFT & RMP_PERM_MASK;

	e->bits &= ~PERMS_OF_ALL(target);
	e->bits |= perms << RMP_PERM_SHIFT(target);
	if (vmpl != 0)
		return;
	/* VMPL0 rewrites the attribute each time, also to clear it */
	e->bits &= ~RMP_VMSA;
	if (rdx & RMPADJUST_VMSA)
		e->bits |= RMP_VMSA;
}

struct rmp_result rmp_rmpadjust(struct rmp *rmp, uint32_t vmpl,
				struct rmp_at at, uint64_t size, uint64_t rdx)
{
	uint32_t perms = rdx >> RMPADJUST_PERM_SHIFT & RMP_PERM_MASK;
	uint32_t eax = adjust_check(vmpl, size, rdx);
	struct operand op;
	struct rmp_result r = done(SNP_SUCCESS);

	if (eax != SNP_SUCCESS)
		return done(eax);
	op = operand_get(rmp, at, size);
	if (!op.e)
		return op.fail;
	r.smashed = op.smashed;
	if (!(op.e->bits & RMP_VALIDATED)) {
		r.kind = RMP_VC;
		r.verdict = RMP_NOT_VALIDATED;
		return r;
	}
	if (perms & ~rmp_perms(op.e, vmpl))
		r.eax = SNP_FAIL_PERMISSION;
	else if (any_in_use(&op))
		r.eax = SNP_FAIL_INUSE;
	for (uint32_t i = 0; i < op.pages && r.eax == SNP_SUCCESS; i++)
		adjust(&op.e[i], vmpl, rdx);
	return r;
}

struct rmp_result rmp_rmpquery(const struct rmp *rmp, uint32_t vmpl,
			       struct rmp_at at, uint64_t rdx)
{
	uint32_t target = rdx & RMPADJUST_VMPL;
	const struct rmp_entry *e = rmp_look(rmp, at.spa);
	struct rmp_result r = done(SNP_SUCCESS);
	enum rmp_verdict v;

	if (target >= SNP_VMPL_COUNT)
		return done(SNP_FAIL_INPUT);
	if (target < vmpl)
		return done(SNP_FAIL_PERMISSION);
	v = owner_check(e, at.gpa);
	if (v != RMP_OK)
		return npf(v);
	if (!(e->bits & RMP_VALIDATED))
		return (struct rmp_result){ .kind = RMP_VC,
					    .verdict = RMP_NOT_VALIDATED };
	r.attributes = target;
	r.attributes |= (uint64_t)rmp_perms(e, target) << RMPADJUST_PERM_SHIFT;
	if (e->bits & RMP_VMSA)
		r.attributes |= RMPADJUST_VMSA;
	r.page_size = e->bits & RMP_2M ? RMP_PG_SIZE_2M : RMP_PG_SIZE_4K;
	return r;
}

uint64_t rmp_flags(uint64_t rflags, const struct rmp_result *result)
{
	rflags &= ~(uint64_t)RFLAGS_ARITH;
	if (result->eax == 0)
		rflags |= RFLAGS_ZF;
	if (result->eax >> 31)
		rflags |= RFLAGS_SF;
	if (!__builtin_parity(result->eax & 0xff))
		rflags |= RFLAGS_PF;
	if (result->carry)
		rflags |= RFLAGS_CF;
	return rflags;
}
