/* SPDX-License-Identifier: MIT */
/* proof: whatever exception the host raises and wherever, only a CPUID that
 *   stands there is carried out, from the table; nothing else changes
 * sources: kernel/snp/vc.c kernel/cpu/features.c
 * bound: any frame, any two bytes of code, a table of at most 2 entries
 * flags: -DBOUND=2 --unwind 3
 * long: -DBOUND=12 --unwind 13
 * mutation: kernel/snp/vc.c@cpuid_at: code[1] == 0xa2 => true
 * mutation: kernel/snp/vc.c@vc_trap: frame->error != VC_CPUID => false
 * mutation: kernel/snp/vc.c@vc_trap: frame->rdx = fn ? fn->edx : 0 =>
 *   frame->rdx = fn ? fn->edx : frame->rdx
 */
#include "kernel/snp/vc.h"

#include "abi/x86/trap.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/trap.h"
#include "proofs/fake/proof.h"

static uint8_t code[2];
static struct snp_cpuid_page table;

static void same(const struct trap_frame *a, const struct trap_frame *b)
{
	PROVE(a->r15 == b->r15 && a->r14 == b->r14 && a->r13 == b->r13 &&
	      a->r12 == b->r12 && a->r11 == b->r11 && a->r10 == b->r10 &&
	      a->r9 == b->r9 && a->r8 == b->r8 && a->rbp == b->rbp &&
	      a->rdi == b->rdi && a->rsi == b->rsi);
	PROVE(a->vector == b->vector && a->error == b->error &&
	      a->cs == b->cs && a->rflags == b->rflags && a->rsp == b->rsp &&
	      a->ss == b->ss);
}

static void served(const struct trap_frame *f, const struct trap_frame *old)
{
	const struct snp_cpuid_fn *fn =
		features_cpuid((uint32_t)old->rax, (uint32_t)old->rcx);

	PROVE(old->vector == TRAP_VC && old->error == 0x72);
	PROVE(code[0] == 0x0f && code[1] == 0xa2);
	PROVE(f->rip == old->rip + 2);
	PROVE(!fn || fn->eax_in == (uint32_t)old->rax);
	PROVE(f->rax == (fn ? fn->eax : 0) && f->rbx == (fn ? fn->ebx : 0));
	PROVE(f->rcx == (fn ? fn->ecx : 0) && f->rdx == (fn ? fn->edx : 0));
	SEEN(fn == &table.fn[BOUND - 1]);
	SEEN(!fn);
}

int main(void)
{
	struct trap_frame frame, old;

	features_init(
		&table); /* none yet: what it makes of them is no matter */
	ANY(code);
	for (int i = 0; i < BOUND; i++) {
		struct snp_cpuid_fn fn;

		ANY(fn);
		table.fn[i] = fn;
	}
	table.count = (uint32_t)any_upto(BOUND);
	ANY(frame);
	frame.rip = (uint64_t)code;
	old = frame;
	if (vc_trap(&frame)) {
		served(&frame, &old);
	} else {
		PROVE(frame.rip == old.rip && frame.rax == old.rax &&
		      frame.rbx == old.rbx && frame.rcx == old.rcx &&
		      frame.rdx == old.rdx);
	}
	same(&frame, &old);
	return 0;
}
