/* SPDX-License-Identifier: MIT */
/* The emulator's command line: sizes, lists, and no word lost. */
/* test-sources: emu/options.c emu/maplie.c emu/memmap.c lib/str.c */
/* test-sources: emu/acpilie.c lib/acpi.c lib/fmt.c */
#include "emu/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void test_all(void **state)
{
	struct options o;
	const char *bad;

	(void)state;
	assert_int_equal(
		options_parse("my emu.bin mem=2G cpus=4 seed=0x1F "
			      "cpu=xsave,x2apic,pcid trace cmdline=a b=c",
			      &o, &bad),
		OK);
	assert_int_equal(o.memory, 0x80000000);
	assert_int_equal(o.cpus, 4);
	assert_int_equal(o.seed, 31);
	assert_int_equal(o.xsave, XSAVE_SHOW);
	assert_true(o.x2apic && o.pcid && o.trace);
	assert_string_equal(o.cmdline, "a b=c");
	assert_int_equal(options_parse("", &o, &bad), OK);
	assert_int_equal(o.memory, 0);
	assert_int_equal(o.xsave, XSAVE_AUTO);
	assert_int_equal(options_parse("x mem=536870912 ", &o, &bad), OK);
	assert_int_equal(o.memory, 0x20000000);
	assert_int_equal(options_parse("x map=hole@0x8000000 trace", &o, &bad),
			 OK);
	assert_int_equal(o.map.kind, MAPLIE_HOLE);
	assert_int_equal(o.map.at, 0x8000000);
	assert_true(o.trace);
	assert_int_equal(options_parse("x map=empty", &o, &bad), OK);
	assert_int_equal(o.map.kind, MAPLIE_EMPTY);
	assert_string_equal(o.attack, "");
	assert_int_equal(options_parse("x attack=frame-swap seed=7", &o, &bad),
			 OK);
	assert_string_equal(o.attack, "frame-swap");
	assert_int_equal(o.seed, 7);
	assert_false(o.tlb_lazy || o.count_flushes);
	assert_int_equal(options_parse("x tlb=lazy count=flushes", &o, &bad),
			 OK);
	assert_true(o.tlb_lazy && o.count_flushes);
	assert_int_equal(options_parse("x mem=512M cpu=noxsave", &o, &bad), OK);
	assert_int_equal(o.memory, 0x20000000);
	assert_int_equal(o.xsave, XSAVE_HIDE);
}

static void test_bad(void **state)
{
	static const char *const lines[] = {
		"x mem=2G what",
		"x mem=",
		"x mem=2Q",
		"x mem=1",
		"x cpus=0",
		"x cpus=4294967296",
		"x cpu=",
		"x cpu=xsave,what",
		"x mem=1G tracer",
		"x mem=1G map=",
		"x mem=1G acpi=",
		"x mem=1G attack=",
		"x mem=1G attack=a-name-that-is-longer-than-any-is",
		"x mem=1G tlb=",
		"x mem=1G tlb=lazyx",
		"x mem=1G count=flush",
		"x mem=1G fwcfg=",
		"x mem=1G fwcfg=all",
		"x mem=1G fwcfg=e820x",
		"x mem=1G acpi=madt",
		"x mem=1G acpi=madt-sumx",
		"x mem=1G map=lie",
		"x mem=1G map=hole",
		"x mem=1G map=hole@",
		"x mem=1G map=hole@0x1001",
		"x mem=1G map=hole@0x10000000000000",
		"x mem=1G map=empty@0x1000",
		"x mem=0x4000000000000000000",
		"x mem=99999999999999999999",
		"x mem=99999999999G",
	};
	struct options o;
	const char *bad = NULL;

	(void)state;
	for (unsigned int i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(options_parse(lines[i], &o, &bad), ERR_FORMAT);
	assert_int_equal(options_parse("x mem=2G what ever", &o, &bad),
			 ERR_FORMAT);
	assert_string_equal(bad, "what ever");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
