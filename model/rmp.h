/* SPDX-License-Identifier: MIT */
/*
 * SNP's reverse map table (RMP) as plain C: what RMPUPDATE, PSMASH, PVALIDATE,
 * RMPADJUST, RMPQUERY and the access checks do. Facts: spec/snp.md 2-4 and 6.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/snp/rmp.h"
#include "lib/addr.h"

/*
 * One entry for each 4 KiB page of system memory, all zero = the host's.
 * Pages of a 2 MiB entry carry the same bits 512 times and ascending gfn, so
 * that every look-up is one load. There is one guest, so no ASID: assigned
 * and not immutable = the guest's; assigned and immutable = the firmware's.
 */
struct rmp_entry {
	uint32_t gfn;  /* guest page it is assigned at (reverse map) */
	uint32_t bits; /* RMP_* below */
};
_Static_assert(sizeof(struct rmp_entry) == 8, "one RMP entry is 8 bytes");

#define RMP_ASSIGNED	     (1u << 0)
#define RMP_VALIDATED	     (1u << 1)
#define RMP_2M		     (1u << 2)
#define RMP_IMMUTABLE	     (1u << 3)
#define RMP_VMSA	     (1u << 4)
#define RMP_IN_USE	     (1u << 5) /* a VMSA that is running right now */
/* The four permission masks, 5 bits each (VMPL_* of abi/snp/rmp.h). */
#define RMP_PERM_SHIFT(vmpl) (8u + 5u * (vmpl))
#define RMP_PERM_MASK	     0x1fu

/*
 * The caller gives the memory and its lock: no function here is safe against
 * another on the same table. Addresses are in bytes; pages = entries.
 */
struct rmp {
	struct rmp_entry *entry; /* entry[spa / 4096] */
	uint64_t pages;
	/*
	 * The host answers size faults (a 4 KiB request inside a 2 MiB entry)
	 * by PSMASH and resumes, as KVM does: guest instructions then smash
	 * and go on. Without it they end as RMP_NPF with NPF_SIZEM.
	 */
	bool host_smashes;
};

/*
 * Where a guest access goes: the guest physical address (without C-bit) and
 * the system address the host's nested tables give for it. They differ only
 * under a host that does not map 1:1, or one that swaps pages.
 */
struct rmp_at {
	uint64_t gpa;
	uint64_t spa;
};

static inline struct rmp_at rmp_same(uint64_t gpa)
{
	return (struct rmp_at){ gpa, gpa };
}

/* Clears all pages to the host's; the table must hold @pages entries. */
void rmp_init(struct rmp *rmp, struct rmp_entry *table, uint64_t pages);

/* ---- access checks (section 3) ---- */

/* An access is private if C=1, or if it is a fetch or a page-table walk. */
#define RMP_WRITE    (1u << 0)
#define RMP_FETCH    (1u << 1)
#define RMP_USER     (1u << 2) /* CPL 3 */
#define RMP_WALK     (1u << 3) /* of the guest's tables; with WRITE: sets A or D */
#define RMP_CBIT     (1u << 4)
#define RMP_SHADOW   (1u << 5) /* supervisor shadow stack */
/* The size of the nested mapping matters, and it is 2 MiB. */
#define RMP_NPT_SIZE (1u << 6)
#define RMP_NPT_2M   (1u << 7)

/* In the order in which hardware looks. All but OK and the next: #NPF. */
enum rmp_verdict {
	RMP_OK = 0,
	RMP_NOT_VALIDATED, /* #VC 0x404 in the guest, CR2 = address */
	RMP_NOT_COVERED,   /* private, but no RMP entry (MMIO, no RAM) */
	RMP_NOT_ASSIGNED,  /* private access to a page of the host */
	RMP_NOT_OURS,	   /* belongs to the firmware (immutable) */
	RMP_WRONG_GPA,	   /* host mapped a page assigned at another address */
	RMP_WRONG_SIZE,	   /* nested page size and RMP page size differ */
	RMP_NOT_PERMITTED, /* the VMPL's mask lacks what is needed */
	RMP_NOT_SHARED,	   /* shared write to a page of the guest */
};

/*
 * What happens to one access at @vmpl (< 4). RMP_NPT_2M is compared with the
 * page size only if RMP_NPT_SIZE is set too; an emulator whose nested tables
 * follow the RMP leaves both out. Shared reads are always OK (they see
 * ciphertext of a private page). Never changes anything.
 */
enum rmp_verdict rmp_check(const struct rmp *rmp, uint32_t vmpl,
			   struct rmp_at at, uint32_t access);

/* EXITINFO1 of the #NPF for a verdict; 0 for OK and NOT_VALIDATED. */
uint64_t rmp_npf_info(enum rmp_verdict verdict, uint32_t access);

/* A few plain words for logs ("not assigned", ...). */
const char *rmp_verdict_words(enum rmp_verdict verdict);

/* May host software write this page (else host #PF)? True outside the RMP. */
bool rmp_host_may_write(const struct rmp *rmp, uint64_t spa);

/* ---- guest instructions (section 4) ---- */

enum rmp_outcome {
	RMP_DONE, /* eax (SNP_SUCCESS ..) and carry are the result */
	RMP_GP,	  /* #GP(0) in the guest */
	RMP_VC,	  /* #VC 0x404 in the guest, CR2 = the operand's address */
	RMP_NPF,  /* exit #NPF; npf = EXITINFO1, verdict = why */
};

struct rmp_result {
	enum rmp_outcome kind;
	uint32_t eax;
	bool carry;   /* PVALIDATE: the page was already in that state */
	bool smashed; /* the 2 MiB entry around it is now 512 of 4 KiB */
	enum rmp_verdict verdict;
	uint64_t npf;
	uint64_t attributes; /* RMPQUERY: RDX out, else 0 */
	uint64_t page_size;  /* RMPQUERY: RCX out, else 0 */
};

/*
 * @at.gpa: what RAX translates to (bits 11:0 are ignored). @size: ECX, any
 * value; @validate: EDX[0]. CPL, mode, RAX alignment (2 MiB requests: #GP) and
 * guest paging are the caller's. At VMPL > 0: RMP_GP. OF..PF come from eax.
 */
struct rmp_result rmp_pvalidate(struct rmp *rmp, uint32_t vmpl,
				struct rmp_at at, uint64_t size, bool validate);

/* @rdx: target VMPL, permissions, VMSA bit as in RMPADJUST_*. */
struct rmp_result rmp_rmpadjust(struct rmp *rmp, uint32_t vmpl,
				struct rmp_at at, uint64_t size, uint64_t rdx);

/* Changes nothing. @rdx[7:0]: target VMPL. */
struct rmp_result rmp_rmpquery(const struct rmp *rmp, uint32_t vmpl,
			       struct rmp_at at, uint64_t rdx);

/* RFLAGS after PVALIDATE or RMPADJUST: the arithmetic flags follow eax. */
uint64_t rmp_flags(uint64_t rflags, const struct rmp_result *result);

/* ---- host instructions and firmware (section 2) ---- */

#define RMPUPDATE_OK		  0u
#define RMPUPDATE_FAIL_INPUT	  1u
#define RMPUPDATE_FAIL_PERMISSION 2u
#define RMPUPDATE_FAIL_INUSE	  3u
#define RMPUPDATE_FAIL_OVERLAP	  4u
#define PSMASH_FAIL_BADSTATE	  7u

/*
 * RMPUPDATE, assign: the page becomes the guest's at @at.gpa, not validated,
 * all permissions for VMPL0 and none for the others - also if it was assigned
 * before. @size RMP_PG_SIZE_*; unaligned or not covered: FAIL_INPUT. A 4 KiB
 * entry inside a 2 MiB one, or the reverse: FAIL_OVERLAP.
 */
uint32_t rmp_assign(struct rmp *rmp, struct rmp_at at, uint32_t size);
/* RMPUPDATE, unassign: back to the host. */
uint32_t rmp_unassign(struct rmp *rmp, uint64_t spa, uint32_t size);
/* PSMASH: a 2 MiB entry becomes 512 of 4 KiB; everything else is kept. */
uint32_t rmp_psmash(struct rmp *rmp, uint64_t spa);
/* Firmware's PAGE_UNSMASH: 512 equal 4 KiB entries become one of 2 MiB. */
uint32_t rmp_unsmash(struct rmp *rmp, uint64_t spa);

/*
 * A launch page (LAUNCH_UPDATE): assigned and validated as 4 KiB, VMPL0 all
 * permissions, VMPL1-3 @perms[0..2]; @vmsa sets the VMSA attribute.
 */
uint32_t rmp_launch_page(struct rmp *rmp, struct rmp_at at, bool vmsa,
			 const uint8_t perms[3]);
/* A page of the firmware: no software may touch its entry any more. */
uint32_t rmp_firmware_page(struct rmp *rmp, uint64_t spa);

/*
 * Page state change as a sane host carries it out. To private: what is
 * assigned at that address already stays as it is (validated pages stay
 * validated), what is assigned at another one is assigned anew; a free aligned
 * 2 MiB range asked for as 2 MiB becomes a 2 MiB entry, all else 4 KiB.
 * To shared: smashes what is bigger than asked. Any failing page ends it with
 * its RMPUPDATE code; pages before it stay changed.
 */
uint32_t rmp_psc_private(struct rmp *rmp, struct rmp_at at, uint32_t size);
uint32_t rmp_psc_shared(struct rmp *rmp, uint64_t spa, uint32_t size);

/* ---- VMSA pages (section 6) ---- */

enum rmp_vmsa {
	RMP_VMSA_OK = 0,
	RMP_VMSA_NOT_COVERED,
	RMP_VMSA_NOT_OURS, /* not assigned to the guest, or immutable */
	RMP_VMSA_WRONG_GPA,
	RMP_VMSA_NOT_VMSA, /* the attribute is not set */
	RMP_VMSA_RUNNING,  /* in use: one VMSA cannot run twice */
};

/* May VMRUN use the page? OK does not change it; enter then marks it used. */
enum rmp_vmsa rmp_vmsa_check(const struct rmp *rmp, struct rmp_at at);
/* While in use, RMPADJUST and RMPUPDATE of the page give FAIL_INUSE. */
enum rmp_vmsa rmp_vmsa_enter(struct rmp *rmp, struct rmp_at at);
void rmp_vmsa_leave(struct rmp *rmp, uint64_t spa);

/* ---- looking, for nested tables and dumps ---- */

/* NULL when the RMP does not cover the address. */
static inline const struct rmp_entry *rmp_look(const struct rmp *rmp,
					       uint64_t spa)
{
	uint64_t page = spa >> PAGE_SHIFT_4K;

	return page < rmp->pages ? &rmp->entry[page] : NULL;
}

/* VMPL_* of one entry. @vmpl < 4. */
static inline uint8_t rmp_perms(const struct rmp_entry *e, uint32_t vmpl)
{
	return (uint8_t)(e->bits >> RMP_PERM_SHIFT(vmpl) & RMP_PERM_MASK);
}

/* Assigned to the guest: the private view may show it, the shared may not. */
static inline bool rmp_is_private(const struct rmp *rmp, uint64_t spa)
{
	const struct rmp_entry *e = rmp_look(rmp, spa);

	return e && (e->bits & RMP_ASSIGNED);
}

/* How many pages from @spa on (0 to @max) have one state and, if the guest's,
 * ascending GPAs: one run can be mapped or printed as one. */
uint64_t rmp_run(const struct rmp *rmp, uint64_t spa, uint64_t max);

/* Do all 512 pages of the 2 MiB around @spa agree (and exist)? */
bool rmp_uniform_2m(const struct rmp *rmp, uint64_t spa);
