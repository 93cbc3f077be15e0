/* SPDX-License-Identifier: MIT */
/*
 * REMAP_CA, CREATE_VCPU, DELETE_VCPU. A save area is taken from the guest,
 * out of every TLB, before its contents are looked at: nobody can change them
 * between the check and the RMPADJUST that makes them run.
 */
#include "kernel/proto/vcpu.h"

#include "abi/svsm/core.h"
#include "hw/cpu.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/proto/deposit.h"

/* Pages that the record may need for a calling area, and for a save area. */
#define CAA_NEEDS  1u
#define VMSA_NEEDS 2u

/* How long a vCPU may take to stop: some ten milliseconds in all. */
#define STOP_TRIES  256u
#define STOP_PAUSES 4096u

static sealed struct {
	uint32_t vmpl;
	uint64_t sev_features;
} rules;

void vcpu_rules_init(uint32_t guest_vmpl, uint64_t sev_features)
{
	rules.vmpl = guest_vmpl;
	rules.sev_features = sev_features;
}

static enum svsm_result caa_result(enum err e, unsigned int needs)
{
	if (e == ERR_NOMEM)
		return need_pages(needs);
	return e == OK ? SVSM_SUCCESS : SVSM_ERR_INVALID_ADDRESS;
}

enum svsm_result vcpu_remap_call(struct svsm_request *req)
{
	struct pa caa = { req->rcx };
	struct vcpu_held held;
	enum err e;

	if (!addr_aligned(caa.v, PAGE_4K))
		return SVSM_ERR_INVALID_PARAMETER;
	held = vcpu_lock();
	e = OK;
	/* Onto itself: nothing to do, its pending byte is clear by now. */
	if (req->vcpu->slot[req->slot].caa.v != caa.v)
		e = vcpu_caa_take(held, NULL, caa);
	if (e == OK)
		vcpu_caa_move(held, req->vcpu, req->slot, caa);
	vcpu_unlock(held);
	return caa_result(e, CAA_NEEDS);
}

static enum page_result page_op(struct guest_range page,
				enum page_result (*op)(void *, enum page_size))
{
	struct tmpmap map = tmpmap_4k(page.r.start, KMAP_WRITE);
	enum page_result r = op(map.va, PAGE_SIZE_4K);

	tmpmap_drop(map);
	return r;
}

static enum page_result vmsa_set(struct guest_range page, bool on)
{
	struct tmpmap map = tmpmap_4k(page.r.start, KMAP_WRITE);
	enum page_result r = platform->guest_vmsa(map.va, on);

	tmpmap_drop(map);
	return r;
}

/* The page is ours alone by now. */
static bool contents_good(struct guest_range page)
{
	struct tmpmap map = tmpmap_4k(page.r.start, KMAP_WRITE);
	const struct vmsa *vmsa = map.va;
	bool good = vmsa->vmpl == rules.vmpl && vmsa->efer & EFER_SVME &&
		    vmsa->sev_features == rules.sev_features;

	tmpmap_drop(map);
	return good;
}

/* Back to an ordinary page of the guest, but for its seal. */
static void page_return(struct guest_range page)
{
	if (page_op(page, platform->guest_grant) != PAGE_OK)
		panic("cannot return page 0x%llx to the guest",
		      (unsigned long long)page.r.start.v);
}

/* The page is sealed: it stays validated, and no list can be read from or
 * written to it, whatever other CPUs ask for. */
static enum svsm_result page_make_vmsa(struct guest_range page)
{
	if (page_op(page, platform->guest_revoke) != PAGE_OK)
		panic("cannot revoke page 0x%llx",
		      (unsigned long long)page.r.start.v);
	/* No CPU may go on writing through an old translation. */
	platform->tlb_flush();
	if (contents_good(page) && vmsa_set(page, true) == PAGE_OK)
		return SVSM_SUCCESS;
	page_return(page);
	return SVSM_ERR_INVALID_PARAMETER;
}

struct create {
	struct vcpu *vcpu;
	unsigned int slot;
	struct guest_range page;
	struct pa caa;
};

/* A guest that restarts another CPU names the calling area that this CPU had
 * before; nobody else's, and not the one in use for this very call. */
static const struct vcpu *caa_sharer(const struct create *c,
				     const struct vcpu *caller)
{
	return c->vcpu == caller ? NULL : c->vcpu;
}

/* The save area is sealed; takes the rest, and gives it back on failure. */
static enum svsm_result create_taken(struct vcpu_held held, struct create *c,
				     const struct vcpu *caller)
{
	enum svsm_result r;
	enum err e;

	/* A processor erratum, and no host runs it. */
	if (addr_aligned(c->page.r.start.v, PAGE_2M))
		return SVSM_ERR_INVALID_PARAMETER;
	if (vcpu_slot_free(held, c->vcpu, &c->slot) != OK)
		return SVSM_ERR_INVALID_REQUEST;
	e = vcpu_caa_take(held, caa_sharer(c, caller), c->caa);
	if (e != OK)
		return caa_result(e, VMSA_NEEDS + CAA_NEEDS);
	r = page_make_vmsa(c->page);
	if (r != SVSM_SUCCESS) {
		vcpu_caa_give(held, c->vcpu, c->caa);
		return r;
	}
	vcpu_slot_set(held, c->vcpu, c->slot,
		      (struct vcpu_slot){ c->page.r.start, c->caa, false });
	/* The CPU's windows changed while it may be running. */
	platform->tlb_flush();
	return SVSM_SUCCESS;
}

static enum svsm_result create_locked(struct vcpu_held held, struct create *c,
				      uint32_t apic_id,
				      const struct vcpu *caller)
{
	enum page_result sealed_page;
	enum svsm_result r;

	c->vcpu = vcpu_find(held, apic_id);
	if (!c->vcpu)
		return SVSM_ERR_INVALID_PARAMETER;
	sealed_page = guestpage_seal(c->page);
	if (sealed_page == PAGE_NO_MEMORY)
		return need_pages(VMSA_NEEDS + CAA_NEEDS);
	if (sealed_page != PAGE_OK)
		return SVSM_ERR_INVALID_ADDRESS;
	r = create_taken(held, c, caller);
	if (r != SVSM_SUCCESS)
		guestpage_unseal(c->page);
	return r;
}

/*
 * Misaligned addresses are INVALID_PARAMETER by the specification (the
 * reference says INVALID_ADDRESS).
 */
enum svsm_result vcpu_create_call(struct svsm_request *req)
{
	struct create c = { .caa = { req->rdx } };
	struct vcpu_held held;
	enum svsm_result r;

	if (!addr_aligned(req->rcx, PAGE_4K) ||
	    !addr_aligned(req->rdx, PAGE_4K) || req->r8 > UINT32_MAX)
		return SVSM_ERR_INVALID_PARAMETER;
	if (req->rcx == req->rdx ||
	    guestpage_check(req->rcx, PAGE_SIZE_4K, &c.page) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	held = vcpu_lock();
	r = create_locked(held, &c, (uint32_t)req->r8, req->vcpu);
	vcpu_unlock(held);
	return r;
}

/*
 * Stops the save area for good. The caller's own is claimed already. Another's
 * is not written while it may run: its exit would store over our claim, and
 * our release over its own CPU's. The RMPADJUST settles that it does not run;
 * after it the claim is against that CPU alone, which may be serving a call.
 */
static bool vmsa_stop(struct guest_range page, bool own)
{
	const struct vmsa *vmsa;
	struct tmpmap map;
	bool stopped;

	if (own)
		return vmsa_set(page, false) == PAGE_OK;
	map = tmpmap_4k(page.r.start, KMAP_WRITE);
	vmsa = map.va;
	stopped = __atomic_load_n(&vmsa->efer, __ATOMIC_RELAXED) & EFER_SVME &&
		  platform->guest_vmsa(map.va, false) == PAGE_OK;
	if (stopped && !vmsa_claim(map.va)) {
		if (platform->guest_vmsa(map.va, true) != PAGE_OK)
			panic("save area 0x%llx is lost",
			      (unsigned long long)page.r.start.v);
		stopped = false;
	}
	tmpmap_drop(map);
	return stopped;
}

static enum svsm_result in_use(void)
{
	return (enum svsm_result)((unsigned int)SVSM_ERR_PROTOCOL +
				  SVSM_CORE_FAIL_INUSE);
}

static enum svsm_result delete_locked(struct vcpu_held held,
				      struct svsm_request *req)
{
	struct guest_range page;
	struct vcpu *vcpu;
	unsigned int slot;
	struct pa caa;
	bool own;

	if (vcpu_find_vmsa(held, (struct pa){ req->rcx }, &vcpu, &slot) != OK ||
	    vcpu->slot[slot].ours ||
	    guestpage_check(req->rcx, PAGE_SIZE_4K, &page) != OK)
		return SVSM_ERR_INVALID_PARAMETER;
	own = vcpu == req->vcpu && slot == req->slot;
	if (!vmsa_stop(page, own))
		return in_use();
	caa = vcpu->slot[slot].caa;
	vcpu_slot_clear(held, vcpu, slot);
	/* Its CPU looked through a window at what is now the guest's page. */
	platform->tlb_flush();
	vcpu_caa_give(held, vcpu, caa);
	page_return(page);
	guestpage_unseal(page);
	req->gone = own;
	return SVSM_SUCCESS;
}

static enum svsm_result delete_try(struct svsm_request *req)
{
	struct vcpu_held held = vcpu_lock();
	enum svsm_result r = delete_locked(held, req);

	vcpu_unlock(held);
	return r;
}

/*
 * Firmware deletes what it has just told the host to stop, which takes the
 * host a moment, and does not ask twice. Bounded, and without the lock: a
 * guest must not hold VMPL0 with a vCPU that runs on.
 */
enum svsm_result vcpu_delete_call(struct svsm_request *req)
{
	enum svsm_result r = delete_try(req);

	for (unsigned int i = 0; i < STOP_TRIES && r == in_use(); i++) {
		for (unsigned int k = 0; k < STOP_PAUSES; k++)
			hw_pause();
		r = delete_try(req);
	}
	return r;
}
