/* SPDX-License-Identifier: MIT */
/*
 * VMPL2: it uses the processor's APIC timer as a guest does, and calls VMPL0
 * meanwhile, which has a timer of its own. Nothing of ours may get lost, come
 * twice, or read otherwise than before.
 */
#include "tests/guest/timer/timer.h"

#include "abi/snp/ghcb_msr.h"
#include "abi/x86/apic.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"

#define PERIOD_NS     5000000u
#define PATIENCE_NS   3000000000ull
#define NO_MORE_NS    6000000ull
#define LOW_MSR	      0x1234567800ull
#define ICR_HIGH_WORD 0x12000000u

struct low low;

static uint32_t r(uint32_t offset)
{
	return *(volatile uint32_t *)(APIC_VA + offset);
}

static void w(uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(APIC_VA + offset) = value;
}

static void equal(const char *what, uint64_t got, uint64_t want)
{
	uint32_t n = low.failures;

	if (got == want)
		return;
	low.failures++;
	if (n >= 8)
		return;
	low.failed[n] = what;
	low.got[n] = got;
	low.want[n] = want;
}

/* VMPL0 takes @ticks ticks of @ns in ring 3 and comes back. */
static void call(uint32_t ns, uint32_t ticks)
{
	low.wanted_ns = ns;
	low.wanted_ticks = ticks;
	ghcb_msr_call(GHCB_MSR_RUN_VMPL_REQ);
}

static uint64_t clock_ns(void)
{
	return hw_rdtsc() / 1024 * low.ns_per_1024_tsc;
}

static void spin_ns(uint64_t ns)
{
	uint64_t end = clock_ns() + ns;

	while (clock_ns() < end)
		hw_pause();
}

static uint32_t random(void)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static bool bit(uint32_t first, uint32_t vector)
{
	return r(first + vector / 32 * 16) >> vector % 32 & 1;
}

static void ipi_taken(void)
{
	low.ipis++;
	if (low.in_service) {
		/* A vector of the highest class stays in service. */
		call(200000, 2);
		equal("still in service", bit(0x100, LOW_IPI), true);
	}
}

void low_trap(struct frame *f)
{
	if (f->vector == LOW_TIMER)
		low.timer_ticks++;
	else
		ipi_taken();
	w(APIC_EOI, 0);
}

static uint32_t count(void)
{
	return r(APIC_TMCCT);
}

static void calibrate(void)
{
	w(APIC_LVT_TIMER, LVT_MASKED | LOW_TIMER);
	w(APIC_TDCR, TDCR_BY_1);
	w(APIC_TMICT, ~0u);
	low.ns_per_1024_tsc = tick_calibrate(count);
	w(APIC_TMICT, 0);
}

/* VMPL0 armed its timer before it let us run: we notice nothing. */
static void undisturbed(void)
{
	irq_on();
	spin_ns(5000000);
	hw_cli();
	low.tsc_spin = hw_rdtsc();
	call(0, 0);
}

/* Values that VMPL0 has, too; each level must keep its own. */
static void own_msrs(void)
{
	static const uint32_t msrs[] = { MSR_STAR, MSR_LSTAR, MSR_SFMASK,
					 MSR_KERNEL_GS_BASE };
	uint64_t x87;

	for (unsigned int i = 0; i < 4; i++) {
		equal("MSR at start", hw_rdmsr(msrs[i]), 0);
		hw_wrmsr(msrs[i], LOW_MSR + i);
	}
	xmm_set(LOW_MSR);
	x87_set();
	x87 = x87_get();
	call(200000, 1);
	equal("own x87 status", x87_get(), x87);
	for (unsigned int i = 0; i < 4; i++)
		equal("own MSR", hw_rdmsr(msrs[i]), LOW_MSR + i);
	equal("own XMM3", xmm_get(), LOW_MSR);
}

static void await(uint32_t want)
{
	uint64_t end = clock_ns() + PATIENCE_NS;

	irq_on();
	while (low.timer_ticks < want && clock_ns() < end)
		hw_pause();
	hw_cli();
	equal("timer interrupts", low.timer_ticks, want);
}

static void unchanged(uint32_t divide, uint32_t initial)
{
	equal("LVT of the timer", r(APIC_LVT_TIMER), LOW_TIMER);
	equal("divider", r(APIC_TDCR), divide);
	equal("count went up", r(APIC_TMCCT) > initial, false);
}

static void one_round(uint32_t number)
{
	static const struct {
		uint32_t divide, by;
	} dividers[] = { { TDCR_BY_1, 1 }, { 0, 2 }, { 3, 16 } };
	uint32_t d = random() % 3, kind = random() % 20;
	uint32_t ns = 20000 + random() % 3000000;
	uint32_t initial = ns / dividers[d].by;

	/* A new divider may bring a count that has run out back to life. */
	w(APIC_TMICT, 0);
	w(APIC_TDCR, dividers[d].divide);
	w(APIC_LVT_TIMER, LOW_TIMER);
	w(APIC_TMICT, initial);
	if (kind == 0) /* it has run out, and was taken, before the call */
		await(number + 1);
	else if (kind < 5) /* it may be requested already, and not taken */
		spin_ns(random() % 1000000);
	else if (kind < 10)
		irq_on();
	for (uint32_t calls = kind < 15 ? 1 : 4; calls; calls--) {
		call(100000 + random() % 300000, 1 + random() % 6);
		unchanged(dividers[d].divide, initial);
	}
	hw_cli();
	await(number + 1);
}

static void one_shots(void)
{
	for (low.rounds = 0; low.rounds < low.rounds_wanted; low.rounds++) {
		one_round(low.rounds);
		if (low.failures)
			return;
	}
	irq_on();
	spin_ns(NO_MORE_NS);
	hw_cli();
	equal("timer interrupts, at the end", low.timer_ticks,
	      low.rounds_wanted);
}

/* A masked timer counts on while it is away. */
static void countdown(void)
{
	struct tick_sample a, b;
	uint64_t counted, passed;

	w(APIC_TDCR, TDCR_BY_1);
	w(APIC_LVT_TIMER, LVT_MASKED | LOW_TIMER);
	w(APIC_TMICT, ~0u);
	a = tick_sample(count);
	for (unsigned int i = 0; i < 20; i++)
		call(300000, 3);
	b = tick_sample(count);
	counted = a.count - b.count;
	passed = (b.tsc - a.tsc) / 1024 * low.ns_per_1024_tsc;
	equal("counted too fast", counted > passed * 102 / 100, false);
	equal("counted too slow", counted < passed * 98 / 100, false);
	w(APIC_TMICT, 0);
}

static void periodic(void)
{
	uint32_t before = low.timer_ticks;
	uint64_t from;

	w(APIC_LVT_TIMER, LVT_PERIODIC | LOW_TIMER);
	from = clock_ns();
	w(APIC_TMICT, PERIOD_NS - 1);
	irq_on();
	for (unsigned int i = 0; i < low.rounds_wanted / 3; i++) {
		call(100000 + random() % 200000, 1 + random() % 3);
		spin_ns(random() % 15000000);
	}
	w(APIC_LVT_TIMER, LVT_MASKED | LOW_TIMER);
	low.periods = (clock_ns() - from) / PERIOD_NS;
	hw_cli();
	low.periodic_ticks = low.timer_ticks - before;
	w(APIC_TMICT, 0);
}

/* Requested, in the highest class, and later in service there. */
static void other_vectors(void)
{
	uint32_t icr = ICR_SELF | ICR_ASSERT | LOW_IPI;

	w(APIC_ICR_HIGH, ICR_HIGH_WORD);
	w(APIC_ICR_LOW, icr);
	call(200000, 3);
	equal("an IPI waits", bit(APIC_IRR, LOW_IPI), true);
	equal("ICR, low", r(APIC_ICR_LOW) & ~ICR_PENDING, icr);
	equal("ICR, high", r(APIC_ICR_HIGH), ICR_HIGH_WORD);
	equal("IPIs", low.ipis, 0);
	low.in_service = 1;
	irq_on();
	hw_cli();
	equal("IPIs", low.ipis, 1);
	equal("IPI gone", bit(APIC_IRR, LOW_IPI), false);
}

void low_main(void)
{
	cpu_load_idt();
	w(APIC_SVR, 0x1ff);
	calibrate();
	undisturbed();
	own_msrs();
	one_shots();
	countdown();
	periodic();
	other_vectors();
	low.done = 1;
	call(0, 0);
}
