/* SPDX-License-Identifier: MIT */
/* Time is looked at whenever a register is; nothing runs in between. */
#include "emu/lapic.h"

#include "abi/x86/apic.h"
#include "abi/x86/msr.h"

#define FIRST_LEGAL_VECTOR 16u
#define SVR_RESET	   0xffu
#define SVR_DEFINED	   0x1ffu
#define LVT_DEFINED	   (LVT_VECTOR | LVT_MASKED | LVT_PERIODIC)
#define ISR_FIRST	   0x10u
#define TMR_FIRST	   0x18u
#define IRR_FIRST	   0x20u
#define BITMAP_REGISTERS   8u

static unsigned int shift_of(uint32_t divide)
{
	return (((divide & 3) | (divide >> 1 & 4)) + 1) & 7;
}

static uint64_t period_ns(const struct lapic *l)
{
	return (uint64_t)l->initial << shift_of(l->divide);
}

static bool masked(const struct lapic *l)
{
	return (l->lvtt & LVT_MASKED) || !(l->svr & APIC_SVR_ENABLE);
}

static int highest(const uint64_t bits[4])
{
	for (int i = 3; i >= 0; i--)
		if (bits[i])
			return 64 * i + 63 - __builtin_clzll(bits[i]);
	return -1;
}

static void bit_set(uint64_t bits[4], uint8_t vector)
{
	bits[vector / 64] |= 1ull << vector % 64;
}

static void bit_clear(uint64_t bits[4], uint8_t vector)
{
	bits[vector / 64] &= ~(1ull << vector % 64);
}

void lapic_reset(struct lapic *l)
{
	*l = (struct lapic){ .svr = SVR_RESET, .lvtt = LVT_MASKED };
}

void lapic_request(struct lapic *l, uint8_t vector)
{
	if (vector >= FIRST_LEGAL_VECTOR)
		bit_set(l->irr, vector);
}

int lapic_requested(const struct lapic *l)
{
	return highest(l->irr);
}

int lapic_deliverable(const struct lapic *l, uint32_t tpr)
{
	int vector = highest(l->irr), served = highest(l->isr);

	if (vector < 0 || !(l->svr & APIC_SVR_ENABLE))
		return -1;
	if (vector >> 4 <= (int)tpr ||
	    (served >= 0 && vector >> 4 <= served >> 4))
		return -1;
	return vector;
}

void lapic_take(struct lapic *l, uint8_t vector)
{
	if (!(l->irr[vector / 64] >> vector % 64 & 1))
		return;
	bit_clear(l->irr, vector);
	bit_set(l->isr, vector);
}

void lapic_drop(struct lapic *l, uint8_t vector)
{
	bit_clear(l->irr, vector);
}

/* Several periods at once are one request, as in the register. */
void lapic_advance(struct lapic *l, uint64_t now)
{
	uint64_t period = period_ns(l), passed = now - l->start;

	if (!l->counting || passed < period)
		return;
	if (l->lvtt & LVT_PERIODIC)
		l->start += passed - passed % period;
	else
		l->counting = false;
	if (!masked(l))
		lapic_request(l, l->lvtt & LVT_VECTOR);
}

uint64_t lapic_next(const struct lapic *l, uint64_t now)
{
	uint64_t end = l->start + period_ns(l);

	if (!l->counting || masked(l))
		return LAPIC_NEVER;
	return end > now ? end - now : 0;
}

static uint32_t count_now(const struct lapic *l, uint64_t now)
{
	uint64_t period = period_ns(l), passed = now - l->start;

	if (!l->counting || !period)
		return 0;
	if (l->lvtt & LVT_PERIODIC)
		passed %= period;
	else if (passed > period)
		passed = period;
	return l->initial - (uint32_t)(passed >> shift_of(l->divide));
}

bool lapic_read(const struct lapic *l, uint32_t number, uint64_t now,
		uint32_t *value)
{
	uint32_t word = number % BITMAP_REGISTERS;

	if (number >= ISR_FIRST && number < TMR_FIRST) {
		*value = (uint32_t)(l->isr[word / 2] >> word % 2 * 32);
		return true;
	}
	if (number >= IRR_FIRST && number < IRR_FIRST + BITMAP_REGISTERS) {
		*value = (uint32_t)(l->irr[word / 2] >> word % 2 * 32);
		return true;
	}
	switch (number + MSR_X2APIC_FIRST) {
	case MSR_X2APIC_SVR:
		*value = l->svr;
		return true;
	case MSR_X2APIC_LVTT:
		*value = l->lvtt;
		return true;
	case MSR_X2APIC_TMICT:
		*value = l->initial;
		return true;
	case MSR_X2APIC_TMCCT:
		*value = count_now(l, now);
		return true;
	case MSR_X2APIC_TDCR:
		*value = l->divide;
		return true;
	default:
		return false;
	}
}

/* Another divider or mode acts from now on, on what is left of the count. */
static void rebase(struct lapic *l, uint32_t divide, uint32_t lvtt,
		   uint64_t now)
{
	uint32_t done = l->initial - count_now(l, now);

	l->divide = divide;
	l->lvtt = lvtt;
	l->start = now - ((uint64_t)done << shift_of(divide));
}

static void eoi(struct lapic *l)
{
	int vector = highest(l->isr);

	if (vector >= 0)
		bit_clear(l->isr, (uint8_t)vector);
}

bool lapic_write(struct lapic *l, uint32_t number, uint32_t value, uint64_t now)
{
	/* What ran out before the write did so under the old settings. */
	lapic_advance(l, now);
	switch (number + MSR_X2APIC_FIRST) {
	case MSR_X2APIC_EOI:
		if (!value)
			eoi(l);
		return !value;
	case MSR_X2APIC_SVR:
		if (value & ~SVR_DEFINED)
			return false;
		l->svr = value;
		if (!(value & APIC_SVR_ENABLE))
			l->lvtt |= LVT_MASKED;
		return true;
	case MSR_X2APIC_LVTT:
		if (value & ~LVT_DEFINED)
			return false;
		if (!(l->svr & APIC_SVR_ENABLE))
			value |= LVT_MASKED;
		rebase(l, l->divide, value, now);
		return true;
	case MSR_X2APIC_TMICT:
		l->initial = value;
		l->start = now;
		l->counting = value != 0;
		return true;
	case MSR_X2APIC_TDCR:
		if (value & ~TDCR_BY_1)
			return false;
		rebase(l, value, l->lvtt, now);
		return true;
	default:
		return false;
	}
}
