/* SPDX-License-Identifier: MIT */
/* Every call of the CORE protocol, right and wrong, from VMPL2. */
#include "tests/guest/core/core.h"

struct page_list list __attribute__((aligned(4096)));

uint32_t pvalidate_raw(uint64_t entry)
{
	list.entry[0] = entry;
	return pvalidate_list(0, &list, 1);
}

int guest_main(void)
{
	const char *given = machine_option("cpus=");
	unsigned int cpus = given ? (unsigned int)(*given - '0') : 1;

	if (cpus < 1 || cpus > VCPU_MAX)
		cpus = 1;
	print("core: %u vCPUs, guest at VMPL%u\n", cpus,
	      secrets->svsm_guest_vmpl);
	test_dispatch();
	test_pvalidate();
	test_pvalidate_large();
	test_remap();
	test_memory();
	test_vcpu();
	if (cpus > 1) {
		test_vcpu_running(cpus);
		test_races(cpus);
	}
	check_equal("calls that came back unserved", svsm_unserved, 0);
	return check_report("core");
}
