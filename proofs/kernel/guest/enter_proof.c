/* SPDX-License-Identifier: MIT */
/* proof: a call is fetched only from a save area that was claimed, after a
 *   VMGEXIT with the pending byte set, and at most once; what is no call
 *   changes no register; a result changes RAX, RCX, RDX, R8 and nothing else
 * sources: kernel/guest/enter.c
 * bound: none: any save area, any calling area, any result
 * flags: --unwind 2
 * mutation: kernel/guest/enter.c@enter_fetch: !pending || => false ||
 * mutation: kernel/guest/enter.c@enter_fetch:
 *   __atomic_store_n(&ca->call_pending, 0, __ATOMIC_RELAXED); =>
 * mutation: kernel/guest/enter.c@enter_fetch: || !vmsa_claim(vmsa) =>
 * mutation: kernel/guest/enter.c@enter_finish: vmsa->rax = (uint32_t)result; =>
 *   vmsa->rax = (uint64_t)result;
 * mutation: kernel/guest/enter.c@event_keep: vmsa->guest_exitintinfo = 0; =>
 */
#include "kernel/guest/enter.h"

#include "abi/x86/event.h"
#include "proofs/fake/proof.h"

void *proof_gs;
static struct vmsa vmsa, before;
static struct svsm_ca ca, ca_before;
static struct vcpu vcpu;

/* All fields that a call may not change; rcx to r8 are the caller's word. */
static bool rest_same(void)
{
	return vmsa.rip == before.rip && vmsa.rsp == before.rsp &&
	       vmsa.rbx == before.rbx && vmsa.r9 == before.r9 &&
	       vmsa.r10 == before.r10 && vmsa.cr3 == before.cr3 &&
	       vmsa.vmpl == before.vmpl && vmsa.rflags == before.rflags &&
	       vmsa.sev_features == before.sev_features;
}

static void fetched(struct svsm_request *req, enum enter_result e)
{
	PROVE(before.efer & EFER_SVME && !(vmsa.efer & EFER_SVME));
	PROVE(before.guest_exitcode == 0x403 && ca_before.call_pending);
	PROVE(!ca.call_pending && req->vcpu == &vcpu && req->slot == 2);
	PROVE((e == ENTER_CALL) == (ca_before.call_pending == 1));
	PROVE(req->call == (uint32_t)before.rax &&
	      req->protocol == before.rax >> 32 && req->rcx == before.rcx &&
	      req->rdx == before.rdx && req->r8 == before.r8 &&
	      req->r9 == before.r9 && !req->gone);
	/* Once: it is no call any more until the guest makes one. */
	PROVE(enter_fetch(&vcpu, 2, req) == ENTER_NOTHING);
}

static void finish(struct svsm_request *req)
{
	int result = (int)nondet_u32();

	req->vcpu = &vcpu;
	req->slot = 2;
	req->rcx = nondet_u64();
	enter_finish(req, (enum svsm_result)result);
	PROVE(vmsa.rax == (uint32_t)result && vmsa.rcx == req->rcx);
	PROVE(vmsa.rdx == before.rdx && vmsa.r8 == before.r8);
	PROVE(vmsa.efer == before.efer);
}

int main(void)
{
	struct svsm_request req;
	enum enter_result e;

	ANY(vmsa);
	ANY(ca);
	before = vmsa;
	ca_before = ca;
	vcpu.vmsa[2] = &vmsa;
	vcpu.ca[2] = &ca;
	e = enter_fetch(&vcpu, 2, &req);
	PROVE(rest_same() && vmsa.rax == before.rax && vmsa.rcx == before.rcx);
	/* An event on its way in is neither lost nor left to come twice. */
	if (vmsa.guest_exitintinfo != before.guest_exitintinfo)
		PROVE(vmsa.eventinj == before.guest_exitintinfo);
	if (vmsa.eventinj != before.eventinj)
		PROVE(!vmsa.guest_exitintinfo);
	if (e == ENTER_NOTHING) {
		PROVE(vmsa.efer == before.efer);
		PROVE(ca.call_pending == ca_before.call_pending);
		return 0;
	}
	PROVE(!(before.guest_exitintinfo & EVENT_VALID) ||
	      vmsa.eventinj == before.guest_exitintinfo);
	fetched(&req, e);
	finish(&req);
	PROVE(rest_same());
	return 0;
}
