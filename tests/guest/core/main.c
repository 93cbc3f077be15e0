/* SPDX-License-Identifier: MIT */
/* Every call of the CORE protocol, right and wrong, from VMPL2. */
#include "tests/guest/core/core.h"

#include "tests/inject/extra.h"

struct page_list list __attribute__((aligned(4096)));

uint32_t pvalidate_raw(uint64_t entry)
{
	list.entry[0] = entry;
	return pvalidate_list(0, &list, 1);
}

/* The test kernel tells how deep its stack has been by now. */
static void stack_print(void)
{
	struct svsm_regs regs = { .rax = (uint64_t)EXTRA_PROTOCOL << 32 |
					 EXTRA_STACK };

	check_equal("left unserved", svsm_exit(0, 1, &regs), 0);
	check_equal("stack used", (uint32_t)regs.rax, SVSM_SUCCESS);
	print("core: the stack was %lu bytes deep\n", regs.rcx);
}

int guest_main(void)
{
	const char *given = machine_option("cpus=");
	unsigned int cpus = given ? (unsigned int)(*given - '0') : 1;

	if (cpus < 1 || cpus > VCPU_MAX)
		cpus = 1;
	print("core: %u vCPUs, guest at VMPL%u\n", cpus,
	      secrets->svsm_guest_vmpl);
	if (machine_option("need=")) {
		test_need((unsigned int)(*machine_option("need=") - '0'), 12);
		return check_report("core");
	}
	test_dispatch();
	test_map();
	if (machine_option("quick"))
		return check_report("core");
	test_pvalidate();
	test_pvalidate_large();
	test_remap();
	test_memory();
	test_vcpu();
	churn_prepare();
	churn_run(0);
	churn_check();
	if (cpus > 1) {
		test_vcpu_running(cpus);
		test_races(cpus);
	}
	check_equal("calls that came back unserved", svsm_unserved, 0);
	if (machine_option("stack"))
		stack_print();
	return check_report("core");
}
