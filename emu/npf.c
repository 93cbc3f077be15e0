/* SPDX-License-Identifier: MIT */
/* What may be mapped is decided by model/rmp; here it is acted on. */
#include "emu/npf.h"

#include "abi/x86/paging.h"
#include "emu/attack/attack.h"
#include "emu/guestmem.h"
#include "emu/gva.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/npt.h"
#include "emu/stop.h"

struct access {
	uint64_t gpa; /* without C-bit */
	bool cbit, write, fetch, walk, user;
};

static const char *access_words(const struct access *a)
{
	if (a->walk)
		return a->write ? "page-table walk (update)"
				: "page-table walk";
	if (a->fetch)
		return "fetch";
	return a->write ? "write" : "read";
}

/* Option violation=fault: the guest may go on after what it tried; VMPL0 must
 * not try any such thing. */
static bool turned_into_fault(struct vcpu *c, const struct access *a)
{
	uint64_t raw = a->gpa | (a->cbit && !c->unpaged ? CBIT : 0), va;

	if (!machine.options.violation_fault || !c->vmpl || a->walk ||
	    !gva_find(c, raw, a->fetch, &va))
		return false;
	inject_pf(c, va,
		  PF_P | PF_RMP | (a->write ? PF_W : 0) | (a->user ? PF_U : 0) |
			  (a->fetch ? PF_ID : 0));
	return true;
}

/* Does not return unless the violation becomes a page fault. */
static void violation(struct vcpu *c, const struct access *a, const char *why)
{
	const struct rmp_entry *e =
		rmp_look(&machine.rmp, guestmem_frame(a->gpa));
	unsigned p[MACHINE_VMPLS] = { 0 };
	uint32_t bits = e ? e->bits : 0;

	if (attack_on(ATTACK_VIOLATION, c, 0, (void *)&a->gpa) ||
	    turned_into_fault(c, a))
		return;
	for (unsigned i = 0; e && i < MACHINE_VMPLS; i++)
		p[i] = rmp_perms(e, i);
	stop_guest(c, STOP_VIOLATION,
		   "violation: %s %s of GPA 0x%lx by VMPL%u at RIP 0x%lx: %s "
		   "(page is %s%s%s, permissions %x %x %x %x)",
		   a->cbit ? "private" : "shared", access_words(a),
		   (unsigned long)a->gpa, c->vmpl,
		   (unsigned long)c->vmcb->save.rip, why,
		   bits & RMP_ASSIGNED ? "private" : "shared",
		   bits & RMP_VALIDATED ? ", validated" : "",
		   bits & RMP_VMSA ? ", VMSA" : "", p[0], p[1], p[2], p[3]);
}

static void not_validated(struct vcpu *c, const struct access *a)
{
	uint64_t raw = a->gpa | (a->cbit && !c->unpaged ? CBIT : 0), va = 0;

	if (c->unpaged)
		raw |= CBIT;
	if (!gva_find(c, raw, a->fetch, &va))
		log_line("no address found for #VC 0x404 at GPA %lx, RIP %lx",
			 (unsigned long)a->gpa,
			 (unsigned long)c->vmcb->save.rip);
	inject_vc_not_validated(c, va);
}

/* The host answers private MMIO with a reserved-bit mapping: #VC. */
static void device_fault(struct vcpu *c, const struct access *a)
{
	if (!guestmem_is_device(a->gpa, 1))
		violation(c, a, "no memory is there");
	else if (!a->cbit)
		npt_map(c, a->gpa, false);
	else if (a->walk || a->fetch)
		violation(c, a, "private memory was expected, it is a device");
	else
		inject_vc(c, SVM_EXIT_NPF);
}

static void ram_fault(struct vcpu *c, const struct access *a)
{
	uint32_t access =
		(a->cbit ? RMP_CBIT : 0) | (a->write ? RMP_WRITE : 0) |
		(a->fetch ? RMP_FETCH : 0) | (a->walk ? RMP_WALK : 0) |
		(a->user ? RMP_USER : 0) |
		(guestmem_flags(a->gpa) & PAGE_SMALL ? RMP_NPT_SIZE : 0);
	bool host_page = !rmp_is_private(&machine.rmp, guestmem_frame(a->gpa));
	enum rmp_verdict v = RMP_OK;

	/* Walks and fetches are private whatever the C-bit says; those that go
	 * to a page of the host are let pass as shared: KVM's guests of today
	 * never depend on the difference. */
	if (a->cbit || !host_page)
		v = rmp_check(&machine.rmp, c->vmpl, guestmem_at(a->gpa),
			      access);
	if (v == RMP_NOT_VALIDATED) {
		not_validated(c, a);
		return;
	}
	if (v != RMP_OK) {
		violation(c, a, rmp_verdict_words(v));
		return;
	}
	if (!a->cbit && !host_page) {
		if (!a->walk && !a->fetch) {
			violation(c, a, "the page is private, the C-bit clear");
			return;
		}
		npt_open_alias(c->vmpl, a->gpa);
	}
	npt_map(c, a->gpa, a->cbit);
}

void npf_exit(struct vcpu *c)
{
	uint64_t info = c->vmcb->exit_info1, raw = c->vmcb->exit_info2;
	struct access a = {
		.gpa = raw & ~CBIT,
		.cbit = raw & CBIT,
		.write = info & NPF_W,
		.fetch = info & NPF_ID,
		.walk = info & NPF_WALK,
		.user = (c->vmcb->save.ss.attr >> 5 & 3u) == 3u,
	};
	bool ram;

	if (a.gpa >> GPA_BITS) {
		violation(c, &a, "the address has more than 47 bits");
		return;
	}
	ram = guestmem_is_ram(a.gpa, 1);
	if (c->unpaged)
		a.cbit = ram;
	if (ram)
		ram_fault(c, &a);
	else
		device_fault(c, &a);
}
