/* SPDX-License-Identifier: MIT */
/* All checks first; then the level is installed and its vCPU told. */
#include "emu/ap.h"

#include "emu/ghcb.h"
#include "emu/guestmem.h"
#include "emu/log.h"
#include "emu/smp.h"
#include "emu/vmpl.h"
#include "emu/vmsa_regs.h"
#include "model/vmsa.h"

struct request {
	struct vcpu *target;
	uint32_t op, vmpl;
	uint64_t vmsa_gpa, features;
};

static bool decode(const struct ghcb_call *call, struct request *r)
{
	uint32_t apic_id = (uint32_t)(call->info1 >> AP_APIC_ID_SHIFT);

	if (apic_id >= machine.cpus || !machine.vcpu[apic_id])
		return false;
	r->target = machine.vcpu[apic_id];
	r->op = call->info1 & 0xffff;
	r->vmpl = call->info1 >> AP_VMPL_SHIFT & 0xf;
	r->vmsa_gpa = call->info2;
	r->features = call->rax;
	if (call->info1 & 0xfff00000)
		return false;
	return r->op <= AP_DESTROY && r->vmpl < MACHINE_VMPLS;
}

/*
 * A level may be given only by one that is at least as privileged. The level
 * that is calling can be replaced at once (it then never returns), but not
 * destroyed or put back for later: it runs.
 */
static bool allowed(const struct vcpu *c, const struct request *r)
{
	if (r->target == c && r->vmpl == c->vmpl)
		return r->op == AP_CREATE;
	return r->vmpl >= c->vmpl;
}

static const char *page_refused(const struct request *r)
{
	const struct vmsa *v;

	if (!vmsa_gpa_fits(r->vmsa_gpa))
		return "its address is not fit for a VMSA";
	if (!guestmem_is_ram(r->vmsa_gpa, PAGE_4K))
		return "its address is not RAM";
	if (rmp_vmsa_check(&machine.rmp, guestmem_at(r->vmsa_gpa)) !=
	    RMP_VMSA_OK)
		return "the page is no VMSA, or is running";
	v = guestmem_ptr(r->vmsa_gpa, PAGE_4K);
	if (v->sev_features != r->features)
		return "SEV_FEATURES is not what RAX says";
	if (v->vmpl != r->vmpl)
		return "it belongs to another VMPL";
	/* one for later may still be written to until its INIT */
	return r->op == AP_CREATE ? vmsa_refused(v, r->vmpl) : NULL;
}

/*
 * The caller may count on it that the vCPU has stopped: firmware takes the
 * VMSA's page back without asking twice.
 */
static unsigned int destroy(const struct request *r)
{
	struct vcpu *t = r->target;

	t->level[r->vmpl].present = false;
	if (t->start_pending && t->next_vmpl == r->vmpl)
		t->start_pending = false;
	if (!t->live || t->vmpl != r->vmpl)
		return 0;
	smp_attention(t, ATTENTION_STOP);
	return GHCB_AGAIN;
}

static void start_now(const struct request *r, bool was_running)
{
	struct vcpu *t = r->target;

	t->next_vmpl = r->vmpl;
	/* A busy VMPL0 finishes what it does; once it halts, the level runs. */
	if (t->live && t->vmpl == 0 && r->vmpl != 0 &&
	    t->state == VCPU_RUNNING) {
		t->start_pending = true;
		return;
	}
	smp_attention(t, ATTENTION_START | (was_running ? ATTENTION_STOP : 0));
}

/* From now on no VMPL0 takes the processor's interrupts (vmcb.h). */
static void first_lower_level(void)
{
	machine.has_levels = true;
	for (uint32_t i = 0; i < machine.cpus; i++)
		smp_attention(machine.vcpu[i], ATTENTION_OTHER);
}

unsigned int ap_creation(struct vcpu *c, const struct ghcb_call *call)
{
	struct request r;
	const char *why;
	bool was_running;

	if (!decode(call, &r) || !allowed(c, &r))
		return GHCB_ERR_INVALID_INPUT;
	if (r.op == AP_DESTROY)
		return destroy(&r);
	why = page_refused(&r);
	if (why) {
		log_line("AP creation for vCPU %u at VMPL%u refused: %s",
			 r.target->index, r.vmpl, why);
		return GHCB_ERR_INVALID_INPUT;
	}
	was_running = r.target->live && r.target->vmpl == r.vmpl;
	if (r.vmpl && !machine.has_levels)
		first_lower_level();
	vmpl_install(r.target, r.vmpl, r.vmsa_gpa, NULL);
	log_trace("vCPU %u VMPL%u: VMSA at %llx", r.target->index, r.vmpl,
		  (unsigned long long)r.vmsa_gpa);
	if (r.op == AP_CREATE)
		start_now(&r, was_running);
	return 0;
}
