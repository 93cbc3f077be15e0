/* SPDX-License-Identifier: MIT */
/* REMAP_CA: refused, onto itself, there and back. */
#include "tests/guest/core/core.h"

static uint8_t area[2][4096] __attribute__((aligned(4096)));

static uint32_t remap(uint64_t gpa)
{
	return svsm_call1(SVSM_CORE_REMAP_CA, gpa);
}

static void test_remap_refused(void)
{
	check_equal("misaligned", remap((uint64_t)area + 8),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("in the SVSM", remap(secrets->svsm_base),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("outside memory", remap(NO_RAM),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("not validated", remap(SCRATCH),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
}

void test_remap(void)
{
	volatile struct svsm_ca *old = guest_vcpu[0].ca;
	volatile struct svsm_ca *new = (volatile struct svsm_ca *)area[0];

	test_remap_refused();
	check_equal("to itself", remap((uint64_t)old), SVSM_SUCCESS);
	new->call_pending = 1;
	new->mem_available = 0;
	check_equal("to a new area", remap((uint64_t) new), SVSM_SUCCESS);
	check_equal("old area: not pending", old->call_pending, 0);
	check_equal("new area: not pending", new->call_pending, 0);
	guest_vcpu[0].ca = new;
	check_equal("a call through the new area",
		    svsm_call1(SVSM_CORE_QUERY_PROTOCOL, 1), SVSM_SUCCESS);
	check_equal("the new area cannot be rescinded",
		    pvalidate_raw(pvalidate_entry((uint64_t) new, false, false,
						  true)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("back", remap((uint64_t)old), SVSM_SUCCESS);
	guest_vcpu[0].ca = old;
	check_equal("a call through the old area",
		    svsm_call1(SVSM_CORE_QUERY_PROTOCOL, 1), SVSM_SUCCESS);
}
