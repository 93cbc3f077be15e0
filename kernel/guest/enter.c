/* SPDX-License-Identifier: MIT */
/* The guest's registers in and out. This is the hot path of every call. */
#include "kernel/guest/enter.h"

#include "abi/x86/event.h"

#define EXIT_VMGEXIT 0x403u

/*
 * An event that was being delivered when the guest left must not be lost:
 * with alternate injection only we can put it back (svsm.md section 3).
 */
static void event_keep(struct vmsa *vmsa)
{
	vmsa->eventinj = vmsa->guest_exitintinfo;
	vmsa->guest_exitintinfo = 0;
	vmsa->vintr_ctrl &= ~VINTR_CTRL_BUSY;
}

/* Worth a claim? The host resumes us whenever it likes; if every such visit
 * claimed the save area, a DELETE_VCPU by another CPU would fail now and then. */
static inline bool worth_claiming(const struct vmsa *vmsa,
				  const struct svsm_ca *ca)
{
	return (__atomic_load_n(&ca->call_pending, __ATOMIC_RELAXED) &&
		vmsa->guest_exitcode == EXIT_VMGEXIT) ||
	       vmsa->guest_exitintinfo & EVENT_VALID;
}

enum enter_result enter_fetch(struct vcpu *vcpu, unsigned int slot,
			      struct svsm_request *req)
{
	struct vmsa *vmsa = vcpu->vmsa[slot];
	struct svsm_ca *ca = vcpu->ca[slot];
	uint8_t pending;

	if (!worth_claiming(vmsa, ca) || !vmsa_claim(vmsa))
		return ENTER_NOTHING;
	if (vmsa->guest_exitintinfo & EVENT_VALID)
		event_keep(vmsa);
	/* Now it stands still. The host may bring us here at any instruction
	 * of the guest: only a VMGEXIT with the byte set is a call. */
	pending = __atomic_load_n(&ca->call_pending, __ATOMIC_RELAXED);
	if (!pending || vmsa->guest_exitcode != EXIT_VMGEXIT) {
		vmsa_release(vmsa);
		return ENTER_NOTHING;
	}
	__atomic_store_n(&ca->call_pending, 0, __ATOMIC_RELAXED);
	req->call = (uint32_t)vmsa->rax;
	req->protocol = (uint32_t)(vmsa->rax >> 32);
	req->rcx = vmsa->rcx;
	req->rdx = vmsa->rdx;
	req->r8 = vmsa->r8;
	req->r9 = vmsa->r9;
	req->vcpu = vcpu;
	req->slot = slot;
	req->gone = false;
	return pending == 1 ? ENTER_CALL : ENTER_BAD_CALL;
}

void enter_finish(const struct svsm_request *req, enum svsm_result result)
{
	struct vmsa *vmsa = req->vcpu->vmsa[req->slot];

	if (req->gone)
		return;
	vmsa->rax = (uint32_t)result;
	vmsa->rcx = req->rcx;
	vmsa->rdx = req->rdx;
	vmsa->r8 = req->r8;
	vmsa_release(vmsa);
}
