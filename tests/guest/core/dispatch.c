/* SPDX-License-Identifier: MIT */
/* Pending byte, unknown protocols and calls, QUERY_PROTOCOL, vTOM. */
#include "tests/guest/core/core.h"

static void test_pending(void)
{
	struct svsm_regs regs = { .rax = SVSM_CORE_QUERY_PROTOCOL,
				  .rcx = SVSM_CORE_VERSION };

	/* Not pending: VMPL0 must come back without touching a register. */
	svsm_exit(0, 0, &regs);
	check_equal("no call: RAX", regs.rax, SVSM_CORE_QUERY_PROTOCOL);
	check_equal("no call: RCX", regs.rcx, SVSM_CORE_VERSION);
	check_equal("pending 2: cleared", svsm_exit(0, 2, &regs), 0);
	check_equal("pending 2", regs.rax, ERR(SVSM_ERR_INVALID_FORMAT));
	regs.rax = SVSM_CORE_QUERY_PROTOCOL;
	svsm_exit(0, 255, &regs);
	check_equal("pending 255", regs.rax, ERR(SVSM_ERR_INVALID_FORMAT));
}

static uint64_t dispatch(uint64_t rax)
{
	struct svsm_regs regs = { .rax = rax };

	check_equal("call is served", svsm_exit(0, 1, &regs), 0);
	return regs.rax;
}

static void test_numbers(void)
{
	check_equal("protocol 5", dispatch(5ull << 32),
		    ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL));
	check_equal("protocol 0x80000000", dispatch(0x80000000ull << 32),
		    ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL));
	check_equal("protocol 0xffffffff", dispatch(0xffffffffull << 32),
		    ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL));
	check_equal("call 8", dispatch(8), ERR(SVSM_ERR_UNSUPPORTED_CALL));
	check_equal("call 0x80000001", dispatch(0x80000001ull),
		    ERR(SVSM_ERR_UNSUPPORTED_CALL));
	check_equal("call 0xffffffff", dispatch(0xffffffffull),
		    ERR(SVSM_ERR_UNSUPPORTED_CALL));
}

static uint64_t query(uint64_t protocol, uint64_t version)
{
	struct svsm_regs regs = { .rcx = protocol << 32 | version,
				  .rdx = 0x1111,
				  .r8 = 0x2222,
				  .r9 = 0x3333 };

	check_equal("query succeeds",
		    svsm_call(0, SVSM_CORE_QUERY_PROTOCOL, &regs),
		    SVSM_SUCCESS);
	check_equal("query leaves RDX", regs.rdx, 0x1111);
	check_equal("query leaves R8", regs.r8, 0x2222);
	check_equal("query leaves R9", regs.r9, 0x3333);
	return regs.rcx;
}

static void test_query(void)
{
	check_equal("CORE 1", query(SVSM_CORE_PROTOCOL, 1), 1ull << 32 | 1);
	check_equal("CORE 0", query(SVSM_CORE_PROTOCOL, 0), 0);
	check_equal("CORE 2", query(SVSM_CORE_PROTOCOL, 2), 0);
	check_equal("protocol 77", query(77, 1), 0);
	check_equal("protocol 0xffffffff", query(0xffffffff, 1), 0);
}

static void test_vtom(void)
{
	struct svsm_regs regs = { .rcx = SVSM_VTOM_QUERY };

	check_equal("vTOM query", svsm_call(0, SVSM_CORE_CONFIGURE_VTOM, &regs),
		    SVSM_SUCCESS);
	check_equal("vTOM is not supported", regs.rcx & 2, 0);
	regs = (struct svsm_regs){ .rcx = 1ull << 40 };
	check_equal("vTOM configure",
		    svsm_call(0, SVSM_CORE_CONFIGURE_VTOM, &regs),
		    ERR(SVSM_ERR_INVALID_REQUEST));
}

void test_dispatch(void)
{
	test_pending();
	test_numbers();
	test_query();
	test_vtom();
}
