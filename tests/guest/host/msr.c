/* SPDX-License-Identifier: MIT */
/* The GHCB MSR protocol: worked values, refusals, what is unknown. */
#include "tests/guest/host/host.h"

#include "abi/snp/ghcb_msr.h"
#include "abi/snp/rmp.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"

#define REFUSED_GPA   0xfffffffffffff000ull
#define VENDOR_REQ    0xf00ull
#define RESERVED_CODE 0x0ffull

static uint8_t private_page[4096] __attribute__((aligned(4096)));

static void test_values(void)
{
	uint64_t features = ghcb_msr_call(GHCB_MSR_HV_FEATURES_REQ);

	check_equal("SEV information", ghcb_msr_call(GHCB_MSR_SEV_INFO_REQ),
		    0x0002000100000001ull | 47ull << 24);
	check_equal("features: code", features & GHCB_MSR_INFO,
		    GHCB_MSR_HV_FEATURES_RESP);
	check_true("features: SNP, AP creation, VMPLs",
		   ~features >> 12 & (HV_FEATURE_SNP | HV_FEATURE_AP_CREATION |
				      HV_FEATURE_MULTI_VMPL)
			   ? false
			   : true);
	check_equal("no preferred GHCB", ghcb_msr_call(GHCB_MSR_PREF_GPA_REQ),
		    REFUSED_GPA | GHCB_MSR_PREF_GPA_RESP);
	check_equal("CPUID 8000001F EBX",
		    ghcb_msr_call(0x8000001f40000000ull | GHCB_MSR_CPUID_REQ),
		    (47ull | 1ull << 6 | 4ull << 12) << 32 | 1ull << 30 |
			    GHCB_MSR_CPUID_RESP);
	check_equal("CPUID leaf that is not there",
		    ghcb_msr_call(0x4000000100000000ull | GHCB_MSR_CPUID_REQ),
		    GHCB_MSR_CPUID_RESP);
}

static void test_refusals(void)
{
	uint64_t no = REFUSED_GPA | GHCB_MSR_REG_GPA_RESP;

	check_equal("register a private page",
		    ghcb_msr_call((uint64_t)private_page |
				  GHCB_MSR_REG_GPA_REQ),
		    no);
	check_equal("register no memory",
		    ghcb_msr_call(NO_RAM | GHCB_MSR_REG_GPA_REQ), no);
	check_true("page state of no memory",
		   ghcb_msr_call(1ull << GHCB_MSR_PSC_OP_SHIFT | NO_RAM |
				 GHCB_MSR_PSC_REQ) >>
			   32);
	check_true("page state operation 3",
		   ghcb_msr_call(3ull << GHCB_MSR_PSC_OP_SHIFT | SHARED_PAGE |
				 GHCB_MSR_PSC_REQ) >>
			   32);
	check_equal("run VMPL3, which has no VMSA",
		    ghcb_msr_call(3ull << GHCB_MSR_RUN_VMPL_SHIFT |
				  GHCB_MSR_RUN_VMPL_REQ),
		    1ull << 32 | GHCB_MSR_RUN_VMPL_RESP);
	check_equal("run VMPL200",
		    ghcb_msr_call(200ull << GHCB_MSR_RUN_VMPL_SHIFT |
				  GHCB_MSR_RUN_VMPL_REQ),
		    1ull << 32 | GHCB_MSR_RUN_VMPL_RESP);
	check_equal("unknown request", ghcb_msr_call(RESERVED_CODE),
		    RESERVED_CODE);
	check_equal("vendor request", ghcb_msr_call(VENDOR_REQ), VENDOR_REQ);
}

void test_msr(void)
{
	check_equal("SEV_STATUS", hw_rdmsr(MSR_SEV_STATUS) & 7, 7);
	test_values();
	test_refusals();
	private_page[0] = 1;
	check_equal("the page is still ours", private_page[0], 1);
}
