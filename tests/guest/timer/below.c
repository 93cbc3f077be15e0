/* SPDX-License-Identifier: MIT */
/* VMPL2 is made and run, and what it found is judged. */
#include "tests/guest/timer/timer.h"

#include "abi/snp/ghcb_msr.h"
#include "abi/snp/rmp.h"
#include "abi/snp/vmsa.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "hw/fpu.h"
#include "hw/snp.h"
#include "lib/addr.h"
#include "tests/guest/svsm.h"

#define LOW_VMPL     2u
#define ALL_RIGHTS   0xfu
#define IMAGE	     0x200000ull
#define IRR	     0x822u
#define ROUNDS	     300u
#define ROUNDS_EXACT 60u /* where a nanosecond is an instruction */

extern uint8_t guest_end[];

static struct vmsa vmsas[2] __attribute__((aligned(4096)));
static uint8_t low_stack[8192] __attribute__((aligned(16)));
static unsigned int wrong_counts, calls;

/* All of this image but what is shared with the host. */
static void grant(void)
{
	unsigned int refused = 0;

	for (uint64_t at = IMAGE; at < (uint64_t)guest_end; at += PAGE_4K)
		if (hw_rmpadjust(at, RMP_PG_SIZE_4K,
				 LOW_VMPL | ALL_RIGHTS << 8) != SNP_SUCCESS)
			refused++;
	check_equal("pages that VMPL2 has not", refused, 1);
}

static bool create(void)
{
	/* A VMSA is never aligned to 2 MiB. */
	struct vmsa *v = (uint64_t)vmsas % PAGE_2M ? vmsas : vmsas + 1;
	uint64_t info2 = (uint64_t)v;
	uint32_t limit;

	vmsa_fill(v, 0, (uint64_t)low_stack + sizeof(low_stack));
	v->rip = (uint64_t)low_start;
	v->vmpl = LOW_VMPL;
	v->cr4 |= CR4_OSFXSR;
	v->gdtr.base = cpu_gdt(&limit);
	v->gdtr.limit = limit;
	if (hw_rmpadjust((uint64_t)v, RMP_PG_SIZE_4K,
			 LOW_VMPL | RMPADJUST_VMSA) != SNP_SUCCESS)
		return false;
	return ghcb_event(GHCB_NAE_AP_CREATION,
			  (uint64_t)LOW_VMPL << AP_VMPL_SHIFT |
				  AP_CREATE_ON_INIT,
			  &info2, v->sev_features) == GHCB_RESULT_OK;
}

static bool run(void)
{
	return ghcb_msr_call((uint64_t)LOW_VMPL << GHCB_MSR_RUN_VMPL_SHIFT |
			     GHCB_MSR_RUN_VMPL_REQ) == GHCB_MSR_RUN_VMPL_RESP;
}

bool below_make(void)
{
	grant();
	return create();
}

/* Our timer runs out while VMPL2 runs: it keeps, and comes in ring 3. */
static void test_waits(void)
{
	uint64_t from = tick_clock();

	tick_start(1000000, 1);
	check_true("VMPL2 runs", run());
	check_true("it ran for longer than the tick",
		   tick_clock() - from > 5000000);
	check_equal("no tick yet", tick_count(), 0);
	check_equal("it is requested", tick_register(IRR),
		    1u << TICK_VECTOR % 32);
	user_run(u_loop, USER_DATA, RFLAGS_IF);
	check_equal("a tick in ring 3", tick_count(), 1);
}

static void serve(void)
{
	while (run() && !low.done) {
		calls++;
		if (tick_in_ring3(low.wanted_ns, low.wanted_ticks) !=
		    low.wanted_ticks)
			wrong_counts++;
	}
}

static void judge(void)
{
	uint64_t rate = tick_rate(), low_rate = low.ns_per_1024_tsc;
	bool exact = machine_option("exact");

	for (unsigned int i = 0; i < low.failures && i < 8; i++)
		check_equal(low.failed[i], low.got[i], low.want[i]);
	check_equal("failures at VMPL2", low.failures, 0);
	check_equal("rounds at VMPL2", low.rounds, low.rounds_wanted);
	check_equal("IPIs at VMPL2", low.ipis, 1);
	check_equal("calls with another number of ticks", wrong_counts, 0);
	check_true("VMPL2 ended", low.done);
	check_true("one clock for both levels",
		   rate * 97 / 100 <= low_rate && low_rate <= rate * 103 / 100);
	/* Periods merge when the host keeps us waiting for longer than one: how
	 * many is exact under icount alone. */
	check_true("periodic interrupts: not too many",
		   low.periodic_ticks <= low.periods + 2);
	check_true("periodic interrupts: not too few",
		   low.periodic_ticks >= low.periods * (exact ? 95 : 5) / 100);
	print("timer: %u calls of VMPL2, %llu interrupts in %llu periods\n",
	      calls, (unsigned long long)low.periodic_ticks,
	      (unsigned long long)low.periods);
}

void test_below(void)
{
	static const uint32_t msrs[] = { MSR_STAR, MSR_LSTAR, MSR_SFMASK,
					 MSR_KERNEL_GS_BASE };
	uint64_t before[4], x87;

	low.rounds_wanted = machine_option("exact") ? ROUNDS_EXACT : ROUNDS;
	for (unsigned int i = 0; i < 4; i++)
		before[i] = hw_rdmsr(msrs[i]);
	xmm_set(0x1122334455667788ull);
	x87_set();
	x87 = x87_get();
	test_waits();
	serve();
	check_equal("x87 status of VMPL0", x87_get(), x87);
	for (unsigned int i = 0; i < 4; i++)
		check_equal("MSR of VMPL0", hw_rdmsr(msrs[i]), before[i]);
	check_equal("XMM3 of VMPL0", xmm_get(), 0x1122334455667788ull);
	if (has_xsave())
		check_equal("XCR0 of VMPL0", hw_xgetbv(0), 7);
	judge();
}
