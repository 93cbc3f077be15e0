/* SPDX-License-Identifier: MIT */
/* What an interrupt does to a CPU that is about to sleep. */
/* test-sources: kernel/native/native.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/native/native.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernel/base/offsets.h"
#include "abi/x86/trap.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/cpu/tlb.h"
#include "kernel/cpu/trap.h"
#include "kernel/mm/kmap.h"
#include "kernel/native/apic.h"
#include "kernel/native/serial.h"
#include "kernel/native/start.h"
#include "tests/fake/hw/fake.h"

static const uint8_t code[] = { 0xfb, 0xf4, 0xfa }; /* STI, HLT, CLI */
static struct percpu cpu;
static unsigned int answers, eois;

/* What the platform's table names besides; none of it runs here. */
void tlb_answer(struct percpu *who)
{
	assert_ptr_equal(who, &cpu);
	answers++;
}

void apic_eoi(void)
{
	eois++;
}

void tlb_join(struct percpu *who)
{
	(void)who;
	abort();
}

void tlb_rest(struct percpu *who)
{
	(void)who;
	abort();
}

void tlb_back(struct percpu *who)
{
	(void)who;
	abort();
}

void tlb_flush_all(void)
{
	abort();
}

void apic_init(void *at)
{
	(void)at;
	abort();
}

void apic_load(void)
{
	abort();
}

void apic_calibrate(void)
{
	abort();
}

uint32_t apic_id(void)
{
	abort();
}

enum err apic_send(uint32_t id, uint32_t command)
{
	(void)id;
	(void)command;
	abort();
}

void apic_timer(uint32_t microseconds)
{
	(void)microseconds;
	abort();
}

enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	(void)va;
	(void)pa;
	(void)use;
	abort();
}

void serial_init(void)
{
	abort();
}

void serial_write(const char *text, uint64_t size)
{
	(void)text;
	(void)size;
	abort();
}

enum err start_cpu(struct percpu *who)
{
	(void)who;
	abort();
}

_Noreturn void panic_memory(const char *what, ...)
{
	(void)what;
	abort();
}

/* Where a CPU goes on that was interrupted at code[at]. */
static ptrdiff_t after(uint64_t vector, unsigned int at, uint64_t cs)
{
	struct trap_frame frame = {
		.vector = vector,
		.rip = (uint64_t)&code[at],
		.cs = cs,
	};

	fake_reset(PAGE_2M);
	cpu.self = &cpu;
	fake.gs = &cpu;
	assert_true(platform_native.trap(&frame));
	return (const uint8_t *)frame.rip - code;
}

/* An NMI between STI and HLT lets the interrupt in that was to end the sleep. */
static void who_has_not_slept_does_not(void **state)
{
	(void)state;
	assert_int_equal(after(TRAP_NMI, 1, GDT_KERNEL_CS), 2);
	assert_int_equal(after(TRAP_FIRST_IRQ, 1, GDT_KERNEL_CS), 2);
	assert_int_equal(answers, 1);
	assert_int_equal(eois, 1);
}

static void elsewhere_nothing_is_left_out(void **state)
{
	(void)state;
	for (unsigned int at = 0; at < 3; at += 2) {
		assert_int_equal(after(TRAP_NMI, at, GDT_KERNEL_CS), at);
		assert_int_equal(after(TRAP_FIRST_IRQ, at, GDT_KERNEL_CS), at);
	}
}

/* Its code may not even be read from here. */
static void ring_3_goes_on_where_it_was(void **state)
{
	(void)state;
	assert_int_equal(after(TRAP_NMI, 1, GDT_USER_CS), 1);
	assert_int_equal(after(TRAP_FIRST_IRQ, 1, GDT_USER_CS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_not_slept_does_not),
		cmocka_unit_test(elsewhere_nothing_is_left_out),
		cmocka_unit_test(ring_3_goes_on_where_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
