/* SPDX-License-Identifier: MIT */
/* Small events: CPUID and counters, APIC ids, guest requests. */
#include "emu/ghcb.h"

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "emu/cpuid.h"
#include "emu/guestmem.h"
#include "hw/cpu.h"

#define LOW_HALF   0xffffffffull
/* What KVM answers to hypercalls that it does not know. */
#define KVM_ENOSYS 1000ull

unsigned int ghcb_cpuid(struct vcpu *c, struct ghcb_call *call)
{
	uint32_t leaf = (uint32_t)call->rax;
	struct cpuid_regs r;

	(void)c;
	if (leaf == CPUID_LEAF_XSTATE && !(call->given & GHCB_HAS_XCR0))
		return GHCB_ERR_MISSING_INPUT;
	r = cpuid_guest(leaf, (uint32_t)call->rcx,
			leaf == CPUID_LEAF_XSTATE ? call->xcr0 : XCR0_X87);
	call->rax = r.eax;
	call->rbx = r.ebx;
	call->rcx = r.ecx;
	call->rdx = r.edx;
	call->set = GHCB_HAS_RAX | GHCB_HAS_RBX | GHCB_HAS_RCX | GHCB_HAS_RDX;
	return 0;
}

unsigned int ghcb_rdtsc(struct vcpu *c, struct ghcb_call *call)
{
	uint64_t tsc = hw_rdtsc();

	(void)c;
	call->rax = tsc & LOW_HALF;
	call->rdx = tsc >> 32;
	call->set = GHCB_HAS_RAX | GHCB_HAS_RDX;
	return 0;
}

unsigned int ghcb_rdtscp(struct vcpu *c, struct ghcb_call *call)
{
	(void)ghcb_rdtsc(c, call);
	call->rcx = hw_rdmsr(MSR_TSC_AUX) & LOW_HALF;
	call->set |= GHCB_HAS_RCX;
	return 0;
}

/* There are no counters: they stand still. */
unsigned int ghcb_rdpmc(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	call->rax = 0;
	call->rdx = 0;
	call->set = GHCB_HAS_RAX | GHCB_HAS_RDX;
	return 0;
}

unsigned int ghcb_vmmcall(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	call->rax = -KVM_ENOSYS;
	call->set = GHCB_HAS_RAX;
	return 0;
}

/*
 * The security processor is not asked yet: the host's own error, by which the
 * guest knows that its message was not taken and no number is used up.
 */
unsigned int ghcb_guest_request(struct vcpu *c, struct ghcb_call *call)
{
	(void)c;
	if (call->info1 == call->info2 ||
	    !addr_aligned(call->info1 | call->info2, PAGE_4K) ||
	    !guestmem_shared(call->info1, PAGE_4K) ||
	    !guestmem_shared(call->info2, PAGE_4K))
		return GHCB_ERR_INVALID_INPUT;
	call->out2 = (uint64_t)GUEST_REQUEST_HOST_ERROR << 32;
	return 0;
}

unsigned int ghcb_apic_ids(struct vcpu *c, struct ghcb_call *call)
{
	uint64_t bytes = 4 + 4ull * machine.cpus;
	uint64_t pages = (bytes + PAGE_4K - 1) / PAGE_4K;
	volatile uint32_t *list;

	(void)c;
	call->set = GHCB_HAS_RAX;
	if (call->rax < pages) {
		call->rax = pages;
		return 0;
	}
	list = guestmem_shared(call->info1, pages * PAGE_4K);
	if (!list || !addr_aligned(call->info1, PAGE_4K))
		return GHCB_ERR_INVALID_INPUT;
	list[0] = machine.cpus;
	for (uint32_t i = 0; i < machine.cpus; i++)
		list[1 + i] = i;
	call->rax = pages;
	return 0;
}
