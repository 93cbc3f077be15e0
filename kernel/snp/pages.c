/* SPDX-License-Identifier: MIT */
/* The one place that knows PVALIDATE and RMPADJUST. snp.md section 4. */
#include "kernel/snp/pages.h"

#include "abi/snp/rmp.h"
#include "abi/x86/cpuid.h"
#include "hw/snp.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/tlb.h"
#include "kernel/snp/link.h"

/* Results of the instructions above this are not defined for the protocol. */
#define RESULT_MAX 0xfu

static sealed uint64_t guest_vmpl;

_Static_assert((unsigned int)PAGE_SIZE_4K == RMP_PG_SIZE_4K &&
		       (unsigned int)PAGE_SIZE_2M == RMP_PG_SIZE_2M,
	       "page sizes are the instructions' own");

void pages_init(unsigned int vmpl)
{
	guest_vmpl = vmpl;
}

static enum page_result result_of(uint32_t rc)
{
	return rc <= RESULT_MAX ? (enum page_result)rc : PAGE_FAIL_OTHER;
}

must_check enum page_result pages_validate(void *va, enum page_size size,
					   bool validate)
{
	bool same;
	uint32_t rc = hw_pvalidate((uint64_t)va, size, validate, &same);

	if (rc == SNP_SUCCESS && same)
		return PAGE_NO_CHANGE;
	return result_of(rc);
}

static enum page_result permit(void *va, enum page_size size, uint64_t perms)
{
	if (!guest_vmpl)
		return PAGE_OK;
	return result_of(
		hw_rmpadjust((uint64_t)va, size,
			     guest_vmpl | perms << RMPADJUST_PERM_SHIFT));
}

/*
 * The specification grants the levels between ours and the caller's, too.
 * Nothing can run there (CREATE_VCPU takes the guest's level alone), so they
 * get nothing.
 */
must_check enum page_result pages_grant(void *va, enum page_size size)
{
	return permit(va, size, VMPL_ALL);
}

must_check enum page_result pages_revoke(void *va, enum page_size size)
{
	return permit(va, size, VMPL_NONE);
}

must_check enum page_result pages_vmsa(void *va, bool on)
{
	uint64_t on_bits = RMPADJUST_VMSA | (uint64_t)VMPL_READ
						    << RMPADJUST_PERM_SHIFT;

	return result_of(hw_rmpadjust((uint64_t)va, RMP_PG_SIZE_4K,
				      guest_vmpl | (on ? on_bits : 0)));
}

must_check enum page_result pages_vmsa_hidden(void *va)
{
	/* The target must be some level below us; it gets no access. */
	return result_of(
		hw_rmpadjust((uint64_t)va, RMP_PG_SIZE_4K, 1 | RMPADJUST_VMSA));
}

must_check enum err pages_state(struct pa_range pages, enum page_state to)
{
	enum ghcb_page_state state = to == PAGE_SHARED ? GHCB_PAGE_SHARED
						       : GHCB_PAGE_PRIVATE;
	struct ghcb_link link = link_this();

	if (link.page)
		return ghcb_page_state(link, pages, true, state);
	for (uint64_t off = 0; off < pages.size; off += PAGE_4K) {
		enum err e =
			ghcb_msr_page_state(pa_add(pages.start, off), state);

		if (e != OK)
			return e;
	}
	return OK;
}

void pages_tlb_flush(void)
{
	hw_invlpgb(INVLPGB_ASID | INVLPGB_GLOBAL, 0, 0);
	hw_tlbsync();
}

static void range_flush(uint64_t va, uint64_t pages)
{
	uint64_t most = features_invlpgb();

	ASSERT(most);
	while (pages) {
		uint64_t n = pages < most ? pages : most;

		hw_invlpgb(va | INVLPGB_VA | INVLPGB_ASID | INVLPGB_GLOBAL,
			   (uint32_t)n - 1, 0);
		va += n * PAGE_4K;
		pages -= n;
	}
}

must_check enum err pages_tlb_broadcast(const struct tlb_gather *what)
{
	if (what->all) {
		pages_tlb_flush();
		return OK;
	}
	for (uint32_t i = 0; i < what->count; i++)
		range_flush(what->range[i].va, what->range[i].pages);
	hw_tlbsync();
	return OK;
}
