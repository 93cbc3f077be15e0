/* SPDX-License-Identifier: MIT */
/* Several vCPUs at once: running VMSAs, parallel lists, lists that change. */
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/core/core.h"

#define RACE   (SCRATCH + 0x3000000ull)
#define ROUNDS 50u

static struct page_list lists[VCPU_MAX] __attribute__((aligned(4096)));
static volatile uint32_t stop, failures;
static volatile uint64_t flips;

static void run_query(unsigned int number)
{
	struct svsm_regs regs = { .rcx = SVSM_CORE_VERSION };
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		regs.rcx = SVSM_CORE_VERSION;
		if (svsm_call(number, SVSM_CORE_QUERY_PROTOCOL, &regs) ||
		    regs.rcx != (1ull << 32 | 1))
			failures++;
	}
}

/* Stays alive until told; its VMSA is then in use. */
static void run_spin(unsigned int number)
{
	(void)number;
	while (!stop)
		hw_pause();
}

/* Each vCPU owns 64 pages and turns them over and over. */
static void run_pages(unsigned int number)
{
	struct page_list *l = &lists[number];
	uint64_t base = RACE + number * PAGE_2M;
	unsigned int round, i;

	for (round = 0; round < 20; round++) {
		bool on = round % 2 == 0;

		for (i = 0; i < 64; i++)
			l->entry[i] = pvalidate_entry(base + i * 4096ull, false,
						      on, false);
		if (pvalidate_list(number, l, 64) != SVSM_SUCCESS)
			failures++;
	}
}

/* Rewrites the boot vCPU's list while VMPL0 reads it. */
static void run_flip(unsigned int number)
{
	uint64_t good = pvalidate_entry(RACE, false, true, true);
	uint64_t evil = pvalidate_entry(secrets->svsm_base, false, false, true);
	volatile uint64_t *entry = lists[0].entry;
	unsigned int i = 0;

	(void)number;
	while (!stop) {
		entry[i % 64] = evil;
		lists[0].header.entries = 65535;
		lists[0].header.entries = 64;
		entry[i % 64] = good;
		lists[0].header.next = 0;
		i++;
		flips++;
	}
}

void test_vcpu_running(unsigned int cpus)
{
	unsigned int n, launched = 0, done = 0;

	stop = failures = 0;
	for (n = 1; n < cpus; n++)
		launched += vcpu_launch(n, run_spin);
	check_equal("vCPUs created and started", launched, cpus - 1);
	for (n = 1; n < cpus; n++) {
		uint32_t spins = 0;

		while (!guest_vcpu[n].alive && spins++ < 400000000u)
			hw_pause();
		check_true("vCPU runs", guest_vcpu[n].alive);
	}
	check_equal("delete a running vCPU",
		    svsm_call1(SVSM_CORE_DELETE_VCPU, vcpu_vmsa(1)),
		    CORE_ERR(SVSM_CORE_FAIL_INUSE));
	check_equal("its VMSA as calling area",
		    svsm_call1(SVSM_CORE_REMAP_CA, vcpu_vmsa(1)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("its calling area as ours",
		    svsm_call1(SVSM_CORE_REMAP_CA, (uint64_t)guest_vcpu[1].ca),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("its VMSA in a list",
		    pvalidate_raw(
			    pvalidate_entry(vcpu_vmsa(1), false, false, true)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	stop = 1;
	for (n = 1; n < cpus; n++)
		done += vcpu_wait(n);
	check_equal("vCPUs ended", done, cpus - 1);
}

/* The vCPUs of the last round halt at VMPL2; their VMSAs are made anew. */
static void round_of(unsigned int cpus, const char *what,
		     void (*run)(unsigned int), bool boot_too)
{
	unsigned int n, launched = 0, done = 0;

	failures = 0;
	for (n = 1; n < cpus; n++)
		launched += vcpu_relaunch(n, run);
	check_equal(what, launched, cpus - 1);
	if (launched != cpus - 1)
		return;
	if (boot_too)
		run(0);
	for (n = 1; n < cpus; n++)
		done += vcpu_wait(n);
	check_equal("all ended", done, cpus - 1);
	check_equal("without a failure", failures, 0);
}

static void test_changed_list(void)
{
	unsigned int i, strange = 0, ran = 0;

	stop = 0;
	flips = 0;
	page_state_set(RACE, PSC_OP_PRIVATE);
	if (!vcpu_relaunch(1, run_flip)) {
		check_true("flipping vCPU", false);
		return;
	}
	while (!flips && ran++ < 400000000u)
		hw_pause();
	for (i = 0; i < 64; i++)
		lists[0].entry[i] = pvalidate_entry(RACE, false, true, true);
	for (i = 0; i < 500; i++) {
		uint32_t r = pvalidate_list(0, &lists[0], 64);

		strange += r != SVSM_SUCCESS &&
			   r != ERR(SVSM_ERR_INVALID_ADDRESS) &&
			   r != ERR(SVSM_ERR_INVALID_PARAMETER);
	}
	stop = 1;
	check_true("flipping vCPU ended", vcpu_wait(1));
	check_true("the list did change", flips > 100);
	check_equal("results that no reading of the list explains", strange, 0);
	check_equal("the SVSM still answers",
		    svsm_call1(SVSM_CORE_QUERY_PROTOCOL, 1), SVSM_SUCCESS);
}

void test_races(unsigned int cpus)
{
	unsigned int n, i;

	for (n = 0; n < cpus; n++)
		for (i = 0; i < 64; i++)
			page_state_set(RACE + n * PAGE_2M + i * 4096ull,
				       PSC_OP_PRIVATE);
	round_of(cpus, "queries at once", run_query, true);
	round_of(cpus, "lists at once", run_pages, true);
	churn_prepare();
	round_of(cpus, "deposits at once", churn_run, true);
	churn_check();
	test_changed_list();
}
