/* SPDX-License-Identifier: MIT */
/* VMPL0's timer, reached through the GHCB; its ticks are taken in ring 3. */
#include "tests/guest/timer/timer.h"

#include "abi/x86/apic.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"

#define SVR_ON	     0x1ffu
#define IRR_OF_TICK  0x822u
#define ISR_OF_TICK  0x812u
#define MILLISECOND  1000000u
#define CALIBRATE_NS (40 * MILLISECOND)
#define SAMPLES	     32u
#define TICK_BIT     (1u << TICK_VECTOR % 32)
/* On a busy computer a tick may come late, but not without end. */
#define LATEST	     400u

static volatile uint32_t ticks, wanted;
static uint32_t period;
static volatile bool no_eoi, repeats, halts;
static uint32_t in_ring0; /* ticks with interrupts off */
static uint64_t tick_rip, tick_cs, tick_rsp;
static uint64_t ns_per_1024_tsc;

static void set(uint32_t msr, uint64_t value)
{
	if (!ghcb_msr_access(msr, true, &value))
		check_equal("write of an APIC register", msr, 0);
}

uint64_t tick_register(uint32_t msr)
{
	uint64_t value = 0;

	if (!ghcb_msr_access(msr, false, &value))
		check_equal("read of an APIC register", msr, 0);
	return value;
}

static void refused(const char *what, uint32_t msr, uint64_t value)
{
	check_true(what, !ghcb_msr_access(msr, true, &value));
}

uint64_t tick_rate(void)
{
	return ns_per_1024_tsc;
}

uint64_t tick_clock(void)
{
	return hw_rdtsc() / 1024 * ns_per_1024_tsc;
}

static void spin_ns(uint64_t ns)
{
	uint64_t end = tick_clock() + ns;

	while (tick_clock() < end)
		hw_pause();
}

/* Both clocks at one moment: the reading that took the least time. */
struct tick_sample tick_sample(uint32_t (*count)(void))
{
	struct tick_sample out = { 0, 0 };
	uint64_t best = ~0ull;

	for (unsigned int i = 0; i < SAMPLES; i++) {
		uint64_t t0 = hw_rdtsc();
		uint32_t n = count();
		uint64_t took = hw_rdtsc() - t0;

		if (took >= best)
			continue;
		best = took;
		out.tsc = t0 + took / 2;
		out.count = n;
	}
	return out;
}

/* The rate of the TSC by a timer's own count. */
uint64_t tick_calibrate(uint32_t (*count)(void))
{
	struct tick_sample a = tick_sample(count), b;

	while (a.count - count() < CALIBRATE_NS)
		hw_pause();
	b = tick_sample(count);
	return (uint64_t)(a.count - b.count) * 1024 / (b.tsc - a.tsc);
}

static uint32_t own_count(void)
{
	return (uint32_t)tick_register(MSR_X2APIC_TMCCT);
}

static void calibrate(void)
{
	set(MSR_X2APIC_LVTT, LVT_MASKED | TICK_VECTOR);
	set(MSR_X2APIC_TDCR, TDCR_BY_1);
	set(MSR_X2APIC_TMICT, 0xffffffff);
	ns_per_1024_tsc = tick_calibrate(own_count);
	set(MSR_X2APIC_TMICT, 0);
}

void tick_init(void)
{
	set(MSR_X2APIC_SVR, SVR_ON);
	calibrate();
}

void tick_start(uint32_t ns, uint32_t count)
{
	ticks = 0;
	wanted = count;
	period = ns;
	set(MSR_X2APIC_LVTT, TICK_VECTOR);
	set(MSR_X2APIC_TMICT, count ? ns : 0);
}

bool tick_trap(struct frame *f)
{
	ticks++;
	if (!(f->cs & 3) && !halts)
		in_ring0++;
	tick_rip = f->rip;
	tick_cs = f->cs;
	tick_rsp = (uint64_t)f;
	if (!no_eoi)
		set(MSR_X2APIC_EOI, 0);
	if (ticks >= wanted) {
		set(MSR_X2APIC_TMICT, 0);
		trapped.vector = TICK_VECTOR;
		return f->cs & 3;
	}
	if (!repeats)
		set(MSR_X2APIC_TMICT, period);
	return false;
}

uint32_t tick_count(void)
{
	return ticks;
}

uint32_t tick_in_ring3(uint32_t ns, uint32_t count)
{
	tick_start(ns, count);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	return ticks;
}

static void test_registers(void)
{
	check_equal("APIC id", tick_register(MSR_X2APIC_ID), 0);
	check_equal("spurious vector", tick_register(MSR_X2APIC_SVR), SVR_ON);
	set(MSR_X2APIC_LVTT, LVT_MASKED | TICK_VECTOR);
	check_equal("timer vector", tick_register(MSR_X2APIC_LVTT),
		    LVT_MASKED | TICK_VECTOR);
	set(MSR_X2APIC_TMICT, 12345678);
	check_equal("initial count", tick_register(MSR_X2APIC_TMICT), 12345678);
	set(MSR_X2APIC_TMICT, 0);
	check_equal("current count", tick_register(MSR_X2APIC_TMCCT), 0);
	check_equal("divider", tick_register(MSR_X2APIC_TDCR), TDCR_BY_1);
	set(MSR_X2APIC_TPR, 0x50);
	check_equal("task priority", tick_register(MSR_X2APIC_TPR), 0x50);
	set(MSR_X2APIC_TPR, 0);
	refused("TSC deadline mode", MSR_X2APIC_LVTT, 1u << 18);
	refused("timer by NMI", MSR_X2APIC_LVTT, LVT_NMI);
	refused("divider 4", MSR_X2APIC_TDCR, 4);
	refused("EOI 1", MSR_X2APIC_EOI, 1);
	refused("current count written", MSR_X2APIC_TMCCT, 1);
	refused("high half", MSR_X2APIC_TMICT, 1ull << 32);
}

/* Ring 0 keeps interrupts off: the tick waits, and comes in ring 3 at once. */
static void test_pending(void)
{
	tick_start(MILLISECOND, 1);
	spin_ns(5 * MILLISECOND);
	check_equal("no tick in ring 0", ticks, 0);
	check_equal("it is requested", tick_register(IRR_OF_TICK), TICK_BIT);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	check_equal("a tick in ring 3", ticks, 1);
	check_true("its RIP is the user's",
		   tick_rip >= USER_CODE && tick_rip < USER_CODE + 4096);
	check_equal("its CS is the user's", tick_cs, 0x2b);
	check_true("its stack is RSP0", on_stack(tick_rsp, 0));
	check_equal("it is no more requested", tick_register(IRR_OF_TICK), 0);
	check_equal("nor in service", tick_register(ISR_OF_TICK), 0);
}

static void rate(const char *what, uint32_t ns, uint32_t count)
{
	uint64_t from = tick_clock(), took;

	check_equal(what, tick_in_ring3(ns, count), count);
	took = tick_clock() - from;
	check_true("ticks are not early",
		   took + took / 64 >= (uint64_t)ns * count);
	check_true("nor late beyond reason",
		   took <= LATEST * (uint64_t)ns * count);
}

static void test_rates(void)
{
	rate("ticks of 1 ms", MILLISECOND, 50);
	rate("ticks of 50 us", MILLISECOND / 20, 2000);
	rate("one tick of 30 ms", 30 * MILLISECOND, 1);
	set(MSR_X2APIC_TDCR, 0);
	check_equal("ticks by 2", tick_in_ring3(MILLISECOND, 5), 5);
	set(MSR_X2APIC_TDCR, TDCR_BY_1);
}

static void test_periodic(void)
{
	uint64_t from;

	ticks = 0;
	wanted = 40;
	repeats = true;
	set(MSR_X2APIC_LVTT, LVT_PERIODIC | TICK_VECTOR);
	from = tick_clock();
	set(MSR_X2APIC_TMICT, MILLISECOND);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	repeats = false;
	check_equal("periodic ticks", ticks, 40);
	check_true("not early",
		   (tick_clock() - from) * 65 / 64 >= 40ull * MILLISECOND);
	set(MSR_X2APIC_LVTT, LVT_MASKED | TICK_VECTOR);
}

/* In service: no second one before EOI. And by priority. */
static void test_blocked(void)
{
	no_eoi = true;
	check_equal("a tick", tick_in_ring3(MILLISECOND, 1), 1);
	check_equal("it is in service", tick_register(ISR_OF_TICK), TICK_BIT);
	tick_start(MILLISECOND / 10, 1);
	spin_ns(MILLISECOND);
	user_run(u_calls, 0, RFLAGS_IF);
	check_equal("no tick before EOI", ticks, 0);
	no_eoi = false;
	set(MSR_X2APIC_EOI, 0);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	check_equal("a tick after EOI", ticks, 1);
	set(MSR_X2APIC_TPR, TICK_VECTOR);
	tick_start(MILLISECOND / 10, 1);
	spin_ns(MILLISECOND);
	user_run(u_calls, 0, RFLAGS_IF);
	check_equal("no tick below the task priority", ticks, 0);
	set(MSR_X2APIC_TPR, 0);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	check_equal("a tick when that is lowered", ticks, 1);
}

/* An idle SVSM. */
static void test_halt(void)
{
	halts = true;
	for (unsigned int i = 0; i < 5; i++) {
		tick_start(2 * MILLISECOND, 1);
		irq_halt();
		check_equal("a tick ends HLT", ticks, 1);
	}
	halts = false;
	check_equal("its CS is the kernel's", tick_cs, LINUX_BOOT_CS);
}

static void test_self_ipi(void)
{
	ticks = 0;
	wanted = 1;
	set(MSR_X2APIC_SELF_IPI, TICK_VECTOR);
	check_equal("an IPI to itself waits", tick_register(IRR_OF_TICK),
		    TICK_BIT);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	check_equal("and arrives", ticks, 1);
}

void tick_judge(void)
{
	check_equal("ticks in ring 0, where they are off", in_ring0, 0);
}

void test_ticks(void)
{
	test_registers();
	test_pending();
	test_rates();
	test_periodic();
	test_blocked();
	test_halt();
	test_self_ipi();
}
