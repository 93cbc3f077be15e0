/* SPDX-License-Identifier: MIT */
/*
 * Flushes are numbered. Who wants one takes the next number; each CPU notes the
 * newest number that it saw before it flushed, so one flush may serve many.
 */
#include "kernel/native/flush.h"

#include "abi/x86/apic.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/native/apic.h"
#include "kernel/native/native.h"

#define LIMIT_US 20000000u

static uint64_t newest;
static uint32_t joined; /* one more than the highest CPU that did */

static uint64_t *data(uint32_t index, enum native_data which)
{
	struct percpu *cpu = (void *)percpu_page(index, CPU_PAGE_SELF);

	return &cpu->platform_data[which];
}

/* The number first: what was asked for after it may be missed. */
static void flush_here(struct percpu *cpu)
{
	uint64_t now = __atomic_load_n(&newest, __ATOMIC_ACQUIRE);

	hw_cr3_write(hw_cr3_read()); /* no page of ours is global */
	__atomic_store_n(&cpu->platform_data[NATIVE_FLUSHED], now,
			 __ATOMIC_RELEASE);
}

void flush_join(struct percpu *cpu)
{
	uint32_t seen = __atomic_load_n(&joined, __ATOMIC_RELAXED);

	__atomic_store_n(&cpu->platform_data[NATIVE_ACTIVE], 1,
			 __ATOMIC_SEQ_CST);
	while (seen <= cpu->index &&
	       !__atomic_compare_exchange_n(&joined, &seen, cpu->index + 1,
					    false, __ATOMIC_SEQ_CST,
					    __ATOMIC_RELAXED))
		;
	/* Who flushed before it saw us left this to us. */
	flush_here(cpu);
}

void flush_answer(struct percpu *cpu)
{
	flush_here(cpu);
}

static bool waits_for(uint32_t index, uint64_t number)
{
	return index != percpu_this()->index &&
	       __atomic_load_n(data(index, NATIVE_ACTIVE), __ATOMIC_SEQ_CST) &&
	       __atomic_load_n(data(index, NATIVE_FLUSHED), __ATOMIC_ACQUIRE) <
		       number;
}

_Noreturn static void missing(uint32_t count, uint64_t number)
{
	for (uint32_t i = 0; i < count; i++)
		if (waits_for(i, number))
			log_panic("CPU %u has not flushed", i);
	panic("flush %llu: no answer for %u ms", (unsigned long long)number,
	      LIMIT_US / 1000);
}

void flush_all(void)
{
	uint64_t number = __atomic_add_fetch(&newest, 1, __ATOMIC_SEQ_CST);
	uint32_t count = __atomic_load_n(&joined, __ATOMIC_SEQ_CST);
	uint64_t start = hw_rdtsc();

	flush_here(percpu_this());
	for (uint32_t i = 0; i < count; i++) {
		const struct percpu *cpu =
			(void *)percpu_page(i, CPU_PAGE_SELF);

		if (waits_for(i, number) &&
		    apic_send(cpu->apic_id, ICR_NMI | ICR_ASSERT) != OK)
			missing(count, number);
	}
	for (uint32_t i = 0; i < count; i++)
		while (waits_for(i, number)) {
			if (hw_rdtsc() - start > apic_ticks(LIMIT_US))
				missing(count, number);
			hw_pause();
		}
}
