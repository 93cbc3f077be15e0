/* SPDX-License-Identifier: MIT */
/* The test kernel's first look at traps. */
#include "tests/inject/fault.h"

#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/trap.h"
#include "tests/inject/deaf.h"
#include "tests/inject/kernel/selftest.h"
#include "tests/inject/leap.h"

#define CPUS_MAX 64u

static struct watch {
	bool armed, counting;
	uint64_t rsp, interrupts;
	struct fault seen;
} watches[CPUS_MAX];

static struct watch *watch_this(void)
{
	return &watches[percpu_this()->index % CPUS_MAX];
}

bool selftest_trap(struct trap_frame *f)
{
	struct watch *w = watch_this();

	if (f->vector == TRAP_NMI)
		deaf_nmi();
	if (f->vector == TRAP_FIRST_IRQ && w->counting) {
		w->interrupts++;
		/* Where the platform has no use for it, it is ours alone. */
		(void)platform->trap(f);
		return true;
	}
	if (!w->armed || f->vector == TRAP_NMI || f->vector >= TRAP_FIRST_IRQ)
		return false;
	w->armed = false;
	w->seen = (struct fault){ f->vector, f->error, hw_cr2_read() };
	f->rip = (uint64_t)leap_back;
	f->rsp = w->rsp;
	return true;
}

struct fault fault_catch(void (*act)(void *at), void *at)
{
	struct watch *w = watch_this();

	w->seen = (struct fault){ .vector = FAULT_NONE };
	w->armed = true;
	leap(act, at, &w->rsp);
	w->armed = false;
	return w->seen;
}

void fault_count(bool on)
{
	struct watch *w = watch_this();

	w->interrupts = 0;
	w->counting = on;
}

uint64_t fault_counted(void)
{
	return __atomic_load_n(&watch_this()->interrupts, __ATOMIC_RELAXED);
}
