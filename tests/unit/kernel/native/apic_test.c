/* SPDX-License-Identifier: MIT */
/* Local APIC: which registers are written, in which order, and the timer's sums. */
/* test-sources: kernel/native/apic.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/native/apic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/apic.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/msr.h"
#include "kernel/cpu/features.h"
#include "tests/fake/hw/fake.h"

#define MSR_LVT	  0x832u
#define MSR_COUNT 0x838u
#define MSR_NOW	  0x839u
#define MSR_ICR	  0x830u

static char page[4096] __attribute__((aligned(4096)));
static struct snp_cpuid_fn basic, rate;
static uint32_t written[8];
static unsigned int writes;

const struct snp_cpuid_fn *features_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == CPUID_LEAF_FEATURES)
		return &basic;
	return leaf == CPUID_LEAF_HYPERVISOR_TSC ? &rate : NULL;
}

static void watch(volatile void *at, uint32_t value)
{
	(void)value;
	if (writes < 8)
		written[writes++] =
			(uint32_t)((const volatile char *)at - page);
}

static uint32_t *reg(uint32_t offset)
{
	return (uint32_t *)(page + offset);
}

static int start(uint32_t ecx, uint32_t khz)
{
	fake_reset(PAGE_2M);
	memset(page, 0, sizeof(page));
	basic.ecx = ecx;
	rate.eax = khz;
	fake_msr_write(MSR_APIC_BASE, APIC_DEFAULT_BASE | APIC_BASE_BSP);
	apic_init(page);
	apic_load();
	writes = 0;
	fake.mmio = watch;
	return 0;
}

static int xapic(void **state)
{
	(void)state;
	return start(0, 1000);
}

static int x2apic(void **state)
{
	(void)state;
	return start(CPUID_1_ECX_X2APIC, 1000);
}

static void destination_goes_first(void **state)
{
	(void)state;
	assert_int_equal(apic_send(7, ICR_INIT | ICR_ASSERT), OK);
	assert_int_equal(writes, 2);
	/* Writing the low half sends. */
	assert_int_equal(written[0], APIC_ICR_HIGH);
	assert_int_equal(written[1], APIC_ICR_LOW);
	assert_int_equal(*reg(APIC_ICR_HIGH), 7u << 24);
	assert_int_equal(*reg(APIC_ICR_LOW), ICR_INIT | ICR_ASSERT);
}

static void ids_beyond_eight_bits(void **state)
{
	(void)state;
	assert_int_equal(apic_send(255, ICR_NMI), OK);
	assert_int_equal(apic_send(256, ICR_NMI), ERR_RANGE);
	assert_int_equal(writes, 2);
}

static void a_stuck_command_is_an_error(void **state)
{
	(void)state;
	*reg(APIC_ICR_LOW) = ICR_PENDING;
	assert_int_equal(apic_send(1, ICR_NMI), ERR_BUSY);
	assert_int_equal(writes, 0);
}

static void one_write_by_msr(void **state)
{
	(void)state;
	assert_int_equal(fake_msr_read(MSR_APIC_BASE) & APIC_BASE_EXTD,
			 APIC_BASE_EXTD);
	assert_int_equal(apic_send(1000, ICR_NMI | ICR_ASSERT), OK);
	assert_int_equal(fake_msr_read(MSR_ICR),
			 1000ull << 32 | ICR_NMI | ICR_ASSERT);
	assert_int_equal(writes, 0);
}

static void ids_of_both_kinds(void **state)
{
	(void)state;
	*reg(APIC_ID) = 9u << 24;
	assert_int_equal(apic_id(), 9);
	start(CPUID_1_ECX_X2APIC, 1000);
	fake_msr_write(MSR_X2APIC_ID, 300);
	assert_int_equal(apic_id(), 300);
}

/* 1000 TSC ticks to the millisecond; the timer is made to count half as many. */
static void timer_counts(void **state)
{
	uint64_t rated;

	(void)state;
	fake_msr_write(MSR_NOW, 0xffffffff - 500);
	apic_calibrate();
	apic_timer(1000000);
	rated = fake_msr_read(MSR_COUNT);
	/* A window is a millisecond and the readings themselves. */
	assert_in_range(rated, 480000, 500000);
	assert_int_equal(fake_msr_read(MSR_LVT), APIC_VECTOR);
	apic_timer(0);
	assert_int_equal(fake_msr_read(MSR_COUNT), 0);
	apic_timer(1); /* less than one count is one: 0 would stop it */
	assert_int_equal(fake_msr_read(MSR_COUNT), 1);
	apic_timer(0xffffffff);
	assert_in_range(fake_msr_read(MSR_COUNT), 0x70000000, 0xffffffff);
}

static void long_times_are_cut(void **state)
{
	(void)state;
	fake_msr_write(MSR_NOW, 0);
	apic_calibrate(); /* as many counts as there can be */
	apic_timer(0xffffffff);
	assert_int_equal(fake_msr_read(MSR_COUNT), 0xffffffff);
}

static void rate_is_assumed_where_none_is_known(void **state)
{
	(void)state;
	start(0, 0);
	assert_int_equal(apic_ticks(1000), 2000000);
	start(0, 3000000);
	assert_int_equal(apic_ticks(1000), 3000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(destination_goes_first, xapic),
		cmocka_unit_test_setup(ids_beyond_eight_bits, xapic),
		cmocka_unit_test_setup(a_stuck_command_is_an_error, xapic),
		cmocka_unit_test_setup(one_write_by_msr, x2apic),
		cmocka_unit_test_setup(ids_of_both_kinds, xapic),
		cmocka_unit_test_setup(timer_counts, x2apic),
		cmocka_unit_test_setup(long_times_are_cut, x2apic),
		cmocka_unit_test_setup(rate_is_assumed_where_none_is_known,
				       xapic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
