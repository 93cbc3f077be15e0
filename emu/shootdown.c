/* SPDX-License-Identifier: MIT */
/* The lock keeps every vCPU that has come out from going in again. */
#include "emu/shootdown.h"

#include "emu/smp.h"
#include "emu/stop.h"
#include "hw/cpu.h"

/* Far more than a processor thread of QEMU is ever kept waiting. */
#define ANSWER_TICKS (120ull << 30)

static uint64_t completed;

uint64_t shootdown_count(void)
{
	return completed;
}

static void await_out(const struct vcpu *t)
{
	uint64_t end = 0;

	while (atomic_load(&t->in_guest)) {
		hw_pause();
		if (!end)
			end = hw_rdtsc() + ANSWER_TICKS;
		if (hw_rdtsc() > end)
			stop_machine(STOP_EMULATOR,
				     "processor %u does not answer", t->index);
	}
}

/* Those that run level @vmpl; or all. */
static void drive_out(const struct vcpu *self, uint32_t vmpl, bool all)
{
	for (uint32_t i = 0; i < machine.cpus; i++) {
		struct vcpu *t = machine.vcpu[i];

		if (t != self && (all || t->vmpl == vmpl) &&
		    atomic_load(&t->in_guest))
			smp_kick(t);
	}
	for (uint32_t i = 0; i < machine.cpus; i++) {
		const struct vcpu *t = machine.vcpu[i];

		if (t != self && (all || t->vmpl == vmpl))
			await_out(t);
	}
}

void shootdown(struct vcpu *self)
{
	drive_out(self, 0, true);
	completed++;
}

void shootdown_narrowed(struct vcpu *self)
{
	if (!machine.options.tlb_lazy)
		shootdown(self);
}

void shootdown_named(struct vcpu *self, enum vcpu_flush what)
{
	if (what == VCPU_FLUSH_RANGE && machine.options.tlb_lazy)
		drive_out(self, self->vmpl, false);
	else if (what != VCPU_FLUSH_NONE)
		shootdown(self);
}
