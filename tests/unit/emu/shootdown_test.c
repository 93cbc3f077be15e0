/* SPDX-License-Identifier: MIT */
/* Who is driven out of the guest, and when: strict machine and lazy one. */
/* test-sources: emu/shootdown.c */
#include "emu/shootdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "emu/smp.h"
#include "emu/stop.h"
#include "tests/fake/hw/fake.h"

#define CPUS 4u

struct machine machine;
struct fake_machine fake; /* PAUSE and the clock count there */
static struct vcpu vcpus[CPUS];
static uint32_t kicked; /* a bit for each vCPU */

void smp_kick(struct vcpu *t)
{
	assert_true(atomic_load(&t->in_guest));
	kicked |= 1u << t->index;
	atomic_store(&t->in_guest, 0);
}

void stop_machine(enum stop_status status, const char *format, ...)
{
	(void)status;
	fail_msg("%s", format);
	for (;;)
		;
}

/* vCPU 0 is out; 1 and 2 run VMPL2, 3 runs VMPL0. */
static void begin(bool lazy)
{
	static const uint32_t level[CPUS] = { 0, 2, 2, 0 };

	kicked = 0;
	machine.cpus = CPUS;
	machine.options.tlb_lazy = lazy;
	for (uint32_t i = 0; i < CPUS; i++) {
		vcpus[i].index = i;
		vcpus[i].vmpl = level[i];
		atomic_store(&vcpus[i].in_guest, i != 0);
		machine.vcpu[i] = &vcpus[i];
	}
}

static void drives_out(uint32_t cpus, uint64_t completed)
{
	static uint64_t before;

	assert_int_equal(kicked, cpus);
	assert_int_equal(shootdown_count() - before, completed);
	before = shootdown_count();
}

static void strict(void **state)
{
	(void)state;
	begin(false);
	shootdown_narrowed(&vcpus[0]);
	drives_out(0xe, 1);
	begin(false);
	shootdown_named(&vcpus[0], VCPU_FLUSH_RANGE);
	drives_out(0xe, 1);
	begin(false);
	shootdown_named(&vcpus[0], VCPU_FLUSH_ALL);
	drives_out(0xe, 1);
	begin(false);
	shootdown_named(&vcpus[0], VCPU_FLUSH_NONE);
	drives_out(0, 0);
}

/* The guest's own instructions leave everybody alone; the host's do not. */
static void lazy(void **state)
{
	(void)state;
	begin(true);
	shootdown_narrowed(&vcpus[0]);
	drives_out(0, 0);
	begin(true);
	shootdown_named(&vcpus[0], VCPU_FLUSH_NONE);
	drives_out(0, 0);
	begin(true);
	shootdown_named(&vcpus[0], VCPU_FLUSH_ALL);
	drives_out(0xe, 1);
	begin(true);
	shootdown(&vcpus[0]);
	drives_out(0xe, 1);
}

/* Addresses are of one level; tables that were unlinked must rest on. */
static void lazy_range(void **state)
{
	(void)state;
	begin(true);
	shootdown_named(&vcpus[0], VCPU_FLUSH_RANGE);
	drives_out(0x8, 0);
	begin(true);
	vcpus[0].vmpl = 2;
	shootdown_named(&vcpus[0], VCPU_FLUSH_RANGE);
	drives_out(0x6, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict),
		cmocka_unit_test(lazy),
		cmocka_unit_test(lazy_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
