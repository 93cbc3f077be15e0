/* SPDX-License-Identifier: MIT */
/*
 * A guest whose host attacks (emu/attack/): it fills memory, tells the host
 * that it may begin, makes calls whose every answer and byte it knows, and
 * looks at all its memory again. Whatever the host does, nothing here may be
 * wrong: a machine that stops is no failure, nor is an
 * error as an answer; a wrong byte is one.
 * Options: cpus=N, tpm.
 */
#include "tests/guest/attacked/attacked.h"

#include "abi/snp/ghcb_msr.h"
#include "hw/cpu.h"
#include "lib/addr.h"

#define DATA_PAGES 16u
#define ROUNDS	   6u
#define PATIENCE   6000000u	 /* for another vCPU */
#define PAGES	   8u		 /* of each vCPU */
#define SMALL	   0x10000000ull /* 2 MiB for each vCPU */
#define LARGE	   0x12000000ull

static uint64_t data[DATA_PAGES][512] __attribute__((aligned(4096)));
static uint8_t gift[4096] __attribute__((aligned(4096)));
static struct page_list lists[VCPU_MAX] __attribute__((aligned(4096)));
static struct vmsa spare_vmsa __attribute__((aligned(4096)));
static uint8_t spare_area[4096] __attribute__((aligned(4096)));
/* Answers that a host can force: errors. And those that nothing may force. */
static volatile uint32_t refusals, wrong;

static void mark(uint64_t number, const void *page)
{
	ghcb_msr_call(number << GHCB_MSR_MARK_SHIFT | (uint64_t)page |
		      GHCB_MSR_MARK_REQ);
}

static uint64_t pattern(unsigned int page, unsigned int word)
{
	return (page * 512ull + word + 1) * 0x9e3779b97f4a7c15ull;
}

static void data_fill(void)
{
	for (unsigned int p = 0; p < DATA_PAGES; p++)
		for (unsigned int w = 0; w < 512; w++)
			data[p][w] = pattern(p, w);
}

static void data_check(const char *when)
{
	unsigned int bad = 0;

	for (unsigned int p = 0; p < DATA_PAGES; p++)
		for (unsigned int w = 0; w < 512; w++)
			bad += data[p][w] != pattern(p, w);
	check_equal(when, bad, 0);
}

/* True if the answer is the one that is due. Another error is a refusal; a
 * success that is not due is wrong, as is any other register. */
static bool answered(uint32_t got, uint64_t want)
{
	if (got == want)
		return true;
	__atomic_add_fetch(got == SVSM_SUCCESS ? &wrong : &refusals, 1,
			   __ATOMIC_RELAXED);
	return false;
}

static uint32_t pages_turn(unsigned int cpu, bool on)
{
	for (unsigned int i = 0; i < PAGES; i++)
		lists[cpu].entry[i] = pvalidate_entry(
			SMALL + cpu * PAGE_2M + i * PAGE_4K, false, on, false);
	return pvalidate_list(cpu, &lists[cpu], PAGES);
}

static void expect(uint64_t got, uint64_t want)
{
	if (got != want)
		__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

static uint64_t *word_of(unsigned int cpu, unsigned int page)
{
	return (uint64_t *)(SMALL + cpu * PAGE_2M + page * PAGE_4K);
}

/* Each vCPU on its own pages; nothing is printed here. */
static void round_of(unsigned int cpu, uint64_t number)
{
	struct svsm_regs regs = { .rcx = SVSM_CORE_VERSION };

	if (!answered(pages_turn(cpu, true), SVSM_SUCCESS))
		return;
	for (unsigned int i = 0; i < PAGES; i++)
		for (unsigned int w = 0; w < 512; w++)
			expect(word_of(cpu, i)[w], 0);
	for (unsigned int i = 0; i < PAGES; i++)
		for (unsigned int w = 0; w < 512; w++)
			word_of(cpu, i)[w] = number << 32 | i << 16 | w;
	if (answered(svsm_call(cpu, SVSM_CORE_QUERY_PROTOCOL, &regs),
		     SVSM_SUCCESS))
		expect(regs.rcx, 1ull << 32 | 1);
	/* Accepted once, never again. */
	answered(pages_turn(cpu, true), CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	for (unsigned int i = 0; i < PAGES; i++)
		for (unsigned int w = 0; w < 512; w++)
			expect(word_of(cpu, i)[w], number << 32 | i << 16 | w);
	answered(pages_turn(cpu, false), SVSM_SUCCESS);
	answered(pages_turn(cpu, false), CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
}

static void work(unsigned int cpu)
{
	for (unsigned int i = 0; i < PAGES; i++)
		expect(page_state_set((uint64_t)word_of(cpu, i),
				      PSC_OP_PRIVATE),
		       true);
	for (unsigned int r = 0; r < ROUNDS; r++)
		round_of(cpu, cpu * ROUNDS + r + 1);
}

static uint32_t large_turn(bool on)
{
	lists[0].entry[0] = pvalidate_entry(LARGE, true, on, false);
	return pvalidate_list(0, &lists[0], 1);
}

static uint32_t large_as_small(bool on)
{
	uint32_t bad = 0;

	for (unsigned int i = 0; i < 512; i++) {
		lists[0].entry[0] =
			pvalidate_entry(LARGE + i * PAGE_4K, false, on, false);
		bad += pvalidate_list(0, &lists[0], 1) != SVSM_SUCCESS;
	}
	return bad;
}

static void large_begin(void)
{
	check_true("the host makes 2 MiB private",
		   page_state_large(LARGE, PSC_OP_PRIVATE));
	check_equal("2 MiB are validated", large_turn(true), SVSM_SUCCESS);
	for (unsigned int i = 0; i < 512; i++)
		*(uint64_t *)(LARGE + i * PAGE_4K) = pattern(i, 99);
}

static uint32_t large_page_turn(unsigned int i, bool on)
{
	lists[0].entry[0] =
		pvalidate_entry(LARGE + i * PAGE_4K, false, on, false);
	return pvalidate_list(0, &lists[0], 1);
}

/* One small page of it, then all: in small pages, too, since it is broken up. */
static void large_end(void)
{
	uint64_t *small = (uint64_t *)(LARGE + 5 * PAGE_4K);
	unsigned int bad = 0;
	uint32_t r;

	answered(large_turn(true), CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
	for (unsigned int i = 0; i < 512; i++)
		bad += *(uint64_t *)(LARGE + i * PAGE_4K) != pattern(i, 99);
	check_equal("2 MiB keep their content", bad, 0);
	if (answered(large_page_turn(5, false), SVSM_SUCCESS) &&
	    answered(large_page_turn(5, true), SVSM_SUCCESS))
		check_equal("a page of them comes back clean", *small, 0);
	r = large_turn(false);
	if (r == CORE_ERR(SVSM_CORE_FAIL_SIZEMISMATCH))
		r = large_as_small(false);
	answered(r, SVSM_SUCCESS);
}

/* The host says: accept it once more. It would then lie in two frames. */
static void accept_again(void)
{
	lists[0].entry[0] =
		pvalidate_entry((uint64_t)data[0], false, true, false);
	answered(pvalidate_list(0, &lists[0], 1),
		 CORE_ERR(SVSM_CORE_FAIL_NOCHANGE));
}

static void gift_give(void)
{
	struct page_list *l = &lists[0];
	unsigned int bad = 0;

	l->header = (struct svsm_list){ .entries = 1 };
	l->entry[0] = (uint64_t)gift;
	if (!answered(svsm_call1(SVSM_CORE_DEPOSIT_MEM, (uint64_t)l),
		      SVSM_SUCCESS) ||
	    !answered(svsm_call1(SVSM_CORE_WITHDRAW_MEM, (uint64_t)l),
		      SVSM_SUCCESS))
		return;
	check_equal("one page", *(volatile uint16_t *)&l->header.entries, 1);
	for (unsigned int i = 0; i < sizeof(gift); i++)
		bad += ((volatile uint8_t *)gift)[i] != 0;
	check_equal("it comes back clean", bad, 0);
}

static void save_area_turn(void)
{
	uint64_t v = (uint64_t)&spare_vmsa;

	vmsa_fill(&spare_vmsa, 0, 0);
	if (answered(vcpu_create(v, (uint64_t)spare_area, 0), SVSM_SUCCESS))
		answered(svsm_call1(SVSM_CORE_DELETE_VCPU, v), SVSM_SUCCESS);
}

static bool ended(unsigned int number)
{
	for (uint32_t i = 0; i < PATIENCE; i++) {
		if (__atomic_load_n(&guest_vcpu[number].done, __ATOMIC_ACQUIRE))
			return true;
		hw_pause();
	}
	return false;
}

/* A host need not let a vCPU run: that is a refusal, too. */
static void others(unsigned int cpus, bool again)
{
	uint32_t runs = 0;

	for (unsigned int n = 1; n < cpus; n++)
		if (again ? vcpu_relaunch(n, work) : vcpu_launch(n, work))
			runs |= 1u << n;
		else
			answered(~0u, SVSM_SUCCESS);
	work(0);
	for (unsigned int n = 1; n < cpus; n++)
		if ((runs >> n & 1) && !ended(n))
			answered(~0u, SVSM_SUCCESS);
}

static unsigned int cpus_given(void)
{
	const char *c = machine_option("cpus=");
	unsigned int n = c ? (unsigned int)(*c - '0') : 1;

	return n < 1 || n > VCPU_MAX ? 1 : n;
}

static void secrets_check(void)
{
	unsigned int bad = 0;

	/* Keys of the levels above, and the save area's tweak. */
	for (unsigned int i = 0; i < VMPCK_SIZE; i++)
		bad += secrets->vmpck[0][i] != 0;
	check_equal("no key of VMPL0", bad, 0);
	check_equal("the guest's level", secrets->svsm_guest_vmpl, 2);
}

int guest_main(void)
{
	unsigned int cpus = cpus_given();

	print("attacked: %u vCPUs\n", cpus);
	secrets_check();
	data_fill();
	large_begin();
	tpm_begin();
	mark(MARK_READY, data);
	data_check("data after the first mark");
	others(cpus, false);
	mark(MARK_AGAIN, data);
	accept_again();
	data_check("data half through");
	mark(MARK_HALF, data);
	others(cpus, true);
	gift_give();
	save_area_turn();
	tpm_work();
	large_end();
	mark(MARK_LAST, data);
	work(0);
	tpm_judge();
	data_check("data at the end");
	check_equal("wrong answers or bytes", wrong, 0);
	print("attacked: %u refusals, %u calls came back unserved\n", refusals,
	      svsm_unserved);
	return check_report("attacked");
}
