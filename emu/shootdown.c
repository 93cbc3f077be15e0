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

void shootdown(struct vcpu *self)
{
	for (uint32_t i = 0; i < machine.cpus; i++) {
		struct vcpu *t = machine.vcpu[i];

		if (t != self && atomic_load(&t->in_guest))
			smp_kick(t);
	}
	for (uint32_t i = 0; i < machine.cpus; i++)
		if (machine.vcpu[i] != self)
			await_out(machine.vcpu[i]);
	completed++;
}
