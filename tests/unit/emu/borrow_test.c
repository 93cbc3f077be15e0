/* SPDX-License-Identifier: MIT */
/* A borrowed timer: its owner loses nothing and gets nothing twice. */
/* test-sources: emu/borrow.c */
#include "emu/borrow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "abi/x86/apic.h"

#define T0     5000000ull
#define VECTOR 0x51u

static struct borrow b;

static struct borrow_timer timer(uint32_t lvt, uint32_t initial,
				 uint32_t divide, uint32_t current)
{
	return (struct borrow_timer){ lvt, initial, divide, current };
}

/* Reads the same before and after the mask. */
static struct borrow_back lend(struct borrow_timer t, uint64_t ns)
{
	struct borrow_timer after = t;

	after.lvt |= LVT_MASKED;
	borrow_begin(&b, &t, &after, false, T0);
	assert_true(b.active);
	assert_int_equal(b.owner.lvt, t.lvt);
	return borrow_end(&b, T0 + ns);
}

static void is(struct borrow_back back, uint32_t initial, bool fire)
{
	assert_int_equal(back.initial, initial);
	assert_int_equal(back.fire, fire);
	assert_false(b.active);
}

static void test_one_shot(void **state)
{
	(void)state;
	b = (struct borrow){ 0 };
	is(lend(timer(VECTOR, 1000, TDCR_BY_1, 600), 200), 400, false);
	is(lend(timer(VECTOR, 1000, TDCR_BY_1, 600), 599), 1, false);
	is(lend(timer(VECTOR, 1000, TDCR_BY_1, 600), 600), 0, true);
	is(lend(timer(VECTOR, 1000, TDCR_BY_1, 600), 1u << 30), 0, true);
	is(lend(timer(VECTOR, 1000, 3, 600), 1600), 500, false);
	is(lend(timer(VECTOR | LVT_MASKED, 1000, TDCR_BY_1, 600), 200), 400,
	   false);
	is(lend(timer(VECTOR | LVT_MASKED, 1000, TDCR_BY_1, 600), 700), 0,
	   false);
}

/* At zero already: it had its interrupt, and gets no second one. */
static void test_idle(void **state)
{
	(void)state;
	b = (struct borrow){ 0 };
	is(lend(timer(VECTOR, 1000, TDCR_BY_1, 0), 5000), 0, false);
	is(lend(timer(VECTOR, 0, TDCR_BY_1, 0), 5000), 0, false);
	is(lend(timer(VECTOR | LVT_PERIODIC, 0, TDCR_BY_1, 0), 5000), 0, false);
}

/* It ran out between the look and the mask. */
static void test_owed(void **state)
{
	struct borrow_timer before = timer(VECTOR, 1000, TDCR_BY_1, 3);
	struct borrow_timer after =
		timer(VECTOR | LVT_MASKED, 1000, TDCR_BY_1, 0);

	(void)state;
	b = (struct borrow){ 0 };
	borrow_begin(&b, &before, &after, false, T0);
	is(borrow_end(&b, T0 + 10), 0, true);
	borrow_begin(&b, &before, &after, true, T0); /* it came */
	is(borrow_end(&b, T0 + 10), 0, false);
	before.lvt |= LVT_MASKED;
	borrow_begin(&b, &before, &after, false, T0);
	is(borrow_end(&b, T0 + 10), 0, false);
	before = timer(VECTOR | LVT_PERIODIC, 999, TDCR_BY_1, 3);
	after = timer(before.lvt | LVT_MASKED, 999, TDCR_BY_1, 995);
	borrow_begin(&b, &before, &after, false, T0);
	is(borrow_end(&b, T0 + 10), 999, true);
	borrow_begin(&b, &before, &after, true, T0);
	is(borrow_end(&b, T0 + 10), 999, false);
}

static void test_unclear(void **state)
{
	struct borrow_timer t = timer(VECTOR, 1000, TDCR_BY_1, 0);

	(void)state;
	assert_true(borrow_unclear(&t, false));
	assert_false(borrow_unclear(&t, true));
	t.current = 1;
	assert_false(borrow_unclear(&t, false));
	t = timer(VECTOR | LVT_MASKED, 1000, TDCR_BY_1, 0);
	assert_false(borrow_unclear(&t, false));
	t = timer(VECTOR, 0, TDCR_BY_1, 0);
	assert_false(borrow_unclear(&t, false));
	t = timer(VECTOR | LVT_PERIODIC, 1000, TDCR_BY_1, 950);
	assert_true(borrow_unclear(&t, false));
	assert_false(borrow_unclear(&t, true));
}

static void test_since_zero(void **state)
{
	struct borrow_timer t = timer(VECTOR, 1000, TDCR_BY_1, 0);

	(void)state;
	/* 300 slow counts since it was loaded, 1000 of its own to zero */
	assert_int_equal(borrow_since_zero(&t, 700), 300 * 128 - 1000);
	t.divide = 0;
	assert_int_equal(borrow_since_zero(&t, 700), 300 * 128 - 2000);
	/* at zero by the slowest, too: at least that long */
	assert_int_equal(borrow_since_zero(&t, 0), 1000 * 126);
	t.divide = BORROW_SLOWEST;
	assert_int_equal(borrow_since_zero(&t, 0), 0);
	t = timer(VECTOR | LVT_PERIODIC, 1000, 0, 950);
	assert_int_equal(borrow_since_zero(&t, 0), 100);
}

static void test_periodic(void **state)
{
	struct borrow_timer t =
		timer(VECTOR | LVT_PERIODIC, 999, TDCR_BY_1, 700);

	(void)state;
	b = (struct borrow){ 0 };
	/* 299 into the period, 100 more: it starts anew, 399 late */
	is(lend(t, 100), 999, false);
	assert_int_equal(b.late, 399);
	/* its zero came meanwhile; 201 into the next period */
	is(lend(t, 902), 999, true);
	assert_int_equal(b.late, 600);
	/* a whole period late in sum: made up for */
	is(lend(t, 151), 999, true);
	assert_int_equal(b.late, 50);
	/* other settings, nothing left to make up for */
	t.initial = 1999;
	t.current = 1999;
	is(lend(t, 10), 1999, false);
	assert_int_equal(b.late, 10);
	t.lvt |= LVT_MASKED;
	is(lend(t, 5000), 1999, false);
}

/* However often and long it is lent: as many interrupts as periods went by. */
static void test_long_run(void **state)
{
	const uint64_t period = 1000;
	uint64_t now = 0, next = period, seen = 0, r = 12345;

	(void)state;
	b = (struct borrow){ 0 };
	for (unsigned int i = 0; i < 20000; i++) {
		struct borrow_timer t = timer(VECTOR | LVT_PERIODIC,
					      (uint32_t)period - 1, TDCR_BY_1,
					      0);
		struct borrow_back back;

		r = r * 6364136223846793005ull + 1442695040888963407ull;
		now += (r >> 33) % 2500;
		for (; next <= now; next += period)
			seen++;
		t.current = (uint32_t)(next - now - 1);
		borrow_begin(&b, &t, &t, false, now);
		now += (r >> 50) % 900; /* more than one merge in the APIC */
		back = borrow_end(&b, now);
		seen += back.fire;
		next = now + period;
	}
	seen += b.late / period;
	assert_in_range(seen, now / period - 1, now / period + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_shot),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_owed),
		cmocka_unit_test(test_unclear),
		cmocka_unit_test(test_since_zero),
		cmocka_unit_test(test_periodic),
		cmocka_unit_test(test_long_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
