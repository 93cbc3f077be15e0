/* SPDX-License-Identifier: MIT */
/* Counting and printing of a test guest's checks. */
#include "tests/guest/check.h"

#include "tests/guest/machine.h"

unsigned int checks_passed, checks_failed;

void check_equal(const char *what, uint64_t got, uint64_t want)
{
	if (got == want) {
		checks_passed++;
		return;
	}
	checks_failed++;
	print("FAILED %s: got 0x%llx, want 0x%llx\n", what,
	      (unsigned long long)got, (unsigned long long)want);
}

void check_true(const char *what, bool holds)
{
	check_equal(what, holds, true);
}

int check_report(const char *name)
{
	print("%s: %u passed, %u failed\n", name, checks_passed, checks_failed);
	return checks_failed || !checks_passed;
}
