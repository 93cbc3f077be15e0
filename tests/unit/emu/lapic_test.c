/* SPDX-License-Identifier: MIT */
/* VMPL0's own APIC against the rules of the manual, at chosen times. */
/* test-sources: emu/lapic.c */
#include "emu/lapic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "abi/x86/apic.h"
#include "abi/x86/msr.h"

#define N(msr) ((msr)-MSR_X2APIC_FIRST)
#define T0     1000000000000ull
#define VECTOR 0x40u

static struct lapic l;

static void set(uint32_t msr, uint32_t value, uint64_t now)
{
	assert_true(lapic_write(&l, N(msr), value, now));
}

static uint32_t get(uint32_t msr, uint64_t now)
{
	uint32_t value = 0;

	assert_true(lapic_read(&l, N(msr), now, &value));
	return value;
}

static void start(uint32_t lvtt, uint32_t divide, uint32_t initial)
{
	lapic_reset(&l);
	set(MSR_X2APIC_SVR, 0x1ff, T0);
	set(MSR_X2APIC_TDCR, divide, T0);
	set(MSR_X2APIC_LVTT, lvtt, T0);
	set(MSR_X2APIC_TMICT, initial, T0);
}

static void test_one_shot(void **state)
{
	(void)state;
	start(VECTOR, TDCR_BY_1, 1000);
	assert_int_equal(lapic_next(&l, T0 + 300), 700);
	assert_int_equal(get(MSR_X2APIC_TMCCT, T0 + 300), 700);
	lapic_advance(&l, T0 + 999);
	assert_int_equal(lapic_requested(&l), -1);
	lapic_advance(&l, T0 + 1000);
	assert_int_equal(lapic_requested(&l), VECTOR);
	assert_int_equal(get(MSR_X2APIC_TMCCT, T0 + 1001), 0);
	assert_true(lapic_next(&l, T0 + 1000) == LAPIC_NEVER);
	lapic_drop(&l, VECTOR);
	lapic_advance(&l, T0 + 100000);
	assert_int_equal(lapic_requested(&l), -1);
}

static void test_dividers(void **state)
{
	static const struct {
		uint32_t code, by;
	} dividers[] = { { 0, 2 },  { 1, 4 },  { 2, 8 },     { 3, 16 },
			 { 8, 32 }, { 9, 64 }, { 0xa, 128 }, { 0xb, 1 } };

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		start(VECTOR, dividers[i].code, 100);
		assert_int_equal(lapic_next(&l, T0), 100 * dividers[i].by);
		assert_int_equal(
			get(MSR_X2APIC_TMCCT, T0 + 30 * dividers[i].by), 70);
	}
}

static void test_periodic(void **state)
{
	(void)state;
	start(VECTOR | LVT_PERIODIC, TDCR_BY_1, 1000);
	lapic_advance(&l, T0 + 1000);
	assert_int_equal(lapic_requested(&l), VECTOR);
	lapic_drop(&l, VECTOR);
	assert_int_equal(lapic_next(&l, T0 + 1200), 800);
	/* three periods late: one request, and the phase stays */
	lapic_advance(&l, T0 + 4300);
	assert_int_equal(lapic_requested(&l), VECTOR);
	assert_int_equal(lapic_next(&l, T0 + 4300), 700);
	assert_int_equal(get(MSR_X2APIC_TMCCT, T0 + 4300), 700);
	set(MSR_X2APIC_TMICT, 0, T0 + 4400);
	assert_true(lapic_next(&l, T0 + 4400) == LAPIC_NEVER);
}

static void test_mask(void **state)
{
	(void)state;
	start(VECTOR | LVT_MASKED, TDCR_BY_1, 1000);
	assert_true(lapic_next(&l, T0) == LAPIC_NEVER);
	assert_int_equal(get(MSR_X2APIC_TMCCT, T0 + 400), 600);
	set(MSR_X2APIC_LVTT, VECTOR, T0 + 400);
	assert_int_equal(lapic_next(&l, T0 + 400), 600);
	/* Ran out while it was masked: that request never comes. */
	set(MSR_X2APIC_LVTT, VECTOR | LVT_MASKED, T0 + 500);
	set(MSR_X2APIC_LVTT, VECTOR, T0 + 2000);
	lapic_advance(&l, T0 + 3000);
	assert_int_equal(lapic_requested(&l), -1);
	/* Ran out before it was masked, though nobody looked: it does. */
	start(VECTOR, TDCR_BY_1, 1000);
	set(MSR_X2APIC_LVTT, VECTOR | LVT_MASKED, T0 + 1001);
	assert_int_equal(lapic_requested(&l), VECTOR);
}

static void test_switched_off(void **state)
{
	(void)state;
	lapic_reset(&l);
	assert_int_equal(get(MSR_X2APIC_LVTT, T0), LVT_MASKED);
	set(MSR_X2APIC_LVTT, VECTOR, T0);
	assert_int_equal(get(MSR_X2APIC_LVTT, T0), VECTOR | LVT_MASKED);
	start(VECTOR, TDCR_BY_1, 1000);
	lapic_request(&l, VECTOR);
	set(MSR_X2APIC_SVR, 0xff, T0);
	assert_int_equal(get(MSR_X2APIC_LVTT, T0), VECTOR | LVT_MASKED);
	assert_int_equal(lapic_deliverable(&l, 0), -1);
}

static void test_priorities(void **state)
{
	(void)state;
	start(VECTOR, TDCR_BY_1, 0);
	lapic_request(&l, 0x41);
	lapic_request(&l, 0x52);
	lapic_request(&l, 0x0f); /* illegal */
	assert_int_equal(lapic_deliverable(&l, 0), 0x52);
	assert_int_equal(lapic_deliverable(&l, 4), 0x52);
	assert_int_equal(lapic_deliverable(&l, 5), -1);
	lapic_take(&l, 0x52);
	assert_int_equal(get(0x812, T0), 1u << 0x12);
	assert_int_equal(get(0x822, T0), 1u << 1);
	lapic_request(&l, 0x5f); /* same class: waits */
	assert_int_equal(lapic_deliverable(&l, 0), -1);
	lapic_request(&l, 0x60);
	assert_int_equal(lapic_deliverable(&l, 0), 0x60);
	lapic_take(&l, 0x60);
	set(MSR_X2APIC_EOI, 0, T0); /* 0x60 */
	assert_int_equal(lapic_deliverable(&l, 0), -1);
	set(MSR_X2APIC_EOI, 0, T0); /* 0x52 */
	assert_int_equal(lapic_deliverable(&l, 0), 0x5f);
	lapic_reset(&l);
	lapic_take(&l, 0x5f);
	assert_int_equal(get(0x812, T0), 0);
}

static void test_refused(void **state)
{
	static const struct {
		uint32_t msr, value;
	} bad[] = {
		{ MSR_X2APIC_EOI, 1 },	       { MSR_X2APIC_SVR, 0x3ff },
		{ MSR_X2APIC_LVTT, 1u << 18 }, { MSR_X2APIC_LVTT, 1u << 12 },
		{ MSR_X2APIC_LVTT, LVT_NMI },  { MSR_X2APIC_TDCR, 4 },
		{ MSR_X2APIC_TMCCT, 1 },       { MSR_X2APIC_ID, 0 },
	};
	uint32_t value;

	(void)state;
	start(VECTOR, TDCR_BY_1, 1000);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(lapic_write(&l, N(bad[i].msr), bad[i].value, T0));
	assert_int_equal(lapic_next(&l, T0), 1000);
	assert_false(lapic_read(&l, N(MSR_X2APIC_ICR), T0, &value));
	assert_false(lapic_read(&l, 0x28, T0, &value));
}

static void test_divider_changed(void **state)
{
	(void)state;
	start(VECTOR, TDCR_BY_1, 1000);
	set(MSR_X2APIC_TDCR, 0, T0 + 400);
	assert_int_equal(get(MSR_X2APIC_TMCCT, T0 + 400), 600);
	assert_int_equal(lapic_next(&l, T0 + 400), 1200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_shot),
		cmocka_unit_test(test_dividers),
		cmocka_unit_test(test_periodic),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_priorities),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_divider_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
