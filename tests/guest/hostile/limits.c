/* SPDX-License-Identifier: MIT */
/*
 * Each field of each call at its limits, from every vCPU at once: here each
 * answer is known, since every vCPU has pages of its own to be right with.
 */
#include "abi/svsm/vtpm.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/hostile/hostile.h"

#define VTPM_CMD  ((uint64_t)SVSM_VTPM_PROTOCOL << 32 | SVSM_VTPM_CMD)
/* Without the service its protocol is not there. */
#define TPM(want) (hostile_tpm ? (want) : ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL))
#define ADDRESS	  ERR(SVSM_ERR_INVALID_ADDRESS)
#define WRONG	  ERR(SVSM_ERR_INVALID_PARAMETER)

/* Pages that are good, one set for each vCPU. */
static uint64_t good(unsigned int cpu, unsigned int i)
{
	return region_at(REGION_OWN) + (cpu * 32 + 16 + i) * PAGE_4K;
}

static void expect(const char *what, unsigned int cpu, uint64_t about,
		   uint32_t got, uint32_t want)
{
	if (got != want)
		strange(what, cpu, about, (uint64_t)want << 32 | got);
}

static void simple(const char *what, unsigned int cpu, uint64_t rax,
		   uint64_t rcx, uint32_t want)
{
	struct svsm_regs regs = { .rcx = rcx, .rdx = 7, .r8 = 8, .r9 = 9 };

	expect(what, cpu, rcx, call_whole(cpu, rax, &regs), want);
	if (regs.rcx != rcx || regs.rdx != 7 || regs.r8 != 8 || regs.r9 != 9)
		strange("registers that are no output", cpu, rax, regs.rcx);
}

static uint32_t create(unsigned int cpu, uint64_t vmsa, uint64_t ca,
		       uint64_t id)
{
	struct svsm_regs regs = { .rcx = vmsa, .rdx = ca, .r8 = id };

	return call_whole(cpu, SVSM_CORE_CREATE_VCPU, &regs);
}

static void entry(const char *what, unsigned int cpu, uint32_t call,
		  uint64_t raw, uint32_t want)
{
	expect(what, cpu, raw, call_entry(cpu, call, raw), want);
	if (quiet[cpu].header.next != (want == SVSM_SUCCESS))
		strange("next", cpu, raw, quiet[cpu].header.next);
}

static void address_in_lists(unsigned int cpu, uint64_t bad)
{
	for (uint64_t flags = 0; flags < 16; flags += 4)
		entry("PVALIDATE", cpu, SVSM_CORE_PVALIDATE, bad | flags,
		      ADDRESS);
	for (uint64_t bit = 0x10; bit < 0x1000; bit <<= 1)
		entry("reserved bit", cpu, SVSM_CORE_PVALIDATE, bad | bit,
		      ADDRESS);
	entry("DEPOSIT_MEM", cpu, SVSM_CORE_DEPOSIT_MEM, bad, ADDRESS);
	entry("size 2", cpu, SVSM_CORE_PVALIDATE, bad | 2, ADDRESS);
	entry("size 3", cpu, SVSM_CORE_PVALIDATE, bad | 3, ADDRESS);
	if (!addr_aligned(bad, PAGE_2M))
		return;
	entry("2 MiB", cpu, SVSM_CORE_PVALIDATE, bad | 1, ADDRESS);
	entry("validate 2 MiB", cpu, SVSM_CORE_PVALIDATE, bad | 5, ADDRESS);
	entry("deposit 2 MiB", cpu, SVSM_CORE_DEPOSIT_MEM, bad | 1, ADDRESS);
}

/* An address that is nobody's business, in each place for an address. */
static void address(unsigned int cpu, uint64_t bad)
{
	static const uint16_t off[] = { 1, 4, 7, 8, 0x800, 0xff8, 0xfff };
	unsigned int i;

	simple("REMAP_CA", cpu, SVSM_CORE_REMAP_CA, bad, ADDRESS);
	simple("list", cpu, SVSM_CORE_PVALIDATE, bad, ADDRESS);
	simple("list", cpu, SVSM_CORE_DEPOSIT_MEM, bad, ADDRESS);
	simple("WITHDRAW_MEM", cpu, SVSM_CORE_WITHDRAW_MEM, bad, ADDRESS);
	simple("DELETE_VCPU", cpu, SVSM_CORE_DELETE_VCPU, bad, WRONG);
	simple("CMD", cpu, VTPM_CMD, bad, TPM(ADDRESS));
	for (i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
		bool words = off[i] % 8 == 0;

		simple("REMAP_CA unaligned", cpu, SVSM_CORE_REMAP_CA,
		       bad + off[i], WRONG);
		simple("list unaligned", cpu, SVSM_CORE_PVALIDATE, bad + off[i],
		       words ? ADDRESS : WRONG);
		simple("DELETE_VCPU unaligned", cpu, SVSM_CORE_DELETE_VCPU,
		       bad + off[i], WRONG);
		expect("VMSA unaligned", cpu, bad + off[i],
		       create(cpu, bad + off[i], good(cpu, 1), cpu), WRONG);
		expect("area unaligned", cpu, bad + off[i],
		       create(cpu, good(cpu, 0), bad + off[i], cpu), WRONG);
	}
	expect("VMSA", cpu, bad, create(cpu, bad, good(cpu, 1), cpu), ADDRESS);
	expect("area", cpu, bad, create(cpu, good(cpu, 0), bad, cpu), ADDRESS);
	expect("both", cpu, bad, create(cpu, bad, bad, cpu), ADDRESS);
	address_in_lists(cpu, bad);
}

static void list_sizes(unsigned int cpu)
{
	static const struct {
		uint16_t off, entries, next;
	} bad[] = { { 0, 0, 0 },      { 0, 512, 0 },	    { 0, 0xffff, 0 },
		    { 0, 511, 511 },  { 0, 1, 1 },	    { 0, 1, 0xffff },
		    { 0, 0x8000, 1 }, { 4088, 1, 0 },	    { 4088, 0, 0 },
		    { 4080, 2, 0 },   { 4080, 1, 1 },	    { 2048, 256, 0 },
		    { 8, 511, 0 },    { 0, 0xffff, 0xfffe } };
	uint64_t page = good(cpu, 2);

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct svsm_list h = { bad[i].entries, bad[i].next, 0 };

		*(volatile struct svsm_list *)(page + bad[i].off) = h;
		simple("length of a list", cpu, SVSM_CORE_PVALIDATE,
		       page + bad[i].off, WRONG);
		simple("length of a list", cpu, SVSM_CORE_DEPOSIT_MEM,
		       page + bad[i].off, WRONG);
	}
	simple("no room to withdraw", cpu, SVSM_CORE_WITHDRAW_MEM, page + 4088,
	       WRONG);
	entry("the list itself", cpu, SVSM_CORE_DEPOSIT_MEM,
	      (uint64_t)&quiet[cpu], ADDRESS);
}

static void save_area_one(unsigned int cpu, uint8_t vmpl, uint64_t efer,
			  uint64_t features, uint32_t want)
{
	struct vmsa *v = (struct vmsa *)good(cpu, 0);
	uint32_t r;

	v->vmpl = vmpl;
	v->efer = efer;
	v->sev_features = features;
	r = create(cpu, good(cpu, 0), good(cpu, 1), cpu);
	expect("contents of a VMSA", cpu, efer, r, want);
	if (r == SVSM_SUCCESS)
		simple("DELETE_VCPU", cpu, SVSM_CORE_DELETE_VCPU, good(cpu, 0),
		       SVSM_SUCCESS);
}

static void save_areas(unsigned int cpu)
{
	uint8_t ours = (uint8_t)secrets->svsm_guest_vmpl;
	uint64_t features = hw_rdmsr(MSR_SEV_STATUS) >> 2;

	for (unsigned int vmpl = 0; vmpl < 256; vmpl++)
		if (vmpl != ours && (vmpl < 5 || (vmpl & 0x1f) == 0x1f))
			save_area_one(cpu, (uint8_t)vmpl, EFER_SVME, features,
				      WRONG);
	save_area_one(cpu, ours, ~(uint64_t)EFER_SVME, features, WRONG);
	for (unsigned int bit = 0; bit < 64; bit += 3)
		save_area_one(cpu, ours, EFER_SVME, features ^ 1ull << bit,
			      WRONG);
	save_area_one(cpu, ours, EFER_SVME, features, SVSM_SUCCESS);
	expect("no such CPU", cpu, 0,
	       create(cpu, good(cpu, 0), good(cpu, 1), hostile_cpus), WRONG);
	expect("no such CPU", cpu, 0,
	       create(cpu, good(cpu, 0), good(cpu, 1), 0xffffffff), WRONG);
	expect("no such CPU", cpu, 0,
	       create(cpu, good(cpu, 0), good(cpu, 1), cpu + (1ull << 32)),
	       WRONG);
	expect("area in use", cpu, 0,
	       create(cpu, good(cpu, 0), (uint64_t)guest_vcpu[cpu].ca, cpu),
	       ADDRESS);
}

/* What runs, and what is called through, stays what it is. */
static void in_use(unsigned int cpu)
{
	uint64_t ca = (uint64_t)guest_vcpu[cpu].ca, vmsa = vcpu_vmsa(cpu);

	expect("REMAP_CA to itself", cpu, ca, call_remap(cpu, ca),
	       SVSM_SUCCESS);
	entry("rescind the calling area", cpu, SVSM_CORE_PVALIDATE, ca,
	      ADDRESS);
	entry("deposit the calling area", cpu, SVSM_CORE_DEPOSIT_MEM, ca,
	      ADDRESS);
	simple("DELETE_VCPU of an area", cpu, SVSM_CORE_DELETE_VCPU, ca, WRONG);
	if (!cpu)
		return;
	simple("REMAP_CA to the VMSA", cpu, SVSM_CORE_REMAP_CA, vmsa, ADDRESS);
	simple("list in the VMSA", cpu, SVSM_CORE_PVALIDATE, vmsa, ADDRESS);
	simple("withdraw to the VMSA", cpu, SVSM_CORE_WITHDRAW_MEM, vmsa,
	       ADDRESS);
	simple("CMD in the VMSA", cpu, VTPM_CMD, vmsa, TPM(ADDRESS));
	entry("rescind the VMSA", cpu, SVSM_CORE_PVALIDATE, vmsa, ADDRESS);
	entry("validate the VMSA", cpu, SVSM_CORE_PVALIDATE, vmsa | 4, ADDRESS);
	entry("deposit the VMSA", cpu, SVSM_CORE_DEPOSIT_MEM, vmsa, ADDRESS);
	expect("VMSA in use", cpu, vmsa, create(cpu, vmsa, good(cpu, 1), cpu),
	       ADDRESS);
}

static void numbers(unsigned int cpu)
{
	static const uint32_t protocol[] = {
		1, 3, 4, 5, 0x7fffffff, 0xffffffff
	};
	static const uint32_t call[] = { 8,	9,	    0xff,
					 0x100, 0x7fffffff, 0xffffffff };
	unsigned int i;

	for (i = 0; i < 6; i++) {
		simple("protocol", cpu, (uint64_t)protocol[i] << 32, 0,
		       ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL));
		simple("call", cpu, call[i], 0, ERR(SVSM_ERR_UNSUPPORTED_CALL));
		simple("vTPM call", cpu,
		       (uint64_t)SVSM_VTPM_PROTOCOL << 32 | call[i], 0,
		       TPM(ERR(SVSM_ERR_UNSUPPORTED_CALL)));
	}
	for (i = 1; i < 64; i++)
		simple("vTOM", cpu, SVSM_CORE_CONFIGURE_VTOM, 1ull << i,
		       ERR(SVSM_ERR_INVALID_REQUEST));
	simple("CMD at 0", cpu, VTPM_CMD, 0, TPM(WRONG));
}

void limits_run(unsigned int cpu)
{
	uint64_t bad;

	for (unsigned int i = 0; i < 3; i++)
		entry("a good page", cpu, SVSM_CORE_PVALIDATE, good(cpu, i) | 4,
		      SVSM_SUCCESS);
	for (unsigned int i = 0; place_bad(i, &bad); i++)
		address(cpu, bad);
	list_sizes(cpu);
	save_areas(cpu);
	in_use(cpu);
	numbers(cpu);
	for (unsigned int i = 0; i < 3; i++)
		entry("a good page rescinded", cpu, SVSM_CORE_PVALIDATE,
		      good(cpu, i), SVSM_SUCCESS);
}

/* Where no call has been yet, the record needs a page of the SVSM's for good:
 * a first pin, a first single page. */
static void touch(uint64_t page)
{
	uint64_t home = (uint64_t)guest_vcpu[0].ca;

	call_entry(0, SVSM_CORE_PVALIDATE, page | 12);
	check_equal("area there", call_remap(0, page), SVSM_SUCCESS);
	check_equal("and back", call_remap(0, home), SVSM_SUCCESS);
	entry("rescind", 0, SVSM_CORE_PVALIDATE, page, SVSM_SUCCESS);
}

static void touch_all(void)
{
	uint64_t page;

	for (unsigned int i = 0; place_edge(i, &page); i++)
		if (page)
			touch(page);
	for (unsigned int r = 0; r < REGIONS; r++)
		if (r != REGION_CANARY && r != REGION_STOLEN)
			touch(region_at(r) + PAGE_4K);
}

/* A deposited page has one owner. WITHDRAW_MEM gives back anybody's, so only
 * while the others do not call. */
void limits_first(void)
{
	uint64_t page = good(0, 3);

	touch_all();
	entry("a page", 0, SVSM_CORE_PVALIDATE, page | 4, SVSM_SUCCESS);
	entry("deposit", 0, SVSM_CORE_DEPOSIT_MEM, page, SVSM_SUCCESS);
	entry("deposit again", 0, SVSM_CORE_DEPOSIT_MEM, page, ADDRESS);
	entry("rescind deposited", 0, SVSM_CORE_PVALIDATE, page, ADDRESS);
	entry("validate deposited", 0, SVSM_CORE_PVALIDATE, page | 4, ADDRESS);
	simple("list in it", 0, SVSM_CORE_PVALIDATE, page, ADDRESS);
	simple("area in it", 0, SVSM_CORE_REMAP_CA, page, ADDRESS);
	simple("CMD in it", 0, VTPM_CMD, page, TPM(ADDRESS));
	simple("withdraw into it", 0, SVSM_CORE_WITHDRAW_MEM, page, ADDRESS);
	check_true("out of reach", probe_write((uint8_t *)page, 1) != 0);
	simple("withdraw", 0, SVSM_CORE_WITHDRAW_MEM, (uint64_t)&quiet[0],
	       SVSM_SUCCESS);
	check_equal("one page", quiet[0].header.entries, 1);
	check_equal("that one", quiet[0].entry[0], page);
	check_equal("in reach again", probe_write((uint8_t *)page, 1), 0);
	entry("rescind", 0, SVSM_CORE_PVALIDATE, page, SVSM_SUCCESS);
}
