/* SPDX-License-Identifier: MIT */
/*
 * Everything a guest can ask the host for, right and wrong: the emulator must
 * answer as the GHCB specification says, and survive. Needs 512 MiB.
 */
#include "tests/guest/host/host.h"

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
	return check_report("host");
}
