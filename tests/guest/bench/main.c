/* SPDX-License-Identifier: MIT */
/*
 * What calls to the SVSM cost, in instructions at VMPL0 under icount. Lines
 * "bench NAME VALUE" are read by scripts/bench.py.
 */
#include "abi/snp/ghcb_msr.h"
#include "lib/addr.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

#define SCRATCH	      0x10000000ull
#define MANY	      100u
#define PADDING_PAGES 201u

static struct page_list list __attribute__((aligned(4096)));
static struct vmsa vmsa_page __attribute__((aligned(4096)));
static uint8_t area[2][4096] __attribute__((aligned(4096)));
/* Makes the image as large as the firmware of the figures to compare with. */
static uint8_t padding[PADDING_PAGES][4096] __attribute__((aligned(4096)));

static const volatile uint8_t *const padding_kept = padding[0];

static void report(const char *name, uint64_t value)
{
	print("bench %s %llu\n", name, (unsigned long long)value);
}

static uint64_t spent(void)
{
	return meter_read(0);
}

static void expect(const char *what, uint32_t got)
{
	if (got == SVSM_SUCCESS)
		return;
	print("bench: %s failed: 0x%x\n", what, got);
	machine_exit(2);
}

static uint64_t spin_cost(uint64_t rounds)
{
	uint64_t start = meter_read(secrets->svsm_guest_vmpl);

	spin(rounds);
	return meter_read(secrets->svsm_guest_vmpl) - start;
}

/* Is the meter right? A thousand rounds more are 2,000 instructions. */
static void bench_meter(void)
{
	uint64_t less = spin_cost(1000);

	report("meter_2000", spin_cost(2000) - less);
}

static void bench_query(void)
{
	struct svsm_regs regs = { 0 };
	uint64_t start;
	unsigned int i;

	regs.rcx = 1;
	expect("query", svsm_call(0, SVSM_CORE_QUERY_PROTOCOL, &regs));
	start = spent();
	for (i = 0; i < MANY; i++) {
		regs.rcx = 1;
		svsm_call(0, SVSM_CORE_QUERY_PROTOCOL, &regs);
	}
	report("query_protocol", (spent() - start) / MANY);
}

static uint64_t list_cost(unsigned int pages, bool validate)
{
	uint64_t start;
	unsigned int i;

	for (i = 0; i < pages; i++)
		list.entry[i] = pvalidate_entry(SCRATCH + i * 4096ull, false,
						validate, false);
	start = spent();
	expect("list", pvalidate_list(0, &list, (uint16_t)pages));
	return spent() - start;
}

static void bench_small(void)
{
	uint64_t one_on, one_off, many_on, many_off;
	unsigned int i;

	for (i = 0; i < MANY; i++)
		page_state_set(SCRATCH + i * 4096ull, PSC_OP_PRIVATE);
	/* The first pass pays for tables that are made once. */
	list_cost(MANY, true);
	list_cost(MANY, false);
	one_on = list_cost(1, true);
	one_off = list_cost(1, false);
	many_on = list_cost(MANY, true);
	many_off = list_cost(MANY, false);
	report("pvalidate_1x4k", one_on);
	report("pvalidate_100x4k", many_on);
	report("pvalidate_further_4k", (many_on - one_on) / (MANY - 1));
	report("rescind_1x4k", one_off);
	report("rescind_100x4k", many_off);
	report("rescind_further_4k", (many_off - one_off) / (MANY - 1));
}

static void bench_large(void)
{
	uint64_t at = SCRATCH + 2 * PAGE_2M, start, cost;

	if (!page_state_large(at, PSC_OP_PRIVATE))
		machine_exit(3);
	list.entry[0] = pvalidate_entry(at, true, true, false);
	start = spent();
	expect("2M", pvalidate_list(0, &list, 1));
	cost = spent() - start;
	report("pvalidate_1x2m", cost);
	report("pvalidate_1x2m_beyond_clearing", cost - PAGE_2M / 8);
	list.entry[0] = pvalidate_entry(at, true, false, false);
	start = spent();
	expect("2M back", pvalidate_list(0, &list, 1));
	report("rescind_1x2m", spent() - start);
}

static void bench_vcpu(void)
{
	uint64_t start;

	vmsa_fill(&vmsa_page, 0, 0);
	start = spent();
	expect("create",
	       vcpu_create((uint64_t)&vmsa_page, (uint64_t)area[0], 0));
	report("create_vcpu", spent() - start);
	start = spent();
	expect("delete",
	       svsm_call1(SVSM_CORE_DELETE_VCPU, (uint64_t)&vmsa_page));
	report("delete_vcpu", spent() - start);
	start = spent();
	expect("remap", svsm_call1(SVSM_CORE_REMAP_CA, (uint64_t)area[1]));
	report("remap_ca", spent() - start);
}

/* Instructions of one kind that VMPL0 flushed by. */
static uint64_t flushes(uint64_t kind)
{
	uint64_t r = ghcb_msr_call(kind << GHCB_MSR_FLUSHES_SHIFT |
				   GHCB_MSR_FLUSHES_REQ);

	if ((r & GHCB_MSR_INFO) != GHCB_MSR_FLUSHES_RESP)
		machine_exit(4);
	return r >> 12;
}

struct flushed {
	uint64_t all[GHCB_MSR_FLUSHES_KINDS];
};

static struct flushed flushed(void)
{
	struct flushed f;

	for (uint64_t k = 0; k < GHCB_MSR_FLUSHES_KINDS; k++)
		f.all[k] = flushes(k);
	return f;
}

static void flushed_report(const char *name, struct flushed then)
{
	static const char *const kinds[GHCB_MSR_FLUSHES_KINDS] = {
		"invlpgb", "tlbsync", "cr3", "invlpg"
	};
	struct flushed f = flushed();

	for (unsigned int k = 0; k < GHCB_MSR_FLUSHES_KINDS; k++)
		print("bench %s_%s %lu\n", name, kinds[k],
		      f.all[k] - then.all[k]);
}

/* Of many round trips, and of a list: validating, rescinding, half and half. */
static void bench_flushes(void)
{
	struct svsm_regs regs = { 0 };
	struct flushed then = flushed();

	for (unsigned int i = 0; i < MANY; i++) {
		regs.rcx = 1;
		expect("query", svsm_call(0, SVSM_CORE_QUERY_PROTOCOL, &regs));
	}
	flushed_report("query", then);
	for (unsigned int i = 0; i < MANY; i++)
		page_state_set(SCRATCH + i * 4096ull, PSC_OP_PRIVATE);
	then = flushed();
	list_cost(MANY, true);
	flushed_report("validate", then);
	then = flushed();
	list_cost(MANY, false);
	flushed_report("rescind", then);
	list_cost(MANY, true);
	for (unsigned int i = 0; i < MANY; i++)
		list.entry[i] = pvalidate_entry(SCRATCH + i / 2 * 4096ull,
						false, i % 2, false);
	then = flushed();
	expect("both", pvalidate_list(0, &list, MANY));
	flushed_report("both", then);
}

int guest_main(void)
{
	if (machine_option("flushes")) {
		bench_flushes();
		return 0;
	}
	report("launch", spent() + padding_kept[0]);
	/* All of memory is validated then: nothing else can be measured. */
	if (machine_option("launch-only"))
		return 0;
	bench_meter();
	bench_query();
	bench_small();
	bench_large();
	bench_vcpu();
	print("bench: done\n");
	return 0;
}
