/* SPDX-License-Identifier: MIT */
/* The table of events: what each one needs, and who answers it. */
#include "emu/ghcb.h"

#include "abi/snp/ghcb_msr.h"
#include "emu/ap.h"
#include "emu/attack/attack.h"
#include "emu/doorbell.h"
#include "emu/ghcb_msr.h"
#include "emu/guestmem.h"
#include "emu/insn.h"
#include "emu/log.h"
#include "emu/msr.h"
#include "emu/page_state.h"
#include "emu/stop.h"
#include "emu/vmpl.h"

/* Things that need no action here: DR7, caches, MONITOR, MWAIT, IRET of NMI. */
static unsigned int nothing(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	(void)call;
	return 0;
}

static unsigned int page_state(struct vcpu *c, struct ghcb_call *call)
{
	volatile void *buffer = ghcb_buffer(call, sizeof(struct psc_buffer));

	if (!buffer)
		return GHCB_ERR_INVALID_SCRATCH;
	call->out2 = page_state_list(c, buffer);
	return 0;
}

static unsigned int features(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	call->out2 = GHCB_FEATURES;
	return 0;
}

static unsigned int terminate(struct vcpu *c, struct ghcb_call *call)
{
	ghcb_msr_terminated(c, call->info1 & 0xf, call->info1 >> 4 & 0xff);
}

static unsigned int unsupported(struct vcpu *c, struct ghcb_call *call)
{
	stop_guest(c, STOP_TERMINATED,
		   "the guest gives up on #VC %llx, exit info %llx",
		   (unsigned long long)call->info1,
		   (unsigned long long)call->info2);
}

static unsigned int ipi(struct vcpu *c, struct ghcb_call *call)
{
	doorbell_ipi(c, call->info1);
	return 0;
}

static unsigned int create(struct vcpu *c, struct ghcb_call *call)
{
	return ap_creation(c, call);
}

/* The caller must find its answer when it runs again: written before. */
static unsigned int run_vmpl(struct vcpu *c, struct ghcb_call *call)
{
	if (call->info1 >= MACHINE_VMPLS || call->info1 == c->vmpl ||
	    vmpl_refusal(c, (uint32_t)call->info1))
		return GHCB_ERR_INVALID_INPUT;
	ghcb_call_finish(call);
	(void)vmpl_switch(c, (uint32_t)call->info1);
	return GHCB_ANSWERED;
}

/* Ended by an AP creation only: then another VMSA runs, not this one. */
static unsigned int reset_hold(struct vcpu *c, struct ghcb_call *call)
{
	call->out2 = 1;
	ghcb_call_finish(call);
	vmpl_hold(c);
	return GHCB_ANSWERED;
}

static const struct event {
	uint32_t code;
	uint32_t needs;
	unsigned int (*run)(struct vcpu *c, struct ghcb_call *call);
} events[] = {
	{ GHCB_NAE_IOIO, 0, ghcb_ioio },
	{ GHCB_NAE_RUN_VMPL, 0, run_vmpl },
	{ GHCB_NAE_MSR, GHCB_HAS_RCX, msr_event },
	{ GHCB_NAE_PSC, GHCB_HAS_SCRATCH, page_state },
	{ GHCB_NAE_CPUID, GHCB_HAS_RAX | GHCB_HAS_RCX, ghcb_cpuid },
	{ GHCB_NAE_MMIO_READ, GHCB_HAS_SCRATCH, ghcb_mmio_read },
	{ GHCB_NAE_MMIO_WRITE, GHCB_HAS_SCRATCH, ghcb_mmio_write },
	{ GHCB_NAE_DR7_READ, 0, nothing },
	{ GHCB_NAE_DR7_WRITE, GHCB_HAS_RAX, nothing },
	{ GHCB_NAE_RDTSC, 0, ghcb_rdtsc },
	{ GHCB_NAE_RDTSCP, 0, ghcb_rdtscp },
	{ GHCB_NAE_RDPMC, GHCB_HAS_RCX, ghcb_rdpmc },
	{ GHCB_NAE_INVD, 0, nothing },
	{ GHCB_NAE_WBINVD, 0, nothing },
	{ GHCB_NAE_MONITOR, GHCB_HAS_RAX | GHCB_HAS_RCX | GHCB_HAS_RDX,
	  nothing },
	{ GHCB_NAE_MWAIT, GHCB_HAS_RAX | GHCB_HAS_RCX, nothing },
	{ GHCB_NAE_VMMCALL, GHCB_HAS_RAX | GHCB_HAS_CPL, ghcb_vmmcall },
	{ GHCB_NAE_NMI_COMPLETE, 0, nothing },
	{ GHCB_NAE_AP_RESET_HOLD, 0, reset_hold },
	{ GHCB_NAE_GUEST_REQUEST, 0, ghcb_guest_request },
	{ GHCB_NAE_EXT_GUEST_REQUEST, GHCB_HAS_RAX | GHCB_HAS_RBX,
	  ghcb_guest_request },
	{ GHCB_NAE_AP_CREATION, 0, create },
	{ GHCB_NAE_HV_DOORBELL, 0, doorbell_call },
	{ GHCB_NAE_HV_IPI, 0, ipi },
	{ GHCB_NAE_APIC_IDS, GHCB_HAS_RAX, ghcb_apic_ids },
	{ GHCB_NAE_HV_FEATURES, 0, features },
	{ GHCB_NAE_TERMINATE, 0, terminate },
	{ GHCB_NAE_UNSUPPORTED, 0, unsupported },
};

static const struct event *event_find(uint64_t code)
{
	for (unsigned int i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i].code == code)
			return &events[i];
	return NULL;
}

static unsigned int event_run(struct vcpu *c, struct ghcb_call *call)
{
	const struct event *e = event_find(call->code);

	if (!e)
		return GHCB_ERR_INVALID_EVENT;
	if ((call->given & e->needs) != e->needs)
		return GHCB_ERR_MISSING_INPUT;
	return e->run(c, call);
}

static void page_form(struct vcpu *c, uint64_t gpa)
{
	struct vcpu_level *l = vcpu_level(c);
	struct ghcb *page = guestmem_shared(gpa, sizeof(*page));
	struct ghcb_call call;
	unsigned int error;

	if (!page)
		stop_guest(c, STOP_VIOLATION,
			   "VMGEXIT with a GHCB at %llx, which is no shared "
			   "page",
			   (unsigned long long)gpa);
	error = ghcb_call_read(page, gpa, &call);
	if (l->ghcb_gpa != gpa)
		error = GHCB_ERR_NOT_REGISTERED;
	log_trace("vCPU %u VMPL%u: event %llx info %llx %llx rax %llx",
		  c->index, c->vmpl, (unsigned long long)call.code,
		  (unsigned long long)call.info1,
		  (unsigned long long)call.info2, (unsigned long long)call.rax);
	if (!error && !attack_on(ATTACK_EVENT, c, call.code, &call))
		error = event_run(c, &call);
	if (error == GHCB_ANSWERED)
		return;
	if (error == GHCB_AGAIN) {
		c->vmcb->save.rip -= VMGEXIT_LENGTH;
		return;
	}
	if (error) {
		log_trace("vCPU %u VMPL%u: event %llx is malformed, error %u",
			  c->index, c->vmpl, (unsigned long long)call.code,
			  error);
		ghcb_malformed(&call, error);
	}
	if (!attack_on(ATTACK_ANSWER, c, call.code, &call))
		ghcb_call_finish(&call);
	(void)attack_on(ATTACK_ANSWERED, c, call.code, &call);
}

void ghcb_exit(struct vcpu *c)
{
	uint64_t msr = vcpu_level(c)->ghcb_msr;

	if (msr & GHCB_MSR_INFO)
		ghcb_msr_request(c);
	else
		page_form(c, msr & GHCB_MSR_GPA);
	/* The guest may have taken its vector meanwhile. */
	if (c->live && c->vmpl == 0 && (c->hv_waiting || doorbell_wants(c)))
		c->attention |= ATTENTION_HV;
}
