/* SPDX-License-Identifier: MIT */
/* proof: whatever the guest asks and writes meanwhile, and the host answers, no
 *   page that can run as a save area can be written by the guest; its contents
 *   were judged when nobody could change them any more; a refusal gives the
 *   page back as it was
 * sources: kernel/proto/vcpu.c proofs/fake/panic.c
 * bound: none: any registers, one CREATE_VCPU or one try of DELETE_VCPU
 * flags: --unwind 5
 * mutation: kernel/proto/vcpu.c@page_make_vmsa: platform->tlb_flush(); =>
 * mutation: kernel/proto/vcpu.c@contents_good: vmsa->vmpl == rules.vmpl =>
 *   vmsa->vmpl >= rules.vmpl
 * mutation: kernel/proto/vcpu.c@create_taken: vcpu_caa_give(held, c->vcpu,
 *   c->caa); =>
 * mutation: kernel/proto/vcpu.c@create_locked: guestpage_unseal(c->page); =>
 * mutation: kernel/proto/vcpu.c@delete_locked: platform->tlb_flush(); =>
 * mutation: kernel/proto/vcpu.c@delete_locked: vcpu->slot[slot].ours => false
 * mutation: kernel/proto/vcpu.c@vmsa_stop: stopped && !vmsa_claim(map.va) =>
 *   stopped && !vmsa_claim(map.va) && false
 */
#include "kernel/proto/vcpu.c"

#include "proofs/fake/proof.h"

/* One page: what the guest can do with it, and what we know of it. */
static struct {
	bool shut, revoked, flushed; /* flushed since it was revoked */
	bool save_area;		     /* VMRUN takes it */
	bool registered;	     /* in a slot */
	bool window; /* a CPU may look at it through a slot's window */
	bool windows_flushed;
} page;
static struct vmsa contents;
static struct vcpu vcpus[2];
static unsigned int caa_held, locks, windows;
static bool serving; /* its CPU was at work on a call when it was stopped */
static uint64_t gpa;
void *proof_gs;
const struct platform_ops *platform;

/* Before each step of ours the guest may write, if it can. */
static void guest_turn(void)
{
	if (!page.revoked || !page.flushed)
		ANY(contents);
	else if (page.save_area && page.registered && nondet_bool())
		contents.efer = nondet_u64(); /* it runs */
}

static enum page_result revoke(void *va, enum page_size size)
{
	__CPROVER_assert(va == &contents && !size, "the page");
	guest_turn();
	if (nondet_bool())
		return PAGE_FAIL_INUSE;
	page.revoked = true;
	page.flushed = false;
	return PAGE_OK;
}

static enum page_result grant(void *va, enum page_size size)
{
	__CPROVER_assert(va == &contents && !size, "the page");
	__CPROVER_assert(!page.save_area, "never a save area");
	__CPROVER_assert(!page.window || page.windows_flushed,
			 "no window shows it any more");
	if (nondet_bool())
		return PAGE_FAIL_INUSE;
	page.revoked = false;
	return PAGE_OK;
}

/* Off fails while it runs. */
static enum page_result vmsa_op(void *va, bool on)
{
	__CPROVER_assert(va == &contents, "the page");
	guest_turn();
	if (nondet_bool())
		return PAGE_FAIL_INUSE;
	if (on)
		__CPROVER_assert(page.revoked && page.flushed && page.shut,
				 "nobody else can write it");
	if (on && !page.registered)
		__CPROVER_assert(contents.vmpl == rules.vmpl &&
					 contents.efer & EFER_SVME &&
					 contents.sev_features ==
						 rules.sev_features,
				 "its contents are good now");
	page.save_area = on;
	serving = !(contents.efer & EFER_SVME);
	return PAGE_OK;
}

static void flush(void)
{
	guest_turn();
	page.flushed = true;
	page.windows_flushed = true;
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)use;
	__CPROVER_assert(pa.v == gpa, "the page");
	windows++;
	guest_turn();
	return (struct tmpmap){ &contents, PAGE_SIZE_4K };
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
	windows--;
}

enum err guestpage_check(uint64_t at, enum page_size size,
			 struct guest_range *out)
{
	(void)size;
	/* Registered pages are guest memory. */
	if (!page.registered && nondet_bool())
		return ERR_RANGE;
	*out = (struct guest_range){ { { at }, PAGE_4K }, 0 };
	return OK;
}

enum page_result guestpage_seal(struct guest_range at)
{
	__CPROVER_assert(at.r.start.v == gpa && locks, "the page, locked");
	if (page.shut || nondet_bool())
		return PAGE_PINNED;
	page.shut = true;
	return PAGE_OK;
}

void guestpage_unseal(struct guest_range at)
{
	__CPROVER_assert(at.r.start.v == gpa && page.shut, "sealed");
	__CPROVER_assert(!page.revoked && !page.save_area, "the guest's again");
	page.shut = false;
}

enum svsm_result need_pages(unsigned int n)
{
	return (enum svsm_result)(SVSM_NEED_PAGES + n);
}

struct vcpu_held vcpu_lock(void)
{
	__CPROVER_assert(!locks++, "once");
	return (struct vcpu_held){ vcpus };
}

void vcpu_unlock(struct vcpu_held held)
{
	(void)held;
	locks--;
}

struct vcpu *vcpu_find(struct vcpu_held held, uint32_t apic_id)
{
	(void)held;
	(void)apic_id;
	return nondet_bool() ? NULL : &vcpus[any_upto(1)];
}

enum err vcpu_find_vmsa(struct vcpu_held held, struct pa vmsa,
			struct vcpu **vcpu, unsigned int *slot)
{
	(void)held;
	if (!page.registered || vmsa.v != gpa)
		return ERR_ABSENT;
	*vcpu = &vcpus[1];
	*slot = 3;
	return OK;
}

enum err vcpu_slot_free(struct vcpu_held held, const struct vcpu *vcpu,
			unsigned int *slot)
{
	(void)held;
	(void)vcpu;
	*slot = (unsigned int)any_upto(VCPU_SLOTS - 1);
	return nondet_bool() ? OK : ERR_BUSY;
}

void vcpu_slot_set(struct vcpu_held held, struct vcpu *vcpu, unsigned int slot,
		   struct vcpu_slot to)
{
	(void)held;
	(void)vcpu;
	__CPROVER_assert(slot < VCPU_SLOTS && to.vmsa.v == gpa, "the page");
	__CPROVER_assert(page.save_area && caa_held == 1, "ready to run");
	page.registered = page.window = true;
	page.windows_flushed = false;
}

void vcpu_slot_clear(struct vcpu_held held, struct vcpu *vcpu,
		     unsigned int slot)
{
	(void)held;
	__CPROVER_assert(vcpu == &vcpus[1] && slot == 3, "its slot");
	__CPROVER_assert(!page.save_area, "it cannot run");
	page.registered = false;
	page.windows_flushed = false;
}

enum err vcpu_caa_take(struct vcpu_held held, const struct vcpu *sharer,
		       struct pa caa)
{
	(void)held;
	(void)sharer;
	__CPROVER_assert(caa.v != gpa, "another page");
	if (nondet_bool())
		return nondet_bool() ? ERR_NOMEM : ERR_RANGE;
	caa_held++;
	return OK;
}

void vcpu_caa_give(struct vcpu_held held, const struct vcpu *vcpu,
		   struct pa caa)
{
	(void)held;
	(void)vcpu;
	(void)caa;
	caa_held--;
}

void vcpu_caa_move(struct vcpu_held held, struct vcpu *vcpu, unsigned int slot,
		   struct pa caa)
{
	(void)held;
	(void)vcpu;
	(void)slot;
	(void)caa;
}

static const struct platform_ops ops = {
	.guest_grant = grant,
	.guest_revoke = revoke,
	.guest_vmsa = vmsa_op,
	.tlb_flush = flush,
};

static void create(struct svsm_request *req)
{
	enum svsm_result r;

	gpa = req->rcx;
	ANY(contents);
	r = vcpu_create_call(req);
	if (r == SVSM_SUCCESS) {
		PROVE(page.registered && page.save_area && page.revoked);
		PROVE(page.flushed && page.windows_flushed && page.shut);
		PROVE(caa_held == 1);
		PROVE(gpa % PAGE_4K == 0 && gpa % PAGE_2M && gpa != req->rdx);
		return;
	}
	PROVE(!page.registered && !page.shut && !page.revoked);
	PROVE(!page.save_area && !caa_held);
}

/* A save area as CREATE_VCPU or the launch left it. */
static void delete (struct svsm_request *req)
{
	bool ours = nondet_bool();
	enum svsm_result r;

	gpa = nondet_u64();
	page.shut = page.revoked = page.flushed = true;
	page.save_area = page.registered = page.window = true;
	caa_held = 1;
	vcpus[1].slot[3] =
		(struct vcpu_slot){ { gpa }, { nondet_u64() }, ours };
	ANY(contents);
	r = delete_try(req);
	PROVE(r != SVSM_SUCCESS || !ours);
	if (r == SVSM_SUCCESS) {
		PROVE(!page.registered && !page.shut && !page.revoked);
		PROVE(!page.save_area && !caa_held && req->rcx == gpa);
		PROVE(req->gone || !serving);
		PROVE(req->gone == (req->vcpu == &vcpus[1] && req->slot == 3));
		return;
	}
	PROVE(page.registered && page.save_area && page.revoked);
	PROVE(page.shut && caa_held == 1 && !req->gone);
}

int main(void)
{
	struct svsm_request req;

	platform = &ops;
	ANY(rules);
	ANY(req);
	req.gone = false;
	req.vcpu = &vcpus[any_upto(1)];
	GIVEN(req.slot < VCPU_SLOTS);
	if (nondet_bool())
		create(&req);
	else
		delete (&req);
	PROVE(!locks && !windows);
	return 0;
}
