/* SPDX-License-Identifier: MIT */
/* What lies where: places, the parameter page, and what does not fit. */
/* test-sources: tools/igvmbuild/plan.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/acpi.h"
#include "tests/unit/tools/heard.h"
#include "tests/unit/tools/igvmbuild/sample.h"

static struct plan plan;

static const struct plan_part *part_at(uint64_t gpa)
{
	for (size_t i = 0; i < plan.count; i++)
		if (plan.parts[i].at.start.v == gpa)
			return &plan.parts[i];
	fail_msg("nothing at %#llx", (unsigned long long)gpa);
	return NULL;
}

static void refuses(const struct plan_input *in, const char *why)
{
	assert_int_not_equal(plan_make(in, &plan), OK);
	assert_true(heard_take(why));
}

static void lays_out_the_svsm(void **state)
{
	struct plan_input in = sample_input();
	const struct params *p = &plan.params;

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(part_at(SAMPLE_BASE)->at.size, 0x2000);
	assert_int_equal(part_at(SAMPLE_BASE + 0x2000)->kind, PLAN_REQUIRED);
	assert_int_equal(part_at(SAMPLE_BASE + 0x2000)->at.size, 0x3000);
	assert_int_equal(plan.params_at, SAMPLE_BASE + 0x5000);
	assert_int_equal(p->general.start, SAMPLE_BASE + 0x6000);
	assert_int_equal(p->memory_map.start, SAMPLE_BASE + 0x7000);
	assert_int_equal(p->memory_map.size, 0x2000);
	assert_int_equal(p->madt.start, SAMPLE_BASE + 0x9000);
	assert_int_equal(p->madt.size, 0x1000);
	assert_int_equal(p->cpuid_page, SAMPLE_BASE + 0xa000);
	assert_int_equal(p->secrets_page, SAMPLE_BASE + 0xb000);
	assert_int_equal(p->image_size, 0xc000);
	assert_int_equal(part_at(SAMPLE_BASE + 0xc000)->at.size, 1 << 20);
	assert_int_equal(plan.entry, SAMPLE_BASE + 0x10);
}

static void fills_the_parameter_page(void **state)
{
	struct plan_input in = sample_input();
	const struct params *p = &plan.params;

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(p->magic, PARAMS_MAGIC);
	assert_int_equal(p->version, PARAMS_VERSION);
	assert_int_equal(p->flags, PARAMS_CONSOLE);
	assert_int_equal(p->svsm_base, SAMPLE_BASE);
	assert_int_equal(p->required_size, 1 << 20);
	assert_int_equal(p->svsm_min_size, 2 << 20);
	assert_int_equal(p->svsm_max_size, 64 << 20);
	assert_int_equal(p->cpus_max, 4);
	assert_int_equal(p->guest_vmpl, 2);
	assert_int_equal(p->sev_features, 1);
	assert_ptr_equal(part_at(plan.params_at)->bytes, p);
}

static void places_a_test_guest(void **state)
{
	struct plan_input in = sample_input();
	const struct params *p = &plan.params;

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(p->guest.entry, PLAN_FLAT_BASE);
	assert_int_equal(p->guest.kernel.size, 0x3000);
	assert_int_equal(p->guest.setup.size, 0);
	assert_int_equal(p->guest.initrd.size, 0);
	assert_int_equal(p->guest.cmdline.size, 0);
	/* Its bss is measured zeroes, and all of it counts as valid. */
	assert_null(part_at(PLAN_FLAT_BASE + 0x1000)->bytes);
	assert_int_equal(p->range_count, 2);
	assert_int_equal(p->range[0].start, PLAN_LAUNCH_AREA);
	assert_int_equal(p->range[0].size, PARAMS_LAUNCH_PAGES * 4096);
	assert_int_equal(p->range[1].start, PLAN_FLAT_BASE);
	assert_int_equal(p->range[1].size, 0x3000);
}

static void places_linux(void **state)
{
	struct plan_input in = sample_linux();
	const struct params *p = &plan.params;

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(p->guest.entry, 0x1000200);
	assert_int_equal(p->guest.kernel.start, 0x1000000);
	assert_int_equal(p->guest.kernel.size, 0x2345);
	assert_int_equal(p->guest.kernel_init_size, 0x3000000);
	assert_int_equal(p->guest.setup.start, PLAN_SETUP);
	assert_int_equal(p->guest.cmdline.start, PLAN_CMDLINE);
	assert_int_equal(p->guest.cmdline.size, sizeof("quiet"));
	assert_int_equal(p->guest.initrd.start, 0x4000000);
	assert_int_equal(p->guest.initrd.size, 0x1800);
	/* Launch area, setup page and command line are neighbours. */
	assert_int_equal(p->range_count, 4);
	assert_int_equal(p->range[0].size, (PARAMS_LAUNCH_PAGES + 2) * 4096);
	/* Then the place for ACPI tables, which are measured as zeroes. */
	assert_int_equal(p->range[1].start, PLAN_ACPI);
	assert_int_equal(p->range[1].size, p->guest.acpi.size);
	assert_null(part_at(PLAN_ACPI)->bytes);
	assert_int_equal(p->range[2].size, 0x3000);
	assert_int_equal(p->range[3].size, 0x2000);
}

/* SRAT and SLIT only where nodes are wanted; all areas fit 1024 CPUs. */
static void nodes_ask_for_tables(void **state)
{
	struct plan_input in = sample_linux();
	const struct params *p = &plan.params;

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(p->srat.size, 0);
	assert_int_equal(p->slit.size, 0);
	in.nodes_max = 64;
	in.cpus_max = PLAN_CPUS_LIMIT;
	in.memory_max = 1ull << 30;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(p->nodes_max, 64);
	assert_int_equal(p->memory_max, 1ull << 30);
	assert_true(p->madt.size >= 44 + 1024 * 16);
	assert_true(p->srat.size >= 48 + 1024 * 24 + 64 * 40);
	assert_true(p->slit.size >= 44 + 64 * 64);
	assert_true(p->guest.acpi.size >=
		    p->madt.size + p->srat.size + p->slit.size - 3 * PAGE_4K);
	assert_int_equal(part_at(p->srat.start)->area, PLAN_AREA_SRAT);
	assert_int_equal(part_at(p->slit.start)->area, PLAN_AREA_SLIT);
}

static void moves_a_large_initrd_up(void **state)
{
	struct plan_input in = sample_linux();

	(void)state;
	in.initrd_size = SAMPLE_BASE - 0x4000000;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(plan.params.guest.initrd.start, 0x4000000);
	in.initrd_size++;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(plan.params.guest.initrd.start,
			 SAMPLE_BASE + (64 << 20));
	in.initrd_size = 0x7fffffff - (SAMPLE_BASE + (64 << 20)) + 2;
	refuses(&in, "initrd");
}

static void grows_the_madt_area(void **state)
{
	struct plan_input in = sample_input();

	(void)state;
	in.cpus_max = PLAN_CPUS_LIMIT;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_true(plan.params.madt.size >=
		    sizeof(struct acpi_madt) +
			    PLAN_CPUS_LIMIT * sizeof(struct madt_x2apic));
	in.cpu_records = PLAN_RECORDS_LIMIT;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_true(plan.params.madt.size >=
		    sizeof(struct acpi_madt) +
			    PLAN_RECORDS_LIMIT * sizeof(struct madt_x2apic));
	assert_int_equal(plan.params.cpus_max, PLAN_CPUS_LIMIT);
}

static void refuses_what_meets_the_svsm(void **state)
{
	struct plan_input in = sample_linux();

	(void)state;
	sample_kernel.init_size = SAMPLE_BASE - sample_kernel.load + 1;
	refuses(&in, "overlaps the SVSM");
	sample_kernel.init_size = 0x3000000;
	in = sample_input();
	sample_guest.base = SAMPLE_BASE + (63 << 20);
	refuses(&in, "overlaps the SVSM");
	sample_guest.base = PLAN_LAUNCH_AREA + 0x4000;
	refuses(&in, "overlaps");
	sample_guest.base = PLAN_FLAT_BASE;
}

static void refuses_a_kernel_over_low_pages(void **state)
{
	struct plan_input in = sample_linux();

	(void)state;
	sample_kernel.load = 0xf000;
	refuses(&in, "overlaps");
	/* Below them all, but what it clears while starting is not. */
	sample_kernel.load = 0x1000;
	refuses(&in, "overlaps the guest kernel's memory");
	sample_kernel.load = 0x1000000;
}

static void refuses_too_much(void **state)
{
	static char line[PLAN_CMDLINE_MAX + 1];
	struct plan_input in = sample_linux();

	(void)state;
	memset(line, 'x', 2048);
	in.cmdline = line;
	refuses(&in, "command line");
	in = sample_input();
	memset(line, 'x', sizeof(line) - 1);
	in.cmdline = line;
	refuses(&in, "command line");
	in = sample_input();
	in.required = in.svsm_max;
	refuses(&in, "carve-out");
	in = sample_input();
	sample_svsm.base = 0xfff00000;
	refuses(&in, "4 GiB");
	sample_svsm.base = SAMPLE_BASE;
}

static void places_firmware(void **state)
{
	struct plan_input in = sample_firmware(true);
	const struct params *p = &plan.params;

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_false(plan.alone);
	assert_int_equal(part_at(0xffffe000)->kind, PLAN_SHARED);
	assert_int_equal(part_at(0xfffff000)->kind, PLAN_PAGES);
	/* Variables are the host's; memory is the SVSM's to accept. */
	assert_int_equal(p->range_count, 1);
	assert_int_equal(p->range[0].start, 0xfffff000);
	assert_int_equal(p->firmware.caa, 0x80f000);
	assert_int_equal(p->firmware.flash.size, 0x1000);
	assert_int_equal(p->guest.launch_area, 0);
	for (size_t i = 0; i < plan.count; i++)
		assert_true(plan.parts[i].at.start.v >= SAMPLE_BASE);
}

static void places_firmware_alone(void **state)
{
	struct plan_input in = sample_firmware(false);

	(void)state;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_true(plan.alone);
	assert_int_equal(plan.count, 7);
	assert_int_equal(part_at(0x800000)->at.size, 0x9000);
	assert_int_equal(part_at(0x80a000)->at.size, 0x3000);
	assert_int_equal(part_at(0x80d000)->kind, PLAN_SECRETS);
	assert_int_equal(part_at(0x80e000)->kind, PLAN_CPUID);
	assert_int_equal(part_at(0x80f000)->kind, PLAN_PAGES);
	assert_int_equal(part_at(0x80f000)->at.size, 0x21000);
	/* The two the other way round. */
	sample_fw.params.secrets = 0x80e000;
	sample_fw.params.cpuid = 0x80d000;
	assert_int_equal(plan_make(&in, &plan), OK);
	assert_int_equal(part_at(0x80d000)->kind, PLAN_CPUID);
	assert_int_equal(plan.count, 7);
}

static void refuses_firmware_over_the_svsm(void **state)
{
	struct plan_input in = sample_firmware(true);

	(void)state;
	sample_fw.params.range[1] =
		(struct params_range){ SAMPLE_BASE + (63 << 20), 0x1000 };
	refuses(&in, "overlaps the SVSM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lays_out_the_svsm),
		cmocka_unit_test(fills_the_parameter_page),
		cmocka_unit_test(places_a_test_guest),
		cmocka_unit_test(places_linux),
		cmocka_unit_test(nodes_ask_for_tables),
		cmocka_unit_test(moves_a_large_initrd_up),
		cmocka_unit_test(grows_the_madt_area),
		cmocka_unit_test(refuses_what_meets_the_svsm),
		cmocka_unit_test(refuses_a_kernel_over_low_pages),
		cmocka_unit_test(refuses_too_much),
		cmocka_unit_test(places_firmware),
		cmocka_unit_test(places_firmware_alone),
		cmocka_unit_test(refuses_firmware_over_the_svsm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
