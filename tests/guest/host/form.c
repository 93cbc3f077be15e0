/* SPDX-License-Identifier: MIT */
/* What makes a GHCB page acceptable at all, and each event's inputs. */
#include "tests/guest/host/host.h"

#include "abi/snp/ghcb_msr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "hw/snp.h"

static const struct host_call features = { .code = GHCB_NAE_HV_FEATURES,
					   .give = GIVE_CALL };

static void test_always_valid(void)
{
	static const uint32_t each[] = { GIVE_CODE, GIVE_INFO1, GIVE_INFO2 };

	for (unsigned int i = 0; i < 3; i++) {
		struct host_call c = features;

		c.give &= ~each[i];
		host_malformed("exit code or info not valid", &c,
			       GHCB_ERR_MISSING_INPUT);
	}
}

static void test_usage(void)
{
	struct host_call c = features;

	c.usage = 1;
	host_malformed("usage 1", &c, GHCB_ERR_INVALID_USAGE);
	c = features;
	c.code = 0x80001234;
	host_malformed("unknown event", &c, GHCB_ERR_INVALID_EVENT);
	c.code = ~0ull;
	host_malformed("unknown event", &c, GHCB_ERR_INVALID_EVENT);
	c.code = 0x1000000000000000ull | GHCB_NAE_HV_FEATURES;
	host_malformed("high bits of the event", &c, GHCB_ERR_INVALID_EVENT);
}

/* Another shared page than the registered one. */
static void test_not_registered(void)
{
	uint64_t other = hw_rdmsr(MSR_GHCB);

	host_ghcb.sw_exitinfo1 = 77;
	hw_wrmsr(MSR_GHCB, (uint64_t)&host_ghcb);
	hw_vmgexit();
	hw_wrmsr(MSR_GHCB, other);
	check_equal("not registered", host_ghcb.sw_exitinfo1,
		    GHCB_RESULT_MALFORMED);
	check_equal("not registered", host_ghcb.sw_exitinfo2,
		    GHCB_ERR_NOT_REGISTERED);
}

static void test_missing(void)
{
	static const struct {
		uint64_t code;
		uint64_t info1;
	} needs[] = {
		{ GHCB_NAE_DR7_WRITE, 0 },
		{ GHCB_NAE_RDPMC, 0 },
		{ GHCB_NAE_CPUID, 0 },
		{ GHCB_NAE_IOIO, 0x80u << IOIO_PORT_SHIFT | IOIO_SIZE_8 },
		{ GHCB_NAE_IOIO,
		  0x80u << IOIO_PORT_SHIFT | IOIO_SIZE_8 | IOIO_STRING },
		{ GHCB_NAE_MSR, 0 },
		{ GHCB_NAE_VMMCALL, 0 },
		{ GHCB_NAE_MONITOR, 0 },
		{ GHCB_NAE_MWAIT, 0 },
		{ GHCB_NAE_MMIO_READ, 0xfee00030 },
		{ GHCB_NAE_MMIO_WRITE, 0xfee00030 },
		{ GHCB_NAE_PSC, 0 },
		{ GHCB_NAE_EXT_GUEST_REQUEST, 0 },
		{ GHCB_NAE_APIC_IDS, 0 },
	};

	for (unsigned int i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		struct host_call c = { .code = needs[i].code,
				       .info1 = needs[i].info1,
				       .info2 = 1,
				       .give = GIVE_CALL };

		host_malformed("missing input", &c, GHCB_ERR_MISSING_INPUT);
	}
}

void test_form(void)
{
	check_true("features event",
		   host_ok("features event", &features) & HV_FEATURE_SNP);
	check_true("answer names its infos",
		   host_returned(GHCB_BIT(sw_exitinfo1)) &&
			   host_returned(GHCB_BIT(sw_exitinfo2)) &&
			   !host_returned(GHCB_BIT(rax)) &&
			   !host_returned(GHCB_BIT(sw_exitcode)));
	test_always_valid();
	test_usage();
	test_not_registered();
	test_missing();
}
