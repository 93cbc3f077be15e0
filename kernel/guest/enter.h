/* SPDX-License-Identifier: MIT */
/*
 * Between a guest's VMGEXIT and its next instruction: claims its save area,
 * finds out whether it called us, copies the registers out, writes the result
 * back and lets the host run it again. svsm.md section 3. Own CPU only.
 */
#pragma once

#include "abi/x86/msr.h"
#include "kernel/guest/vcpu.h"

/* A call, copied once from the save area. The fields from rcx on are inputs
 * and outputs: what a handler leaves alone goes back unchanged. */
struct svsm_request {
	uint32_t call;
	uint32_t protocol;
	uint64_t rcx, rdx, r8, r9;
	struct vcpu *vcpu; /* the caller */
	unsigned int slot; /* and which of its save areas */
	bool gone; /* the caller deleted itself: nothing to go back to */
};

enum enter_result {
	ENTER_NOTHING,	/* no call in this slot; it may run on */
	ENTER_CALL,	/* *req is the call; enter_finish must follow */
	ENTER_BAD_CALL, /* as ENTER_CALL, but CALL_PENDING was neither 0 nor 1 */
};

/*
 * Takes the right to run away from the host: the save area cannot be entered
 * until vmsa_release. False: it is running, or the guest has none here.
 * Works through any mapping of the page.
 */
must_check static inline bool vmsa_claim(struct vmsa *vmsa)
{
	uint64_t efer = __atomic_load_n(&vmsa->efer, __ATOMIC_RELAXED);

	return efer & EFER_SVME &&
	       __atomic_compare_exchange_n(&vmsa->efer, &efer,
					   efer & ~(uint64_t)EFER_SVME, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Only after vmsa_claim: nobody else writes the field meanwhile. */
static inline void vmsa_release(struct vmsa *vmsa)
{
	__atomic_store_n(&vmsa->efer, vmsa->efer | EFER_SVME, __ATOMIC_RELEASE);
}

/* On ENTER_CALL and ENTER_BAD_CALL the slot's save area stays claimed. */
enum enter_result enter_fetch(struct vcpu *vcpu, unsigned int slot,
			      struct svsm_request *req);

/* Writes results and releases the save area, unless the caller is gone. */
void enter_finish(const struct svsm_request *req, enum svsm_result result);
