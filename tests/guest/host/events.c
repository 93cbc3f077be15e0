/* SPDX-License-Identifier: MIT */
/* CPUID, counters, MSRs and the x2APIC behind them, guest requests. */
#include "tests/guest/host/host.h"

#include "abi/x86/apic.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/msr.h"

#define UNKNOWN_MSR 0xc0017777u
#define EVENT_GP_0  0x80000b0dull
#define TEST_VECTOR 0x41u
#define X2APIC_IRR  0x820u

static void test_cpuid(void)
{
	struct host_call c = { .code = GHCB_NAE_CPUID,
			       .rax = CPUID_LEAF_SEV,
			       .give = GIVE_CALL | GIVE_RAX | GIVE_RCX };

	host_ok("CPUID", &c);
	check_equal("CPUID 8000001F EBX", host_ghcb.rbx & 0x3f, 47);
	check_true("CPUID answers four registers",
		   host_returned(GHCB_BIT(rax)) &&
			   host_returned(GHCB_BIT(rbx)) &&
			   host_returned(GHCB_BIT(rcx)) &&
			   host_returned(GHCB_BIT(rdx)));
	c.rax = CPUID_LEAF_XSTATE;
	host_malformed("CPUID D without XCR0", &c, GHCB_ERR_MISSING_INPUT);
	c.xcr0 = 1;
	c.give |= GIVE_XCR0;
	host_ok("CPUID D", &c);
}

static void test_counters(void)
{
	struct host_call c = { .code = GHCB_NAE_RDTSC, .give = GIVE_CALL };
	uint64_t first;

	host_ok("RDTSC", &c);
	first = host_ghcb.rdx << 32 | host_ghcb.rax;
	c.code = GHCB_NAE_RDTSCP;
	host_ok("RDTSCP", &c);
	check_true("time goes on",
		   (host_ghcb.rdx << 32 | host_ghcb.rax) > first);
	check_true("RDTSCP answers RCX", host_returned(GHCB_BIT(rcx)));
	c.code = GHCB_NAE_WBINVD;
	host_ok("WBINVD", &c);
	c.code = GHCB_NAE_NMI_COMPLETE;
	host_ok("NMI complete", &c);
}

static struct host_call msr_call(uint32_t msr, uint64_t write, uint64_t value)
{
	return (struct host_call){
		.code = GHCB_NAE_MSR,
		.info1 = write,
		.rcx = msr,
		.rax = value & 0xffffffff,
		.rdx = value >> 32,
		.give = GIVE_CALL | GIVE_RCX |
			(write ? GIVE_RAX | GIVE_RDX : 0),
	};
}

static uint64_t msr_read(const char *what, uint32_t msr)
{
	struct host_call c = msr_call(msr, 0, 0);

	host_ok(what, &c);
	check_true(what, host_returned(GHCB_BIT(rax)) &&
				 host_returned(GHCB_BIT(rdx)));
	return host_ghcb.rdx << 32 | (host_ghcb.rax & 0xffffffff);
}

static void msr_write(const char *what, uint32_t msr, uint64_t value)
{
	struct host_call c = msr_call(msr, 1, value);

	host_ok(what, &c);
}

static void msr_gp(const char *what, uint32_t msr, uint64_t write,
		   uint64_t value)
{
	struct host_call c = msr_call(msr, write, value);
	uint64_t info2;

	check_equal(what, host_run(&c, &info2), GHCB_RESULT_EXCEPTION);
	check_equal(what, info2, EVENT_GP_0);
	check_true(what, !host_returned(GHCB_BIT(rax)));
}

static void test_msr_event(void)
{
	struct host_call c = msr_call(MSR_PAT, 1, PAT_RESET);

	msr_gp("read of an unknown MSR", UNKNOWN_MSR, 0, 0);
	msr_gp("write of an unknown MSR", UNKNOWN_MSR, 1, 0);
	c.give &= ~GIVE_RDX;
	host_malformed("MSR write without RDX", &c, GHCB_ERR_MISSING_INPUT);
	c = msr_call(MSR_PAT, 0, 0);
	c.info1 = 2;
	host_malformed("MSR event 2", &c, GHCB_ERR_INVALID_INPUT);
}

static void test_x2apic(void)
{
	uint64_t base = msr_read("APIC base", MSR_APIC_BASE);

	check_equal("APIC base", base & ~(uint64_t)APIC_BASE_EXTD,
		    APIC_DEFAULT_BASE | APIC_BASE_EN | APIC_BASE_BSP);
	msr_gp("x2APIC register in xAPIC mode", MSR_X2APIC_ID, 0, 0);
	msr_gp("APIC moved", MSR_APIC_BASE, 1, 0xfef00900);
	msr_write("x2APIC on", MSR_APIC_BASE, base | APIC_BASE_EXTD);
	check_equal("APIC base", msr_read("APIC base", MSR_APIC_BASE),
		    base | APIC_BASE_EXTD);
	check_equal("x2APIC id", msr_read("x2APIC id", MSR_X2APIC_ID), 0);
	check_equal("x2APIC logical id",
		    msr_read("x2APIC logical id", MSR_X2APIC_LDR), 1);
	msr_gp("x2APIC id is fixed", MSR_X2APIC_ID, 1, 0);
	msr_gp("x2APIC EOI is no source", MSR_X2APIC_EOI, 0, 0);
	msr_gp("x2APIC hole", MSR_X2APIC_FIRST + 5, 0, 0);
	msr_write("x2APIC spurious vector", MSR_X2APIC_SVR, 0x1ff);
	check_equal("x2APIC spurious vector",
		    msr_read("x2APIC spurious vector", MSR_X2APIC_SVR), 0x1ff);
	/* Interrupts are off here: it must show up as requested. */
	msr_write("x2APIC self IPI", MSR_X2APIC_SELF_IPI, TEST_VECTOR);
	check_equal("x2APIC request register",
		    msr_read("x2APIC request register", X2APIC_IRR + 2) &
			    1u << TEST_VECTOR % 32,
		    1u << TEST_VECTOR % 32);
	msr_write("x2APIC IPI by logical id", MSR_X2APIC_ICR,
		  1ull << 32 | ICR_LOGICAL | (TEST_VECTOR + 1));
	check_equal("x2APIC request register",
		    msr_read("x2APIC request register", X2APIC_IRR + 2) &
			    2u << TEST_VECTOR % 32,
		    2u << TEST_VECTOR % 32);
	/* Would reset the processors under the emulator. */
	msr_write("INIT to all", MSR_X2APIC_ICR, ICR_OTHERS | ICR_INIT);
	msr_write("x2APIC off", MSR_APIC_BASE, base);
}

static void test_guest_request(void)
{
	struct host_call c = { .code = GHCB_NAE_GUEST_REQUEST,
			       .info1 = SHARED_PAGE,
			       .info2 = SHARED_PAGE + 0x1000,
			       .give = GIVE_CALL };

	check_equal("guest request", host_ok("guest request", &c) >> 32,
		    GUEST_REQUEST_HOST_ERROR);
	c.info2 = c.info1;
	host_malformed("request is response", &c, GHCB_ERR_INVALID_INPUT);
	c.info2 = SHARED_PAGE + 0x800;
	host_malformed("response unaligned", &c, GHCB_ERR_INVALID_INPUT);
	c.info2 = (uint64_t)&c & ~0xfffull;
	host_malformed("response private", &c, GHCB_ERR_INVALID_INPUT);
}

void test_events(void)
{
	test_cpuid();
	test_counters();
	test_msr_event();
	test_x2apic();
	test_guest_request();
}
