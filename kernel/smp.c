/* SPDX-License-Identifier: MIT */
/* Starts the other processors; each ends in its own request loop. */
#include "kernel/smp.h"

#include "kernel/base/log.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/desc.h"
#include "kernel/cpu/entry.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/guest/vcpu.h"
#include "kernel/mm/cpuarea.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/proto/request.h"
#include "kernel/selftest.h"

/* About ten seconds after the last sign of life; the TSC is not the host's to
 * stop. */
#define WAIT_TICKS   30000000000ull
#define NOT_RELEASED 0u

/* Shares in what all CPUs have together, at most: its vCPU; its save areas in
 * their index, four words each; APIC id; two entries of a page directory. */
#define CPU_SHARES                                                       \
	(sizeof(struct vcpu) + (4 * VCPU_SLOTS + 2) * sizeof(uint64_t) + \
	 sizeof(uint32_t))
_Static_assert(CPU_PRIVATE_PAGES *PAGE_4K + CPU_SHARES <= CPU_PRIVATE_MAX,
	       "all the memory of a CPU, its stack grown to the limit");

static uint32_t released; /* the guest's level, once it may run */

static enum err save_area_take(struct percpu *cpu)
{
	struct pa page;
	enum err e = page_take_for_vmsa(&page);

	if (e == OK)
		cpu->vmsa_pa = page.v;
	return e;
}

/* What a CPU needs to run the guest. */
static enum err guest_side(struct percpu *cpu)
{
	enum err e = OK;

	if (platform->has_guest())
		e = vcpu_attach(cpu);
	if (platform->has_guest() && e == OK)
		e = save_area_take(cpu);
	return e;
}

/* One of the two sides wins: a CPU that comes later finds that it has lost; and
 * one that came is online, whatever the host says. False: it came. */
static bool cpu_give_up(struct percpu *cpu)
{
	uint32_t starting = CPU_STARTING;

	__atomic_compare_exchange_n(&cpu->state, &starting, CPU_FAILED, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	return starting != CPU_ONLINE;
}

/* The guest was promised this CPU: the VM does not begin without memory for
 * it (docs/decisions/out-of-memory.md). */
static void cpu_launch(uint32_t index, uint32_t apic_id)
{
	struct percpu *cpu;
	enum err e;

	if (cpuarea_make(index, apic_id, &cpu) != OK || guest_side(cpu) != OK)
		panic_memory("CPU %u", index);
	__atomic_store_n(&cpu->state, CPU_STARTING, __ATOMIC_RELEASE);
	e = platform->cpu_start(cpu);
	if (e == OK)
		return;
	if (e == ERR_NOMEM)
		panic_memory("CPU %u", index);
	/* A host that says no may start it nevertheless. */
	if (cpu_give_up(cpu))
		log_line("CPU %u (APIC id %u): refused by the host", index,
			 apic_id);
}

static bool cpu_wait(struct percpu *cpu, uint64_t start)
{
	while (__atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE) == CPU_STARTING &&
	       hw_rdtsc() - start < WAIT_TICKS)
		hw_pause();
	return !cpu_give_up(cpu);
}

uint32_t smp_start(const uint32_t *ids, uint32_t count)
{
	uint64_t start = hw_rdtsc();
	uint32_t online = 1;

	for (uint32_t i = 1; i < count; i++)
		cpu_launch(i, ids[i]);
	for (uint32_t i = 1; i < count; i++) {
		struct percpu *cpu = (void *)percpu_page(i, CPU_PAGE_SELF);

		if (!cpu_wait(cpu, start)) {
			log_line("CPU %u (APIC id %u) did not start", i,
				 ids[i]);
			continue;
		}
		online++;
		/* Patience begins anew with each sign of life: many CPUs on
		 * a slow host all come, one after the other. */
		start = hw_rdtsc();
	}
	return online;
}

void smp_release(unsigned int guest_vmpl)
{
	__atomic_store_n(&released, guest_vmpl, __ATOMIC_RELEASE);
}

_Noreturn void smp_cpu_main(struct percpu *cpu)
{
	uint32_t starting = CPU_STARTING, vmpl;

	desc_load(cpu);
	features_load();
	user_init();
	selftest_apart();
	platform->init_late();
	if (!__atomic_compare_exchange_n(&cpu->state, &starting, CPU_ONLINE,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		for (;;)
			platform->halt();
	selftest_cpu();
	while ((vmpl = __atomic_load_n(&released, __ATOMIC_ACQUIRE)) ==
	       NOT_RELEASED)
		platform->halt(); /* asleep, not in the way of the others */
	request_loop(vmpl);
}
