/* SPDX-License-Identifier: MIT */
/* What each trap means: growth of the stack, a fix-up, the platform's business,
 * or the end. */
#include "kernel/cpu/trap.h"

#include <stddef.h>

#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/extable.h"
#include "kernel/mm/stack.h"
#include "kernel/selftest.h"
#include "lib/addr.h"

static const char *const trap_names[TRAP_FIRST_IRQ] = {
	[TRAP_DE] = "#DE", [TRAP_DB] = "#DB", [TRAP_BP] = "#BP",
	[TRAP_UD] = "#UD", [TRAP_NM] = "#NM", [TRAP_DF] = "#DF",
	[TRAP_TS] = "#TS", [TRAP_NP] = "#NP", [TRAP_SS] = "#SS",
	[TRAP_GP] = "#GP", [TRAP_PF] = "#PF", [TRAP_MC] = "#MC",
	[TRAP_VC] = "#VC", [TRAP_HV] = "#HV",
};

_Noreturn static void trap_fatal(const struct trap_frame *f)
{
	const char *name = f->vector < TRAP_FIRST_IRQ ? trap_names[f->vector]
						      : NULL;

	panic_at(f->rip, f->rbp, "%s (%lu) error %lx at %p cr2 %lx rsp %lx",
		 name ? name : "trap", f->vector, f->error, (void *)f->rip,
		 hw_cr2_read(), f->rsp);
}

static void trap_handle(struct trap_frame *f)
{
	if (selftest_trap(f))
		return;
	switch (f->vector) {
	case TRAP_VC:
		if (extable_fix(f) || platform->trap(f))
			return;
		break;
	case TRAP_PF:
		/* Growth first: a copy that may fault may be what needs it. */
		if (stack_fault(f, hw_cr2_read()) || extable_fix(f))
			return;
		break;
	case TRAP_HV:
	case TRAP_FIRST_IRQ:
		if (platform->trap(f))
			return;
		break;
	case TRAP_NMI: /* a host may send them as it likes */
		(void)platform->trap(f);
		return;
	default:
		break;
	}
	trap_fatal(f);
}

/* One bit for each IST stack. */
static uint32_t ist_bit(uint64_t vector)
{
	switch (vector) {
	case TRAP_VC:
		return 1;
	case TRAP_PF:
		return 2;
	case TRAP_NMI:
	case TRAP_MC:
	case TRAP_HV:
		return 8;
	default: /* all end the VM, as #DF does; but for interrupts, if any */
		return 4;
	}
}

_Noreturn void trap_forged(uint64_t vector)
{
	panic("the host forged an event, vector %lu", vector);
}

/* Before the bit is set and after it is cleared, too, this stack is in use. */
static bool interrupted_itself(const struct trap_frame *frame)
{
	return ((frame->rsp - 1) ^ (uint64_t)frame) < PAGE_4K;
}

/*
 * A second fault on an IST stack overwrites the first one's frame; the host
 * can provoke that by pulling pages away. So nothing returns from there.
 */
void trap_dispatch(struct trap_frame *frame)
{
	struct percpu *cpu = percpu_this();
	uint32_t bit = ist_bit(frame->vector);

	if ((cpu->ist_busy & bit) || interrupted_itself(frame))
		panic_silent(PANIC_NESTED);
	cpu->ist_busy |= bit;
	trap_handle(frame);
	cpu->ist_busy &= ~bit;
}
