/* SPDX-License-Identifier: MIT */
/* AP creation and run requests that must be refused, doorbells, APIC ids. */
#include "tests/guest/host/host.h"

#include "abi/snp/rmp.h"
#include "abi/snp/vmsa.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "hw/snp.h"
#include "lib/str.h"

#define INFO1(apic, vmpl, op)                   \
	((uint64_t)(apic) << AP_APIC_ID_SHIFT | \
	 (uint64_t)(vmpl) << AP_VMPL_SHIFT | (op))

static uint8_t plain_page[4096] __attribute__((aligned(4096)));

static void refused(const char *what, uint64_t info1, uint64_t vmsa)
{
	struct host_call c = { .code = GHCB_NAE_AP_CREATION,
			       .info1 = info1,
			       .info2 = vmsa,
			       .rax = 1,
			       .give = GIVE_CALL | GIVE_RAX };

	host_malformed(what, &c, GHCB_ERR_INVALID_INPUT);
}

static void test_ap_creation(unsigned int vmpl)
{
	uint64_t page = (uint64_t)plain_page;

	refused("no such vCPU", INFO1(63, vmpl, AP_CREATE), page);
	refused("no such VMPL", INFO1(0, 4, AP_CREATE), page);
	refused("no such operation", INFO1(0, 3, 3), page);
	refused("no VMSA page", INFO1(0, 3, AP_CREATE_ON_INIT), page);
	refused("unaligned", INFO1(0, 3, AP_CREATE_ON_INIT), page + 8);
	refused("2 MiB aligned", INFO1(0, 3, AP_CREATE_ON_INIT), 0x200000);
	refused("no memory", INFO1(0, 3, AP_CREATE_ON_INIT), NO_RAM);
	refused("own level destroyed", INFO1(0, vmpl, AP_DESTROY), 0);
	if (vmpl)
		refused("level above", INFO1(0, 0, AP_CREATE_ON_INIT), page);
}

/* What VMRUN would refuse is refused when it is to run at once. */
static void test_ap_contents(void)
{
	static struct vmsa vmsa __attribute__((aligned(4096)));
	uint64_t at = (uint64_t)&vmsa, info1 = INFO1(0, 3, AP_CREATE);

	vmsa.vmpl = 3;
	vmsa.sev_features = SEV_FEATURE_SNP;
	vmsa.rflags = RFLAGS_ONE;
	check_equal("a VMSA page",
		    hw_rmpadjust(at, RMP_PG_SIZE_4K, 3 | RMPADJUST_VMSA), 0);
	refused("a VMSA without SVME", info1, at);
	vmsa.efer = EFER_SVME;
	vmsa.rip = 1ull << 63;
	refused("a VMSA with a bad RIP", info1, at);
	vmsa.rip = 0;
	vmsa.sev_features |= SEV_FEATURE_VTOM;
	refused("a VMSA with other features", info1, at);
	vmsa.sev_features = SEV_FEATURE_SNP;
	vmsa.vmpl = 2;
	refused("a VMSA of VMPL2", info1, at);
	check_equal("a plain page again", hw_rmpadjust(at, RMP_PG_SIZE_4K, 3),
		    0);
}

static void test_run_vmpl(unsigned int vmpl)
{
	struct host_call c = { .code = GHCB_NAE_RUN_VMPL, .give = GIVE_CALL };

	c.info1 = 3;
	host_malformed("VMPL3 has no VMSA", &c, GHCB_ERR_INVALID_INPUT);
	c.info1 = 4;
	host_malformed("VMPL4", &c, GHCB_ERR_INVALID_INPUT);
	c.info1 = vmpl;
	host_malformed("own VMPL", &c, GHCB_ERR_INVALID_INPUT);
	c.info1 = ~0ull;
	host_malformed("no VMPL", &c, GHCB_ERR_INVALID_INPUT);
}

static void test_doorbell(void)
{
	struct host_call c = { .code = GHCB_NAE_HV_DOORBELL,
			       .give = GIVE_CALL };

	c.info1 = DOORBELL_GET_PREFERRED;
	check_equal("no preferred doorbell", host_ok("doorbell", &c), ~0ull);
	c.info1 = DOORBELL_SET;
	c.info2 = (uint64_t)plain_page;
	host_malformed("private doorbell", &c, GHCB_ERR_INVALID_INPUT);
	c.info2 = SHARED_PAGE + 16;
	host_malformed("unaligned doorbell", &c, GHCB_ERR_INVALID_INPUT);
	c.info2 = SHARED_PAGE;
	check_equal("doorbell set", host_ok("doorbell", &c), SHARED_PAGE);
	c.info1 = DOORBELL_QUERY;
	check_equal("doorbell asked for", host_ok("doorbell", &c), SHARED_PAGE);
	c.info1 = DOORBELL_CLEAR;
	host_ok("doorbell cleared", &c);
	c.info1 = DOORBELL_QUERY;
	check_equal("doorbell is gone", host_ok("doorbell", &c), ~0ull);
	c.info1 = 4;
	host_malformed("doorbell operation 4", &c, GHCB_ERR_INVALID_INPUT);
}

static void test_apic_ids(void)
{
	struct host_call c = { .code = GHCB_NAE_APIC_IDS,
			       .give = GIVE_CALL | GIVE_RAX };
	uint32_t list[2];

	host_ok("size of the list", &c);
	check_equal("pages for the list", host_ghcb.rax, 1);
	c.rax = 1;
	c.info1 = (uint64_t)plain_page;
	host_malformed("list in private memory", &c, GHCB_ERR_INVALID_INPUT);
	c.info1 = SHARED_PAGE;
	host_ok("list of APIC ids", &c);
	c = (struct host_call){ .code = GHCB_NAE_MMIO_READ,
				.info1 = SHARED_PAGE,
				.info2 = 8,
				.scratch = (uint64_t)host_ghcb.shared_buffer,
				.give = GIVE_CALL | GIVE_SCRATCH };
	host_ok("reading the list", &c);
	memcpy(list, host_ghcb.shared_buffer, 8);
	check_true("one vCPU or more", list[0] >= 1 && list[0] <= 64);
	check_equal("the first has id 0", list[1], 0);
}

void test_vcpus(void)
{
	unsigned int vmpl = secrets->svsm_size ? secrets->svsm_guest_vmpl : 0;

	test_ap_creation(vmpl);
	if (!vmpl)
		test_ap_contents();
	test_run_vmpl(vmpl);
	test_doorbell();
	test_apic_ids();
}
