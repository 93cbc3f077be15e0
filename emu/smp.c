/* SPDX-License-Identifier: MIT */
/* INIT, SIPI and NMI through the local APIC that the guest uses, too. */
#include "emu/smp.h"

#include "abi/x86/apic.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "abi/x86/paging.h"
#include "emu/home.h"
#include "emu/log.h"
#include "emu/mm.h"
#include "emu/mtrr.h"
#include "emu/run.h"
#include "emu/stop.h"
#include "emu/timer.h"
#include "hw/cpu.h"
#include "hw/io.h"
#include "hw/svm.h"
#include "lib/str.h"

#define TRAMPOLINE     0x8000ull
#define STACK_PAGES    8u
#define FWCFG_SELECT   0x510
#define FWCFG_DATA     0x511
#define FWCFG_CPUS     0x05
#define START_TICKS    (60ull << 30)
#define INIT_TICKS     (20ull << 20)
#define LOCK_WAIT_MOST 64u
#define TRAPS	       32u
#define TRAP_NMI       2u
#define STUB_BYTES     16u

extern const uint8_t entry_ap_start[], entry_ap_end[];

/* Stack tops by APIC ID; entry.S puts a processor without one to sleep. */
uint64_t smp_stack[MACHINE_CPUS];

static _Atomic uint32_t big_lock;
static _Atomic uint32_t processors_up;
static struct idt_gate idt[TRAPS];

/* No queue: with fewer processors than vCPUs the first in line may well be
 * asleep, and all behind it would wait for nothing. */
void smp_lock(void)
{
	uint32_t wait = 1;

	while (atomic_exchange_explicit(&big_lock, 1, memory_order_acquire)) {
		for (uint32_t i = 0; i < wait; i++)
			hw_pause();
		if (wait < LOCK_WAIT_MOST)
			wait *= 2;
	}
}

void smp_unlock(void)
{
	atomic_store_explicit(&big_lock, 0, memory_order_release);
}

static volatile uint32_t *apic(uint32_t offset)
{
	return mm_ptr(APIC_DEFAULT_BASE + (uint64_t)offset);
}

uint32_t smp_apic_read(uint32_t offset)
{
	return *apic(offset);
}

void smp_apic_write(uint32_t offset, uint32_t value)
{
	*apic(offset) = value;
}

void smp_send_nmi(uint32_t apic_id)
{
	uint32_t high = smp_apic_read(APIC_ICR_HIGH);

	smp_apic_write(APIC_ICR_HIGH, apic_id << 24);
	smp_apic_write(APIC_ICR_LOW, ICR_NMI | ICR_ASSERT);
	smp_apic_write(APIC_ICR_HIGH, high);
}

void smp_kick(struct vcpu *t)
{
	if (atomic_load(&t->in_guest)) {
		if (t->kicked)
			return;
		t->kicked = true;
	} else if (t->waiting) {
		t->waiting = false;
	} else {
		return;
	}
	smp_send_nmi(t->index);
}

void smp_attention(struct vcpu *t, uint32_t bits)
{
	t->attention |= bits;
	smp_kick(t);
}

void smp_take_nmi(void)
{
	hw_stgi();
	hw_clgi();
}

/* Nothing but a vCPU can wake a vCPU that waits here. */
static void check_all_idle(void)
{
	for (uint32_t i = 0; i < machine.cpus; i++) {
		const struct vcpu *c = machine.vcpu[i];

		if (c->state == VCPU_RUNNING || c->attention ||
		    timer_will_wake(c))
			return;
	}
	stop_machine(STOP_IDLE, "every vCPU waits at VMPL0, none can go on");
}

/* Which NMI was it? None of ours may stay behind and pass for the guest's. */
static void woken(struct vcpu *c)
{
	bool ours = !c->waiting || c->kicked;

	smp_take_nmi();
	ours = timer_nmi(c) || ours;
	if (!ours && c->state == VCPU_HALTED)
		c->nmi_below = true;
	/* An NMI meant to end the guest's run may have come late: it is
	 * spent, and the next kick must send one again. */
	c->kicked = false;
	c->waiting = false;
}

void smp_idle(struct vcpu *c)
{
	while (c->state != VCPU_RUNNING && !c->attention) {
		if (c->state == VCPU_HALTED)
			check_all_idle();
		c->waiting = true;
		smp_unlock();
		run_wait();
		smp_lock();
		woken(c);
		timer_look(c);
	}
}

static void idt_build(void)
{
	for (unsigned i = 0; i < TRAPS; i++) {
		uint64_t at = (uint64_t)run_stubs + i * STUB_BYTES;

		if (i == TRAP_NMI)
			at = (uint64_t)run_nmi;
		idt[i] = (struct idt_gate){
			.offset_low = (uint16_t)at,
			.selector = 8,
			.type = GATE_INTERRUPT,
			.offset_mid = (uint16_t)(at >> 16),
			.offset_high = (uint32_t)(at >> 32),
		};
	}
}

struct trap_frame {
	uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

/* Our own exception: no lock, we end here. */
void smp_trap(const struct trap_frame *f);
void smp_trap(const struct trap_frame *f)
{
	stop_machine(STOP_EMULATOR,
		     "exception %lu in the emulator: RIP %lx error %lx "
		     "CR2 %lx RSP %lx",
		     (unsigned long)f->vector, (unsigned long)f->rip,
		     (unsigned long)f->error, (unsigned long)hw_cr2_read(),
		     (unsigned long)f->rsp);
}

/* What every processor needs before its first VMRUN. */
static void processor_init(void)
{
	struct desc_ptr d = { sizeof(idt) - 1, (uint64_t)idt };
	uint64_t cr4 = hw_cr4_read();

	hw_lidt(&d);
	if (hw_cpuid(CPUID_LEAF_FEATURES, 0).ecx & CPUID_1_ECX_XSAVE)
		hw_cr4_write(cr4 | CR4_OSXSAVE);
	hw_wrmsr(MSR_VM_HSAVE_PA, mm_pa(mm_page()));
	hw_clgi();
}

void smp_ap_main(uint32_t index);
void smp_ap_main(uint32_t index)
{
	/* The pool has no lock: processors come up under the big one. */
	smp_lock();
	processor_init();
	mtrr_load();
	smp_unlock();
	atomic_fetch_add(&processors_up, 1);
	vcpu_run(machine.vcpu[index]);
}

uint32_t smp_count(void)
{
	uint32_t n;

	hw_outw(FWCFG_SELECT, FWCFG_CPUS);
	n = hw_inb(FWCFG_DATA);
	n |= (uint32_t)hw_inb(FWCFG_DATA) << 8;
	if (n < 1)
		return 1;
	return n > MACHINE_CPUS ? MACHINE_CPUS : n;
}

/* Code at TRAMPOLINE, then a root that adds the low GiB to our own map: the
 * real one may lie above 4 GiB, where a 32-bit CR3 does not reach. */
static void trampoline_build(void)
{
	uint64_t *root = mm_ptr(TRAMPOLINE + PAGE_4K);
	uint64_t *low = mm_ptr(TRAMPOLINE + 2 * PAGE_4K);

	memcpy(mm_ptr(TRAMPOLINE), entry_ap_start,
	       (size_t)(entry_ap_end - entry_ap_start));
	memcpy(root, mm_ptr(home_cr3), PAGE_4K);
	memset(low, 0, PAGE_4K);
	root[0] = (TRAMPOLINE + 2 * PAGE_4K) | PTE_P | PTE_W;
	low[0] = PTE_P | PTE_W | PTE_PS;
}

static void spin(uint64_t ticks)
{
	uint64_t end = hw_rdtsc() + ticks;

	while (hw_rdtsc() < end)
		hw_pause();
}

static void await_processors(void)
{
	uint64_t end = hw_rdtsc() + START_TICKS;

	while (atomic_load(&processors_up) < machine.cpus - 1) {
		hw_pause();
		if (hw_rdtsc() > end)
			stop_machine(STOP_EMULATOR,
				     "only %u of %u processors started",
				     atomic_load(&processors_up) + 1,
				     machine.cpus);
	}
}

void smp_start(void)
{
	idt_build();
	processor_init();
	timer_init();
	mtrr_save();
	if (machine.cpus == 1)
		return;
	for (uint32_t i = 1; i < machine.cpus; i++)
		smp_stack[i] =
			(uint64_t)mm_pages(STACK_PAGES) + STACK_PAGES * PAGE_4K;
	trampoline_build();
	smp_apic_write(APIC_SVR, smp_apic_read(APIC_SVR) | APIC_SVR_ENABLE);
	smp_apic_write(APIC_ICR_LOW, ICR_OTHERS | ICR_ASSERT | ICR_INIT);
	spin(INIT_TICKS);
	smp_apic_write(APIC_ICR_LOW, ICR_OTHERS | ICR_ASSERT | ICR_SIPI |
					     (uint32_t)(TRAMPOLINE >> 12));
	await_processors();
}
