/* SPDX-License-Identifier: MIT */
/* Which QEMU is it, and can KVM nest AMD-V? Answers come from made files. */
/* test-sources: tools/coir-vm/probe.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/tools/heard.h"
#include "tools/coir-vm/probe.h"

#define HELP_7_2                                               \
	"QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg)\n"   \
	"usage: qemu-system-x86_64 [options] [disk_image]\n\n" \
	"-seed number       seed the generator\n"              \
	"-no-reboot      exit instead of rebooting\n"          \
	"-icount [shift=N|auto]\n"

static void reads_version_and_options(void **state)
{
	struct qemu_facts f;

	(void)state;
	assert_int_equal(qemu_facts_parse(HELP_7_2, &f), OK);
	assert_int_equal(f.major, 7);
	assert_int_equal(f.minor, 2);
	assert_true(f.has_seed && f.has_icount && f.has_no_reboot);
	assert_int_equal(qemu_facts_parse("QEMU emulator version 11.1.3\n"
					  "-seeds x\n see -icount \n",
					  &f),
			 OK);
	assert_int_equal(f.major, 11);
	assert_false(f.has_seed || f.has_icount || f.has_no_reboot);
	assert_int_equal(qemu_facts_parse("", &f), ERR_FORMAT);
	assert_int_equal(qemu_facts_parse("hello\n", &f), ERR_FORMAT);
	assert_int_equal(qemu_facts_parse("QEMU emulator version x\n", &f),
			 ERR_FORMAT);
}

static void file_make(char *name, const char *text, mode_t mode)
{
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void asks_the_program(void **state)
{
	char name[] = "/tmp/probe.XXXXXX";
	struct qemu_facts f;

	(void)state;
	file_make(name,
		  "#!/bin/sh\n[ \"$1\" = -help ] && "
		  "echo 'QEMU emulator version 10.0.13 (x)'\n",
		  0700);
	assert_int_equal(qemu_probe(name, &f), OK);
	assert_int_equal(f.major, 10);
	unlink(name);
	assert_int_equal(qemu_probe(name, &f), ERR_HOST);
	assert_true(heard_take("cannot be run"));
	assert_int_equal(qemu_probe("/bin/true", &f), ERR_FORMAT);
	assert_true(heard_take("does not answer like QEMU"));
}

static void refuses_an_old_one(void **state)
{
	char name[] = "/tmp/probe.XXXXXX";
	struct qemu_facts f;

	(void)state;
	file_make(name, "#!/bin/sh\necho 'QEMU emulator version 7.1.0'\n",
		  0700);
	assert_int_equal(qemu_probe(name, &f), ERR_UNSUPPORTED);
	assert_true(heard_take("7.1 is too old"));
	unlink(name);
}

static void tells_why_kvm_will_not_do(void **state)
{
	char name[] = "/tmp/probe.XXXXXX";
	char off[] = "/tmp/probe.XXXXXX";

	(void)state;
	file_make(name, "1\n", 0600);
	file_make(off, "0\n", 0600);
	assert_null(kvm_missing("/dev/null", name));
	assert_non_null(strstr(kvm_missing("/nonexistent", name), "no KVM"));
	assert_non_null(strstr(kvm_missing("/dev/null", "/nonexistent"),
			       "kvm_amd is not loaded"));
	assert_non_null(strstr(kvm_missing("/dev/null", off), "nested=1"));
	assert_non_null(
		strstr(kvm_missing("/dev/null", "/dev/null"), "nested=1"));
	assert_null(kvm_missing("/dev/null", NULL));
	assert_non_null(strstr(kvm_missing("/nonexistent", NULL), "no KVM"));
	unlink(name);
	unlink(off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_version_and_options),
		cmocka_unit_test(asks_the_program),
		cmocka_unit_test(refuses_an_old_one),
		cmocka_unit_test(tells_why_kvm_will_not_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
