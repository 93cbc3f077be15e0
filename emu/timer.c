/* SPDX-License-Identifier: MIT */
/* QEMU's APIC takes the delivery mode NMI for its timer. */
#include "emu/timer.h"

#include "abi/x86/apic.h"
#include "abi/x86/cr.h"
#include "emu/doorbell.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/smp.h"
#include "hw/cpu.h"

#define CALIBRATE_NS 4000000u
#define SAMPLES	     16u
/* Shorter runs would leave the guest no time between two NMIs. */
#define RUN_LEAST    10000u
#define RUN_MOST     0xfffffff0u
/* How late QEMU's main thread may be with a timer that ran out, on a computer
 * that is busy with other things; under -icount it never is. */
#define LATE_NS	     250000000u
#define LATE_EXACT   10000u
/* Busy computers lose periodic ticks anyhow. */
#define PERIODIC_NS  200000u
#define POLL_NS	     10000u
/* TSC and timer then have one rate, to this many bits. */
#define EXACT_BITS   18u

static uint64_t ns_per_tick; /* of the TSC, 32.32 fixed point */
static uint64_t late_ns = LATE_NS;
static bool works;

uint64_t timer_clock(void)
{
	return (uint64_t)((unsigned __int128)hw_rdtsc() * ns_per_tick >> 32);
}

struct sample {
	uint64_t tsc, took;
	uint32_t count;
};

static struct sample sample_once(void)
{
	uint64_t t0 = hw_rdtsc();
	uint32_t count = smp_apic_read(APIC_TMCCT);
	uint64_t took = hw_rdtsc() - t0;

	return (struct sample){ t0 + took / 2, took, count };
}

/* Both counters at one moment: the reading that took the least time. */
static struct sample sample(void)
{
	struct sample best = sample_once();

	for (unsigned int i = 1; i < SAMPLES; i++) {
		struct sample s = sample_once();

		if (s.took < best.took)
			best = s;
	}
	return best;
}

void timer_init(void)
{
	uint32_t lvt = smp_apic_read(APIC_LVT_TIMER);
	struct sample first, last;

	smp_apic_write(APIC_LVT_TIMER, LVT_MASKED | LVT_NMI);
	works = (smp_apic_read(APIC_LVT_TIMER) & LVT_MODE) == LVT_NMI;
	if (!works)
		log_line("the APIC timer raises no NMI: VMPL0's own timer is "
			 "looked at during exits only");
	smp_apic_write(APIC_TDCR, TDCR_BY_1);
	smp_apic_write(APIC_TMICT, ~0u);
	first = sample();
	while (first.count - smp_apic_read(APIC_TMCCT) < CALIBRATE_NS)
		hw_pause();
	last = sample();
	ns_per_tick = ((uint64_t)(first.count - last.count) << 32) /
		      (last.tsc - first.tsc);
	if ((ns_per_tick + (1u << (31 - EXACT_BITS))) >> (32 - EXACT_BITS) ==
	    1u << EXACT_BITS)
		late_ns = LATE_EXACT;
	smp_apic_write(APIC_TMICT, 0);
	smp_apic_write(APIC_TDCR, 0);
	smp_apic_write(APIC_LVT_TIMER, lvt);
}

static bool restricted(const struct vcpu *c)
{
	return c->level[0].sev_features & SEV_FEATURE_RESTRICTED_INJ;
}

bool timer_has_own(const struct vcpu *c)
{
	return c->vmpl == 0 && (machine.has_levels || restricted(c));
}

static struct borrow_timer read_timer(void)
{
	return (struct borrow_timer){
		.lvt = smp_apic_read(APIC_LVT_TIMER),
		.initial = smp_apic_read(APIC_TMICT),
		.divide = smp_apic_read(APIC_TDCR),
		.current = smp_apic_read(APIC_TMCCT),
	};
}

static bool is_requested(uint32_t lvt)
{
	uint32_t vector = lvt & LVT_VECTOR;

	return smp_apic_read(APIC_IRR + vector / 32 * 16) >> vector % 32 & 1;
}

/* Writing the divider has no other effect on QEMU's timer. */
static uint64_t since_zero(const struct borrow_timer *t)
{
	uint32_t slow;

	smp_apic_write(APIC_TDCR, BORROW_SLOWEST);
	slow = smp_apic_read(APIC_TMCCT);
	smp_apic_write(APIC_TDCR, t->divide);
	return borrow_since_zero(t, slow);
}

/* QEMU's main thread needs the lock that each look at the APIC takes. */
static void pause_ns(uint64_t ns)
{
	uint64_t end = timer_clock() + ns;

	while (timer_clock() < end)
		hw_pause();
}

/* Waits until the interrupt of the guest's timer, should one be under way, has
 * become a request. A periodic one has another soon. */
static struct borrow_timer settled(void)
{
	struct borrow_timer t = read_timer();
	uint64_t grace = t.lvt & LVT_PERIODIC ? PERIODIC_NS : late_ns;
	uint64_t end = timer_clock() + grace;

	while (borrow_unclear(&t, is_requested(t.lvt)) &&
	       since_zero(&t) < grace && timer_clock() < end) {
		pause_ns(POLL_NS);
		t = read_timer();
	}
	return t;
}

/* Interrupts are off: what is requested stays so for us to see. */
static void take(struct vcpu *c)
{
	struct borrow_timer before = settled(), after;

	smp_apic_write(APIC_LVT_TIMER, before.lvt | LVT_MASKED);
	after = read_timer();
	borrow_begin(&c->borrow, &before, &after, is_requested(before.lvt),
		     timer_clock());
}

/* Whatever becomes of this run, its NMI must not come when it is over: it would
 * be taken for the guest's. timer_look starts another one if need be. */
bool timer_nmi(struct vcpu *c)
{
	struct borrow *b = &c->borrow;

	if (!b->active || b->spent)
		return false;
	smp_apic_write(APIC_LVT_TIMER, LVT_MASKED | LVT_NMI);
	b->spent = true;
	if (smp_apic_read(APIC_TMCCT))
		return false;
	smp_take_nmi();
	return true;
}

/* An NMI of ours that ended the guest's run goes with the timer's: the guest
 * does not run. */
static void stop(struct vcpu *c)
{
	if (timer_nmi(c))
		c->kicked = false;
}

static void arm(struct vcpu *c, uint64_t now, uint64_t ns)
{
	struct borrow *b = &c->borrow;
	uint64_t count = ns;

	if (b->active && !b->spent && b->deadline == now + ns)
		return;
	if (b->active)
		stop(c);
	else
		take(c);
	b->deadline = now + ns;
	b->spent = false;
	if (count < RUN_LEAST)
		count = RUN_LEAST;
	if (count > RUN_MOST)
		count = RUN_MOST;
	/* The count last: had it run out when the mask is lifted, QEMU would
	 * not raise the interrupt any more. */
	smp_apic_write(APIC_TMICT, 0);
	smp_apic_write(APIC_TDCR, TDCR_BY_1);
	smp_apic_write(APIC_LVT_TIMER, LVT_NMI);
	smp_apic_write(APIC_TMICT, (uint32_t)count);
}

/* By the timer itself: an IPI would leave its traces in the ICR. */
static void fire(struct borrow *b)
{
	uint64_t end = timer_clock() + late_ns;
	uint32_t lvt = b->owner.lvt;

	smp_apic_write(APIC_LVT_TIMER, lvt & ~LVT_PERIODIC);
	smp_apic_write(APIC_TMICT, 1);
	while (!is_requested(lvt)) {
		pause_ns(POLL_NS);
		if (timer_clock() < end)
			continue;
		if (!(lvt & LVT_PERIODIC))
			return; /* it comes when it comes */
		b->late += b->owner.initial + 1ull;
		break;
	}
	smp_apic_write(APIC_TMICT, 0);
}

static void put_back(struct borrow *b)
{
	struct borrow_back back = borrow_end(b, timer_clock());
	uint32_t lvt = b->owner.lvt;

	/* Nothing may run while the two settings are mixed. */
	smp_apic_write(APIC_TMICT, 0);
	smp_apic_write(APIC_TDCR, b->owner.divide);
	if (back.fire && !is_requested(lvt))
		fire(b);
	smp_apic_write(APIC_LVT_TIMER, lvt);
	if (back.initial)
		smp_apic_write(APIC_TMICT, back.initial);
}

static void give_back(struct vcpu *c)
{
	if (!c->borrow.active)
		return;
	stop(c);
	put_back(&c->borrow);
}

/* What the guest has not taken is still requested. */
static void withdraw(struct vcpu *c)
{
	struct vmcb *v = c->vmcb;

	c->window = false;
	c->offered = false;
	v->int_ctl &= ~(V_IRQ | V_IGN_TPR);
	v->intercepts &= ~INTERCEPT(SVM_EXIT_VINTR);
}

void timer_leave(struct vcpu *c)
{
	if (c->window || c->offered)
		withdraw(c);
	give_back(c);
}

void timer_exit(struct vcpu *c)
{
	if (!c->offered)
		return;
	if (!(c->vmcb->int_ctl & V_IRQ))
		lapic_take(&c->lapic, (uint8_t)c->vmcb->int_vector);
	withdraw(c);
}

/* An exit as soon as interrupts are on: priorities are looked at then. */
static void window(struct vcpu *c)
{
	c->window = true;
	c->vmcb->int_ctl |= V_IRQ | V_IGN_TPR;
	c->vmcb->intercepts |= INTERCEPT(SVM_EXIT_VINTR);
}

static void deliver_own(struct vcpu *c)
{
	const struct vmcb *v = c->vmcb;
	int vector = lapic_deliverable(&c->lapic, v->int_ctl & V_TPR_MASK);
	bool on = v->save.rflags & RFLAGS_IF;

	if (c->window || c->offered)
		withdraw(c);
	if (vector < 0 || (c->state == VCPU_HALTED && !on))
		return;
	c->state = VCPU_RUNNING;
	if (!on || (v->int_state & 1) || !inject_is_free(c)) {
		window(c);
		return;
	}
	inject_interrupt(c, (uint8_t)vector);
	c->offered = true;
}

static void ring(struct vcpu *c)
{
	int vector = lapic_requested(&c->lapic);

	while (vector >= 0 && doorbell_timer(c, (uint8_t)vector)) {
		lapic_drop(&c->lapic, (uint8_t)vector);
		vector = lapic_requested(&c->lapic);
	}
}

void timer_look(struct vcpu *c)
{
	uint64_t now, ns;

	if (!c->live || !timer_has_own(c))
		return;
	if (!c->lapic.counting && !c->window && !c->borrow.active &&
	    lapic_requested(&c->lapic) < 0)
		return;
	now = timer_clock();
	lapic_advance(&c->lapic, now);
	if (restricted(c))
		ring(c);
	else
		deliver_own(c);
	ns = lapic_next(&c->lapic, now);
	if (ns == LAPIC_NEVER)
		give_back(c);
	else if (works)
		arm(c, now, ns);
}

bool timer_will_wake(const struct vcpu *c)
{
	return works && c->live && timer_has_own(c) &&
	       lapic_next(&c->lapic, 0) != LAPIC_NEVER &&
	       (restricted(c) || (c->vmcb->save.rflags & RFLAGS_IF));
}
