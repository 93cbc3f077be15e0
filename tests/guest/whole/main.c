/* SPDX-License-Identifier: MIT */
/*
 * A GiB is validated in 2 MiB entries and in 4 KiB entries, and cleared by the
 * guest itself for comparison. Lines "bench NAME VALUE": instructions at VMPL0
 * (exact under icount), and TSC ticks, which are time without icount.
 * Option: mib= how much of the GiB in 4 KiB entries.
 */
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

#define WHOLE	  0x10000000ull
#define GIB	  (1ull << 30)
#define BATCH_4K  511u
#define MIB_SHIFT 20

struct cost {
	uint64_t instructions, ticks;
};

static struct page_list list __attribute__((aligned(4096)));

static void report(const char *name, const char *of, uint64_t value)
{
	print("bench %s_%s %llu\n", name, of, (unsigned long long)value);
}

static void need(const char *what, bool holds)
{
	if (holds)
		return;
	print("whole: %s failed\n", what);
	machine_exit(2);
}

static void state_make(uint64_t size)
{
	for (uint64_t at = WHOLE; at < WHOLE + size; at += PAGE_2M)
		need("page state", page_state_large(at, PSC_OP_PRIVATE));
}

/* Counts the calls alone, not the making of the lists. */
static struct cost turn(uint64_t size, bool large, bool on)
{
	uint64_t step = large ? PAGE_2M : PAGE_4K, at = WHOLE, start, ticks;
	struct cost cost = { 0 };

	while (at < WHOLE + size) {
		uint16_t n = 0;

		for (; n < BATCH_4K && at < WHOLE + size; at += step)
			list.entry[n++] = pvalidate_entry(at, large, on, false);
		start = meter_read(0);
		ticks = hw_rdtsc();
		need("list", pvalidate_list(0, &list, n) == SVSM_SUCCESS);
		cost.ticks += hw_rdtsc() - ticks;
		cost.instructions += meter_read(0) - start;
	}
	return cost;
}

static uint64_t clear_ticks(uint64_t size)
{
	uint64_t start = hw_rdtsc();

	for (uint64_t at = WHOLE; at < WHOLE + size; at += PAGE_4K)
		hw_rep_stosq((void *)at, 0, PAGE_4K / 8);
	return hw_rdtsc() - start;
}

static uint64_t option_size(void)
{
	const char *c = machine_option("mib=");
	uint64_t mib = 0;

	while (c && *c >= '0' && *c <= '9')
		mib = mib * 10 + (uint64_t)(*c++ - '0');
	return mib && mib < GIB >> MIB_SHIFT ? mib << MIB_SHIFT : GIB;
}

int guest_main(void)
{
	uint64_t small = option_size();
	struct cost cost;

	state_make(GIB);
	/* Once for what is made once: records, the computer's own memory. */
	turn(GIB, true, true);
	report("clear_1g", "ticks", clear_ticks(GIB));
	turn(GIB, true, false);
	cost = turn(GIB, true, true);
	report("whole_2m", "insn", cost.instructions);
	report("whole_2m", "ticks", cost.ticks);
	turn(GIB, true, false);
	turn(small, false, true);
	turn(small, false, false);
	cost = turn(small, false, true);
	report("whole_4k", "mib", small >> MIB_SHIFT);
	report("whole_4k", "insn", cost.instructions);
	report("whole_4k", "ticks", cost.ticks);
	return 0;
}
