/* SPDX-License-Identifier: MIT */
/* Every call of the CORE protocol, right and wrong, from VMPL2. */
#include "tests/guest/core/core.h"

struct page_list list __attribute__((aligned(4096)));

uint32_t pvalidate_raw(uint64_t entry)
{
	list.entry[0] = entry;
	return pvalidate_list(0, &list, 1);
}

/* The number of vCPUs stands on the command line: cpus=N. */
static unsigned int cpus_given(void)
{
	const char *c = (const char *)(uint64_t)boot_params->hdr.cmd_line_ptr;
	unsigned int i;

	for (i = 0; i + 5 < 256 && c[i]; i++)
		if (c[i] == 'c' && c[i + 1] == 'p' && c[i + 2] == 'u' &&
		    c[i + 3] == 's' && c[i + 4] == '=')
			return (unsigned int)(c[i + 5] - '0');
	return 1;
}

int guest_main(void)
{
	unsigned int cpus = cpus_given();

	if (cpus < 1 || cpus > VCPU_MAX)
		cpus = 1;
	print("core: %u vCPUs, guest at VMPL%u\n", cpus,
	      secrets->svsm_guest_vmpl);
	test_dispatch();
	test_pvalidate();
	test_pvalidate_large();
	test_remap();
	test_vcpu();
	if (cpus > 1) {
		test_vcpu_running(cpus);
		test_races(cpus);
	}
	return check_report("core");
}
