/* SPDX-License-Identifier: MIT */
/*
 * abi/ against Linux's public headers: offsets and constants that both carry
 * must be the same. Kernel-internal ones: tests/abi/kernel.sh.
 */
/* test-sources: tests/abi/linux_side.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/elf.h"
#include "abi/linux/boot.h"
#include "abi/snp/ghcb.h"
#include "abi/x86/cr.h"
#include "abi/x86/event.h"
#include "abi/x86/svm.h"
#include "model/psp.h"
#include "tests/abi/linux_side.h"

#define FACT OURS

static const struct fact facts[] = {
#include "tests/abi/uapi.inc"
};

static void same_as_linux(void **state)
{
	unsigned bad = 0;

	(void)state;
	assert_int_equal(sizeof(facts) / sizeof(facts[0]), linux_fact_count);
	for (unsigned i = 0; i < linux_fact_count; i++) {
		if (facts[i].value == linux_facts[i].value)
			continue;
		print_error("uapi.inc:%d: %#llx here, %#llx in Linux\n",
			    facts[i].line, (unsigned long long)facts[i].value,
			    (unsigned long long)linux_facts[i].value);
		bad++;
	}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_linux) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
