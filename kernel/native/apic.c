/* SPDX-License-Identifier: MIT */
/* Local APIC registers by page or MSR; the timer in one-shot mode. */
#include "kernel/native/apic.h"

#include "abi/x86/apic.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "hw/io.h"
#include "kernel/base/once.h"
#include "kernel/cpu/features.h"

#define SVR_VECTOR     0xffu
#define ASSUMED_KHZ    2000000u
#define CALIBRATE_US   1000u
#define WINDOWS	       30u
#define COUNT_MAX      0xffffffffu
#define SEND_PATIENCE  10000000u
#define XAPIC_ID_SHIFT 24
#define XAPIC_ID_MAX   0xffu

sealed static char *page;
sealed static bool x2apic;
sealed static uint64_t tsc_khz;
sealed static uint64_t timer_khz;

static uint32_t msr_of(uint32_t offset)
{
	return MSR_X2APIC_FIRST + (offset >> 4);
}

static uint32_t read(uint32_t offset)
{
	return x2apic ? (uint32_t)hw_rdmsr(msr_of(offset))
		      : hw_mmio_read(page + offset);
}

static void write(uint32_t offset, uint32_t value)
{
	if (x2apic)
		hw_wrmsr(msr_of(offset), value);
	else
		hw_mmio_write(page + offset, value);
}

void apic_init(void *at)
{
	const struct snp_cpuid_fn *fn = features_cpuid(CPUID_LEAF_FEATURES, 0);

	page = at;
	x2apic = fn && (fn->ecx & CPUID_1_ECX_X2APIC);
	fn = features_cpuid(CPUID_LEAF_HYPERVISOR_TSC, 0);
	tsc_khz = fn && fn->eax ? fn->eax : ASSUMED_KHZ;
}

void apic_load(void)
{
	uint64_t base = hw_rdmsr(MSR_APIC_BASE) | APIC_BASE_EN;

	/* From off to x2APIC is not allowed in one step. */
	hw_wrmsr(MSR_APIC_BASE, base);
	if (x2apic)
		hw_wrmsr(MSR_APIC_BASE, base | APIC_BASE_EXTD);
	write(APIC_TPR, 0);
	write(APIC_SVR, APIC_SVR_ENABLE | SVR_VECTOR);
	write(APIC_LVT_TIMER, LVT_MASKED | APIC_VECTOR);
	/* Behind it is the old interrupt controller. */
	write(APIC_LVT_LINT0, LVT_MASKED);
	write(APIC_TDCR, TDCR_BY_1);
}

/* TSC ticks that a window took, and the timer's counts in it. */
static uint64_t window(uint32_t *count)
{
	uint64_t start = hw_rdtsc(), ticks;

	write(APIC_TMICT, COUNT_MAX);
	apic_wait(CALIBRATE_US);
	*count = COUNT_MAX - read(APIC_TMCCT);
	ticks = hw_rdtsc() - start;
	write(APIC_TMICT, 0);
	return ticks;
}

/* Whoever takes the processor away between two readings makes the window
 * longer: the shortest one is the truest. */
void apic_calibrate(void)
{
	uint64_t least = ~0ull;

	for (unsigned int i = 0; i < WINDOWS; i++) {
		uint32_t count;
		uint64_t ticks = window(&count);

		if (ticks >= least)
			continue;
		least = ticks;
		timer_khz = (uint64_t)count * tsc_khz / ticks;
	}
}

uint32_t apic_id(void)
{
	uint32_t id = read(APIC_ID);

	return x2apic ? id : id >> XAPIC_ID_SHIFT;
}

void apic_eoi(void)
{
	write(APIC_EOI, 0);
}

static enum err xapic_send(uint32_t id, uint32_t command)
{
	if (id > XAPIC_ID_MAX)
		return ERR_RANGE;
	for (uint32_t i = 0; read(APIC_ICR_LOW) & ICR_PENDING; i++) {
		if (i == SEND_PATIENCE)
			return ERR_BUSY;
		hw_pause();
	}
	write(APIC_ICR_HIGH, id << XAPIC_ID_SHIFT);
	write(APIC_ICR_LOW, command);
	return OK;
}

enum err apic_send(uint32_t id, uint32_t command)
{
	/* WRMSR to the x2APIC may pass stores that came before it. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!x2apic)
		return xapic_send(id, command);
	hw_wrmsr(MSR_X2APIC_ICR, (uint64_t)id << 32 | command);
	return OK;
}

/* 2^32 us times the rate of any timer fits 64 bits. */
void apic_timer(uint32_t microseconds)
{
	uint64_t count = (uint64_t)microseconds * timer_khz / 1000;

	if (count > COUNT_MAX)
		count = COUNT_MAX;
	if (microseconds && !count)
		count = 1;
	write(APIC_LVT_TIMER, APIC_VECTOR);
	write(APIC_TMICT, (uint32_t)count);
}

uint64_t apic_ticks(uint64_t microseconds)
{
	return microseconds * tsc_khz / 1000;
}

void apic_wait(uint64_t microseconds)
{
	uint64_t start = hw_rdtsc(), ticks = apic_ticks(microseconds);

	while (hw_rdtsc() - start < ticks)
		hw_pause();
}
