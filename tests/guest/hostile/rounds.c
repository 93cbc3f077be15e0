/* SPDX-License-Identifier: MIT */
/*
 * Rounds of random calls. Between two rounds all vCPUs stand still: those that
 * were deleted are made again, deposits are withdrawn, save areas that nobody
 * runs are deleted, and record and RMP must agree.
 */
#include "abi/snp/ghcb_msr.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/hostile/hostile.h"
#include "tests/inject/extra.h"

/* Ticks that a vCPU may take to stand still: a DELETE_VCPU of one that runs
 * waits for a million pauses, on a slow machine. */
#define PATIENCE 200000000000ull
#define LOOK	 50000000ull

static volatile uint32_t gathering, over;
static uint32_t deaths, stolen;

static void work(unsigned int cpu)
{
	struct actor *a = &actors[cpu];

	while (!over) {
		while (!gathering)
			act(cpu);
		__atomic_store_n(&a->parked, 1, __ATOMIC_RELEASE);
		while (__atomic_load_n(&a->parked, __ATOMIC_ACQUIRE))
			hw_pause();
	}
}

static void too_long(unsigned int cpu)
{
	uint64_t ca = (uint64_t)guest_vcpu[cpu].ca, vmsa = vcpu_vmsa(cpu);
	uint8_t byte = 0xff;

	strange_report();
	probe_read((uint8_t *)ca, &byte);
	print("vCPU %u: call 0x%llx of 0x%llx takes too long; area 0x%llx: "
	      "%u, save area 0x%llx: RMP 0x%llx\n",
	      cpu, (unsigned long long)actors[cpu].rax,
	      (unsigned long long)actors[cpu].rcx, (unsigned long long)ca, byte,
	      (unsigned long long)vmsa,
	      (unsigned long long)GHCB_MSR_LOOK_BITS(
		      ghcb_msr_call(vmsa | GHCB_MSR_LOOK_REQ)));
	machine_exit(1);
}

/* Whoever is neither standing nor registered is no more. */
static bool stands(unsigned int cpu)
{
	uint64_t start = hw_rdtsc(), last = start;

	while (!__atomic_load_n(&actors[cpu].parked, __ATOMIC_ACQUIRE)) {
		uint64_t now = hw_rdtsc();

		hw_pause();
		if (now - last < LOOK)
			continue;
		last = now;
		if (!record_pinned(vcpu_vmsa(cpu)))
			return false;
		if (now - start > PATIENCE) {
			too_long(cpu);
		}
	}
	return true;
}

static void withdraw_all(void)
{
	struct svsm_regs regs;

	do {
		regs = (struct svsm_regs){ .rcx = (uint64_t)&quiet[0] };
		quiet[0].header.entries = 0;
		check_equal("withdraw",
			    call_whole(0, SVSM_CORE_WITHDRAW_MEM, &regs),
			    SVSM_SUCCESS);
	} while (quiet[0].header.entries);
}

static bool is_home(uint64_t gpa)
{
	for (unsigned int n = 1; n < hostile_cpus; n++)
		if (gpa == vcpu_vmsa(n))
			return true;
	return false;
}

static void ghost_delete(uint64_t gpa, uint8_t record)
{
	if (record & (RECORD_VALID | RECORD_OURS) || is_home(gpa))
		return;
	check_equal("a save area that nobody runs is deleted",
		    call_simple(0, SVSM_CORE_DELETE_VCPU, gpa), SVSM_SUCCESS);
}

static void validate(uint64_t gpa)
{
	check_equal("a page is valid again",
		    call_entry(0, SVSM_CORE_PVALIDATE,
			       pvalidate_entry(gpa, false, true, true)),
		    SVSM_SUCCESS);
}

/* Its calling area may be another vCPU's by now: any other will do. */
static bool area_find(unsigned int cpu)
{
	uint64_t vmsa = vcpu_vmsa(cpu), ca = 0;

	for (unsigned int i = 0; i < 200; i++) {
		ca = place_small(0);
		if (call_entry(0, SVSM_CORE_PVALIDATE,
			       pvalidate_entry(ca, false, true, true)) ==
			    SVSM_SUCCESS &&
		    vcpu_make_at(cpu, work, ca))
			return true;
	}
	print("vCPU %u: VMSA %llx cannot be made\n", cpu,
	      (unsigned long long)vmsa);
	return false;
}

static void make_again(unsigned int cpu)
{
	validate(vcpu_vmsa(cpu));
	actors[cpu].parked = 0;
	check_true("a vCPU is made", area_find(cpu));
	check_true("and runs", vcpu_go(cpu));
}

/* What a deleted vCPU had asked for may be done or not. */
static void own_forget(unsigned int cpu)
{
	for (uint32_t i = 0; i < 16; i++)
		call_entry(0, SVSM_CORE_PVALIDATE,
			   pvalidate_entry(region_at(REGION_OWN) +
						   (cpu * 32 + i) * PAGE_4K,
					   false, false, true));
	actors[cpu].own_valid = 0;
}

static void settle(bool dead[VCPU_MAX])
{
	withdraw_all();
	judge_pinned(ghost_delete);
	for (unsigned int n = 0; n < hostile_cpus; n++) {
		actors[n].ghost_ca = 0;
		if (dead[n])
			own_forget(n);
	}
	withdraw_all();
}

static void gather(bool dead[VCPU_MAX])
{
	__atomic_store_n(&gathering, 1, __ATOMIC_RELEASE);
	for (unsigned int n = 1; n < hostile_cpus; n++) {
		dead[n] = !stands(n);
		deaths += dead[n];
	}
}

/* All are made before any goes on: the others would take its pages away. */
static void scatter(const bool dead[VCPU_MAX])
{
	unsigned int n;

	for (n = 1; n < hostile_cpus; n++)
		if (dead[n])
			make_again(n);
	for (n = 1; n < hostile_cpus && !over; n++)
		if (dead[n])
			check_true("a new vCPU stands by", stands(n));
	__atomic_store_n(&gathering, 0, __ATOMIC_RELEASE);
	for (n = 1; n < hostile_cpus; n++)
		__atomic_store_n(&actors[n].parked, 0, __ATOMIC_RELEASE);
}

/* The host takes a page and puts another there, in one go: whoever is in the
 * middle of reading it finds it not validated. */
static void steal(void)
{
	if (stolen < 512)
		check_true("the host takes a page",
			   page_state_swap(region_at(REGION_STOLEN) +
					   stolen++ * PAGE_4K));
}

static uint32_t calls_made(void)
{
	uint32_t sum = 0;

	for (unsigned int n = 0; n < hostile_cpus; n++)
		sum += __atomic_load_n(&actors[n].calls, __ATOMIC_RELAXED);
	return sum;
}

static void one_round(uint32_t until, uint32_t steals)
{
	uint32_t from = calls_made();
	uint32_t each = steals ? (until - from) / steals + 1 : ~0u;
	uint32_t next = from + each, now;

	while ((now = calls_made()) < until) {
		act(0);
		if (now < next)
			continue;
		steal();
		next += each;
	}
}

void rounds_run(uint32_t calls, unsigned int rounds, uint32_t steals)
{
	bool dead[VCPU_MAX] = { false };
	uint32_t first = calls_made();
	uint64_t start = hw_rdtsc();

	over = 0;
	gathering = 1;
	for (unsigned int n = 1; n < hostile_cpus; n++)
		dead[n] = true;
	for (unsigned int r = 1; r <= rounds; r++) {
		scatter(dead);
		one_round(first + (uint32_t)((uint64_t)calls * r / rounds),
			  steals / rounds);
		gather(dead);
		settle(dead);
		canaries_check();
		judge(r == rounds);
		print("hostile: round %u: %llu M ticks\n", r,
		      (unsigned long long)(hw_rdtsc() - start) / 1000000);
	}
	over = 1;
	scatter(dead);
	for (unsigned int n = 1; n < hostile_cpus; n++)
		check_true("a vCPU ends", vcpu_wait(n));
	print("hostile: %u calls, %u vCPUs deleted, %u pages stolen\n",
	      calls_made() - first, deaths, stolen);
}
