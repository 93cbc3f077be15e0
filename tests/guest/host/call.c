/* SPDX-License-Identifier: MIT */
/* One event with exactly the valid bits that a test wants. */
#include "tests/guest/host/host.h"

#include "abi/snp/ghcb_msr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "hw/snp.h"
#include "lib/str.h"
#include "tests/guest/svsm.h"

struct ghcb host_ghcb __attribute__((aligned(4096)));
/* The one that print() uses: registered whenever no test's call runs. */
static uint64_t printing;

static const struct {
	uint32_t give;
	unsigned long bit;
} fields[] = {
	{ GIVE_RAX, GHCB_BIT(rax) },
	{ GIVE_RCX, GHCB_BIT(rcx) },
	{ GIVE_RDX, GHCB_BIT(rdx) },
	{ GIVE_RBX, GHCB_BIT(rbx) },
	{ GIVE_CPL, GHCB_BIT(cpl) },
	{ GIVE_XCR0, GHCB_BIT(xcr0) },
	{ GIVE_SCRATCH, GHCB_BIT(sw_scratch) },
	{ GIVE_CODE, GHCB_BIT(sw_exitcode) },
	{ GIVE_INFO1, GHCB_BIT(sw_exitinfo1) },
	{ GIVE_INFO2, GHCB_BIT(sw_exitinfo2) },
};

void host_init(void)
{
	uint64_t gpa = (uint64_t)&host_ghcb, info2 = 0;

	ghcb_event(GHCB_NAE_HV_FEATURES, 0, &info2, 0);
	printing = hw_rdmsr(MSR_GHCB);
	if (secrets->svsm_size)
		svsm_pvalidate_one(gpa);
	check_true("GHCB page shared", page_state_set(gpa, PSC_OP_SHARED));
	page_map(gpa, false);
	memset(&host_ghcb, 0, sizeof(host_ghcb));
}

static void fill(const struct host_call *c)
{
	memset(host_ghcb.valid_bitmap, 0, sizeof(host_ghcb.valid_bitmap));
	for (unsigned int i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (c->give & fields[i].give)
			host_ghcb.valid_bitmap[fields[i].bit / 8] |=
				(uint8_t)(1u << fields[i].bit % 8);
	host_ghcb.rax = c->rax;
	host_ghcb.rcx = c->rcx;
	host_ghcb.rdx = c->rdx;
	host_ghcb.rbx = c->rbx;
	host_ghcb.cpl = 0;
	host_ghcb.xcr0 = c->xcr0;
	host_ghcb.sw_scratch = c->scratch;
	host_ghcb.sw_exitcode = c->code;
	host_ghcb.sw_exitinfo1 = c->info1;
	host_ghcb.sw_exitinfo2 = c->info2;
	host_ghcb.ghcb_usage = c->usage;
	host_ghcb.protocol_version = c->version ? c->version : 2;
}

uint64_t host_run(const struct host_call *call, uint64_t *info2)
{
	uint64_t info1;

	ghcb_msr_call((uint64_t)&host_ghcb | GHCB_MSR_REG_GPA_REQ);
	fill(call);
	hw_wrmsr(MSR_GHCB, (uint64_t)&host_ghcb);
	hw_vmgexit();
	info1 = host_ghcb.sw_exitinfo1;
	*info2 = host_ghcb.sw_exitinfo2;
	ghcb_msr_call(printing | GHCB_MSR_REG_GPA_REQ);
	return info1;
}

void host_malformed(const char *what, const struct host_call *call,
		    uint64_t error)
{
	uint64_t info2, info1 = host_run(call, &info2);

	check_equal(what, info1, GHCB_RESULT_MALFORMED);
	check_equal(what, info2, error);
}

uint64_t host_ok(const char *what, const struct host_call *call)
{
	uint64_t info2, info1 = host_run(call, &info2);

	check_equal(what, info1, GHCB_RESULT_OK);
	return info2;
}

bool host_returned(unsigned long bit)
{
	return host_ghcb.valid_bitmap[bit / 8] >> bit % 8 & 1;
}
