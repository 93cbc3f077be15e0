/* SPDX-License-Identifier: MIT */
/*
 * Options: cpus=N calls=N seed=N rounds=N threads. First each field at its limits, then
 * random calls; whatever the guest did, the record and the RMP must agree, what
 * nobody named must be unharmed, and the SVSM must be as before.
 */
#include "tests/guest/hostile/hostile.h"

#include "abi/svsm/vtpm.h"
#include "hw/cpu.h"
#include "lib/str.h"

#define TPM_CMD ((uint64_t)SVSM_VTPM_PROTOCOL << 32 | SVSM_VTPM_CMD)
#define NOTES	24u

struct actor actors[VCPU_MAX];
unsigned int hostile_cpus;
uint64_t hostile_seed;
bool hostile_tpm, hostile_threads;
struct page_list noisy[VCPU_MAX] __attribute__((aligned(4096)));
struct page_list quiet[VCPU_MAX] __attribute__((aligned(4096)));
uint8_t buffers[VCPU_MAX][4096] __attribute__((aligned(4096)));

static struct {
	const char *what;
	unsigned int cpu;
	uint64_t call, got;
} notes[NOTES];
static uint32_t noted;

void strange(const char *what, unsigned int cpu, uint64_t call, uint64_t got)
{
	uint32_t n = __atomic_fetch_add(&noted, 1, __ATOMIC_RELAXED);

	if (n >= NOTES)
		return;
	notes[n].cpu = cpu;
	notes[n].call = call;
	notes[n].got = got;
	__atomic_store_n(&notes[n].what, what, __ATOMIC_RELEASE);
}

void strange_report(void)
{
	for (uint32_t n = 0; n < noted && n < NOTES; n++)
		print("strange: %s: %u: 0x%llx: 0x%llx\n", notes[n].what,
		      notes[n].cpu, (unsigned long long)notes[n].call,
		      (unsigned long long)notes[n].got);
	check_equal("strange answers, bytes and pages", noted, 0);
}

static uint32_t option(const char *word, uint32_t otherwise)
{
	const char *c = machine_option(word);
	uint32_t n = 0;

	while (c && *c >= '0' && *c <= '9')
		n = n * 10 + (uint32_t)(*c++ - '0');
	return n ? n : otherwise;
}

static void all_at_once(const char *what, void (*run)(unsigned int cpu))
{
	unsigned int made = 0, ended = 0;

	for (unsigned int n = 1; n < hostile_cpus; n++)
		made += vcpu_launch(n, run);
	check_equal(what, made, hostile_cpus - 1);
	run(0);
	for (unsigned int n = 1; n < hostile_cpus; n++)
		ended += vcpu_wait(n);
	check_equal("all ended", ended, hostile_cpus - 1);
}

/* Deletes what ended; from then on the host has nothing to run there. */
static void all_deleted(void)
{
	for (unsigned int n = 1; n < hostile_cpus; n++)
		check_true("a vCPU is deleted", vcpu_remove(n));
}

static void tpm_answers(void)
{
	static const uint8_t get_random[] = { 0x80, 1, 0, 0,	0, 12,
					      0,    0, 1, 0x7b, 0, 16 };
	struct svsm_vtpm_command head = { SVSM_VTPM_SEND_COMMAND, 0, 12 };
	uint32_t length;

	memcpy(buffers[0], &head, sizeof(head));
	memcpy(buffers[0] + sizeof(head), get_random, sizeof(get_random));
	check_equal("the TPM answers",
		    call_simple(0, TPM_CMD, (uint64_t)buffers[0]),
		    SVSM_SUCCESS);
	memcpy(&length, buffers[0], sizeof(length));
	check_equal("with its own head", buffers[0][4], 0x80);
	check_true("of some length", length >= 10);
}

static void query_run(unsigned int cpu)
{
	for (unsigned int i = 0; i < 20; i++)
		if (call_simple(cpu, SVSM_CORE_QUERY_PROTOCOL, 1))
			strange("QUERY_PROTOCOL", cpu, i, 0);
}

/* Everything is as it was before the first call. */
static void aftermath(const uint64_t before[3])
{
	uint64_t after[3];

	all_deleted();
	check_equal("pages in use", judge_pinned(NULL), 1);
	judge(true);
	canaries_check();
	balance_read(after);
	check_equal("pages of the SVSM", after[0], before[0]);
	check_equal("free pages of the SVSM", after[1], before[1]);
	check_equal("objects of the SVSM", after[2], before[2]);
	check_equal("MEM_AVAILABLE", guest_vcpu[0].ca->mem_available, 0);
	if (hostile_tpm)
		tpm_answers();
	all_at_once("new vCPUs", query_run);
}

int guest_main(void)
{
	uint32_t calls = option("calls=", 10000);
	uint64_t before[3];

	hostile_cpus = option("cpus=", 1);
	hostile_seed = option("seed=", 1);
	hostile_threads = machine_option("threads");
	if (hostile_cpus > VCPU_MAX)
		return 3;
	for (unsigned int n = 0; n < hostile_cpus; n++)
		draw_seed(n, hostile_seed);
	hostile_tpm = call_simple(0, (uint64_t)SVSM_VTPM_PROTOCOL << 32, 0) ==
		      SVSM_SUCCESS;
	places_make();
	canaries_make();
	limits_first();
	all_at_once("each field at its limits", limits_run);
	all_deleted();
	judge(true);
	strange_report();
	if (checks_failed)
		return check_report("hostile");
	/* What the record keeps for good, it has after this. */
	rounds_run(calls / 100 + 1000, 1, 32);
	all_deleted();
	balance_read(before);
	rounds_run(calls, option("rounds=", calls / 4000 + 8), 400);
	aftermath(before);
	strange_report();
	for (unsigned int n = 0; n < hostile_cpus; n++)
		print("hostile: vCPU %u: %u calls, %u well, %u refused\n", n,
		      actors[n].calls, actors[n].good, actors[n].refused);
	return check_report("hostile");
}
