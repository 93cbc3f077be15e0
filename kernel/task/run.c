/* SPDX-License-Identifier: MIT */
/* A process on this CPU: what it may see is loaded, and taken away after. */
#include <stdarg.h>
#include <stddef.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "hw/fpu.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/pcid.h"
#include "kernel/mm/kmap.h"
#include "kernel/task/task.h"
#include "kernel/task/usercopy.h"
#include "lib/fmt.h"

#define CPUID_BYTES 2u
/* Flags that are ring 3's own. */
#define USER_FLAGS                                                   \
	(RFLAGS_CF | RFLAGS_PF | RFLAGS_AF | RFLAGS_ZF | RFLAGS_SF | \
	 RFLAGS_DF | RFLAGS_OF)

/* XSAVE and what needs it: YMM and wider registers are not kept. */
#define HIDDEN_1_ECX                                                 \
	(CPUID_1_ECX_XSAVE | CPUID_1_ECX_OSXSAVE | CPUID_1_ECX_AVX | \
	 CPUID_1_ECX_F16C | CPUID_1_ECX_FMA)
#define HIDDEN_7_EBX \
	(CPUID_7_EBX_FSGSBASE | CPUID_7_EBX_AVX2 | CPUID_7_EBX_AVX512)
#define HIDDEN_7_ECX (CPUID_7_ECX_PKU | CPUID_7_ECX_OSPKE | CPUID_7_ECX_VECTOR)

void task_stop(struct task *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fmt_vprint(t->reason, sizeof(t->reason), format, args);
	va_end(args);
	t->state = TASK_STOPPED;
}

static void cpuid_filter(uint32_t leaf, uint32_t subleaf, struct trap_frame *f)
{
	if (leaf == CPUID_LEAF_FEATURES)
		f->rcx &= ~(uint64_t)HIDDEN_1_ECX;
	if (leaf == CPUID_LEAF_STRUCTURED) {
		f->rbx &= subleaf ? 0 : ~(uint64_t)HIDDEN_7_EBX;
		f->rcx &= subleaf ? 0 : ~(uint64_t)HIDDEN_7_ECX;
		f->rax = 0;
		f->rdx &= subleaf ? 0 : CPUID_7_EDX_SHOWN;
	}
	if (leaf == CPUID_LEAF_EXT_FEATURES)
		f->rcx &= ~(uint64_t)CPUID_81_ECX_VECTOR;
	if (leaf == CPUID_LEAF_XSTATE)
		f->rax = f->rbx = f->rcx = f->rdx = 0;
}

/* The host can raise #VC anywhere: only a CPUID that stands there counts. */
static bool cpuid_done(struct trap_frame *f)
{
	uint32_t leaf = (uint32_t)f->rax, subleaf = (uint32_t)f->rcx;
	const struct snp_cpuid_fn *fn;
	uint8_t code[CPUID_BYTES];

	if (usercopy_in(code, f->rip, sizeof(code)) != OK || code[0] != 0x0f ||
	    code[1] != 0xa2)
		return false;
	fn = features_cpuid(leaf, subleaf);
	f->rax = fn ? fn->eax : 0;
	f->rbx = fn ? fn->ebx : 0;
	f->rcx = fn ? fn->ecx : 0;
	f->rdx = fn ? fn->edx : 0;
	cpuid_filter(leaf, subleaf, f);
	f->rip += CPUID_BYTES;
	return true;
}

static void trap(struct task *t, uint64_t address)
{
	const struct trap_frame *f = &t->frame;

	if (f->vector == TRAP_VC && cpuid_done(&t->frame))
		return;
	task_stop(t, "vector %lu error %lx at %lx, address %lx, stack %lx",
		  f->vector, f->error, f->rip,
		  f->vector == TRAP_PF ? address : 0, f->rsp);
}

/* False: the slice is over. */
static bool event(struct task *t, uint64_t address,
		  const struct task_calls *calls)
{
	switch (t->frame.vector) {
	case TRAP_SYSCALL:
		calls->call(t);
		return true;
	case TRAP_NMI: /* the host may send them as it likes */
		(void)platform->trap(&t->frame);
		return true;
	case TRAP_FIRST_IRQ:
		return calls->tick(t);
	default:
		trap(t, address);
		return true;
	}
}

/* Everything that IRET loads is ours or checked. */
static bool frame_ready(struct task *t)
{
	struct trap_frame *f = &t->frame;

	f->rflags = (f->rflags & USER_FLAGS) | RFLAGS_ONE | RFLAGS_IF;
	f->cs = GDT_USER_CS;
	f->ss = GDT_USER_DS;
	if (f->rip < USER_END)
		return true;
	task_stop(t, "it went on at %lx", f->rip);
	return false;
}

/* Writes the request that task_request left, now that the space is loaded. */
static void message_write(struct task *t)
{
	struct sys_message m = {
		.op = t->op, .arg = t->arg, .size = t->size, .page = TASK_PAGE
	};
	uint64_t at = t->message;

	t->message = 0;
	if (at && usercopy_out(at, &m, sizeof(m)) != OK)
		task_stop(t, "the message at %lx cannot be written", at);
}

void task_run(struct task *t, const struct task_calls *calls)
{
	struct percpu *cpu = percpu_this();
	bool more = true;

	pcid_enter(cpu, space_root(&t->space));
	hw_fxrstor(t->fpu);
	message_write(t);
	while (more && t->state == TASK_RUNS && frame_ready(t)) {
		hw_wrmsr(MSR_FS_BASE, t->fs_base);
		user_enter(&t->frame);
		more = event(t, hw_cr2_read(), calls);
	}
	hw_fxsave(t->fpu);
	/* No CPU uses a translation of the process from here on: none has to
	 * be told when it gives pages back. */
	pcid_leave(cpu, kmap_root());
}

void task_request(struct task *t, uint32_t op, uint32_t arg, uint32_t size)
{
	t->op = op;
	t->arg = arg;
	t->size = size;
	t->state = TASK_RUNS;
}
