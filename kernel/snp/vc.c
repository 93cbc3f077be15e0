/* SPDX-License-Identifier: MIT */
/* #VC: emulates CPUID from the checked table. */
#include "kernel/snp/vc.h"

#include "abi/x86/trap.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/trap.h"

#define VC_CPUID    0x72u
#define CPUID_BYTES 2u

static bool cpuid_at(uint64_t rip)
{
	const uint8_t *code = (const uint8_t *)rip;

	return code[0] == 0x0f && code[1] == 0xa2;
}

bool vc_trap(struct trap_frame *frame)
{
	const struct snp_cpuid_fn *fn;

	if (frame->vector != TRAP_VC || frame->error != VC_CPUID)
		return false;
	/* The host can raise #VC with any code at any place: only an
	 * instruction that really stands there is carried out. */
	if (!cpuid_at(frame->rip))
		return false;
	fn = features_cpuid((uint32_t)frame->rax, (uint32_t)frame->rcx);
	frame->rax = fn ? fn->eax : 0;
	frame->rbx = fn ? fn->ebx : 0;
	frame->rcx = fn ? fn->ecx : 0;
	frame->rdx = fn ? fn->edx : 0;
	frame->rip += CPUID_BYTES;
	return true;
}
