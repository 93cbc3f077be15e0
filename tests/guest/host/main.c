/* SPDX-License-Identifier: MIT */
/*
 * Everything a guest can ask the host for, right and wrong: the emulator must
 * answer as the GHCB specification says, and survive. Needs 512 MiB.
 */
#include "tests/guest/host/host.h"

#include "lib/str.h"

/* vCPUs stand on the command line: cpus=2. */
static bool two_vcpus(void)
{
	const char *c = (const char *)(uint64_t)boot_params->hdr.cmd_line_ptr;

	return c && strncmp(c, "cpus=2", 6) == 0;
}

int guest_main(void)
{
	host_init();
	test_msr();
	test_form();
	test_events();
	test_io();
	test_mmio();
	test_pages();
	test_vcpus();
	/* VMSAs at VMPL0 can be made by VMPL0 alone. */
	if (!secrets->svsm_size && two_vcpus())
		test_hv();
	return check_report("host");
}
