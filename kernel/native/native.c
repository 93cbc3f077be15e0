/* SPDX-License-Identifier: MIT */
/* The platform table of ordinary machines. */
#include "kernel/native/native.h"

#include "abi/boot/launch.h"
#include "abi/x86/apic.h"
#include "abi/x86/msr.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "hw/io.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/cpu/tlb.h"
#include "kernel/cpu/trap.h"
#include "kernel/mm/kmap.h"
#include "kernel/native/apic.h"
#include "kernel/native/serial.h"
#include "kernel/native/start.h"

/* As coir-vm reads it: the machine was asked to end. */
#define EXIT_TERMINATED 100u
#define APIC_BASE_ADDR	0xffffff000ull
#define PIC_MASK_1	0x21u
#define PIC_MASK_2	0xa1u
#define PIC_ALL		0xffu
#define OPCODE_HLT	0xf4u

/* Firmware leaves it on, with the vectors of exceptions. */
static void pic_mask(void)
{
	hw_outb(PIC_MASK_1, PIC_ALL);
	hw_outb(PIC_MASK_2, PIC_ALL);
}

static void native_init_early(const struct boot_launch *boot)
{
	(void)boot;
	pic_mask();
	serial_init();
}

static void first_cpu_init(void)
{
	struct pa at = { hw_rdmsr(MSR_APIC_BASE) & APIC_BASE_ADDR };
	void *page = (void *)DEVICES_VA;

	if (kmap_page(page, at, KMAP_DEVICE) != OK)
		panic_memory("the local APIC's page");
	apic_init(page);
}

static void native_init_late(void)
{
	struct percpu *cpu = percpu_this();

	if (cpu->index == 0)
		first_cpu_init();
	apic_load();
	if (cpu->index == 0)
		apic_calibrate();
	tlb_join(cpu);
}

/* With interrupts on: the timer and other CPUs end it. */
static void native_halt(void)
{
	struct percpu *cpu = percpu_this();

	tlb_rest(cpu);
	hw_hlt_open();
	tlb_back(cpu);
}

static void native_wipe(void)
{
	/* There are no keys. */
}

static __attribute__((noreturn)) void native_terminate(unsigned int reason)
{
	(void)reason; /* the log has it */
	for (;;) {
		hw_outb(NATIVE_EXIT_PORT, EXIT_TERMINATED);
		hw_cli();
		hw_hlt();
	}
}

/* No host: every page is ours, and fresh. */
static enum err native_page_state(struct pa_range pages, enum page_state to)
{
	(void)pages;
	(void)to;
	return OK;
}

static enum page_result native_page_validate(void *va, enum page_size size,
					     bool validate)
{
	(void)va;
	(void)size;
	(void)validate;
	return PAGE_OK;
}

static enum page_result refuse_page(void *va, enum page_size size)
{
	(void)va;
	(void)size;
	return PAGE_FAIL_OTHER;
}

static enum page_result refuse_vmsa(void *va, bool on)
{
	(void)va;
	(void)on;
	return PAGE_FAIL_OTHER;
}

static bool native_has_guest(void)
{
	return false;
}

static enum err refuse_start(const struct guest_start *start, void *va,
			     struct pa page)
{
	(void)start;
	(void)va;
	(void)page;
	return ERR_UNSUPPORTED;
}

static enum err refuse_run(unsigned int vmpl)
{
	(void)vmpl;
	return ERR_UNSUPPORTED;
}

static enum err native_cpu_id(uint32_t *id)
{
	*id = apic_id();
	return OK;
}

/* A flush comes as NMI: at any instruction, also where interrupts are off, so no
 * lock can keep it waiting whose holder waits for the flush. */
static enum err native_cpu_signal(const struct percpu *cpu,
				  enum cpu_signal signal)
{
	uint32_t how = signal == SIGNAL_FLUSH ? ICR_NMI
					      : ICR_FIXED | APIC_VECTOR;

	return apic_send(cpu->apic_id, how | ICR_ASSERT);
}

static enum err native_tlb_broadcast(const struct tlb_gather *what)
{
	(void)what;
	return ERR_UNSUPPORTED;
}

/*
 * STI holds an interrupt off until HLT, but an NMI may come between the two, and
 * its end lets the interrupt in: that was the signal to wake, and nothing would
 * come after it. Who goes on at HLT has not slept yet, and does not.
 */
static void sleep_not(struct trap_frame *frame)
{
	if (!(frame->cs & 3) && *(const uint8_t *)frame->rip == OPCODE_HLT)
		frame->rip++;
}

static bool native_trap(struct trap_frame *frame)
{
	struct percpu *cpu = percpu_this();

	switch (frame->vector) {
	case TRAP_NMI:
		sleep_not(frame);
		tlb_answer(cpu);
		return true;
	case TRAP_FIRST_IRQ:
		sleep_not(frame);
		cpu->platform_data[NATIVE_INTERRUPTS]++;
		apic_eoi();
		return true;
	default:
		return false;
	}
}

/* Also ends the interrupt that ring 3 was left by. */
static enum err native_timer_arm(uint32_t microseconds)
{
	apic_eoi();
	apic_timer(microseconds);
	return OK;
}

static enum err native_io_read(uint16_t port, uint8_t bytes, uint32_t *value)
{
	switch (bytes) {
	case 1:
		*value = hw_inb(port);
		return OK;
	case 2:
		*value = hw_inw(port);
		return OK;
	case 4:
		*value = hw_inl(port);
		return OK;
	default:
		return ERR_RANGE;
	}
}

static enum err native_io_write(uint16_t port, uint8_t bytes, uint32_t value)
{
	switch (bytes) {
	case 1:
		hw_outb(port, (uint8_t)value);
		return OK;
	case 2:
		hw_outw(port, (uint16_t)value);
		return OK;
	case 4:
		hw_outl(port, value);
		return OK;
	default:
		return ERR_RANGE;
	}
}

const struct platform_ops platform_native = {
	.name = "an ordinary machine",
	.init_early = native_init_early,
	.init_late = native_init_late,
	.halt = native_halt,
	.wipe = native_wipe,
	.terminate = native_terminate,
	.page_state = native_page_state,
	.page_validate = native_page_validate,
	.guest_grant = refuse_page,
	.guest_revoke = refuse_page,
	.guest_vmsa = refuse_vmsa,
	.cpu_id = native_cpu_id,
	.cpu_start = start_cpu,
	.cpu_signal = native_cpu_signal,
	.trap = native_trap,
	.tlb_flush = tlb_flush_all,
	.tlb_broadcast = native_tlb_broadcast,
	.timer_arm = native_timer_arm,
	.log_write = serial_write,
	.io_read = native_io_read,
	.io_write = native_io_write,
	.has_guest = native_has_guest,
	.guest_start = refuse_start,
	.guest_run = refuse_run,
};
