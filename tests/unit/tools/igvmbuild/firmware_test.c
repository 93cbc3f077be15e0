/* SPDX-License-Identifier: MIT */
/* What igvmbuild takes from firmware's tables, and which firmware it refuses. */
/* test-sources: tools/igvmbuild/firmware.c lib/ovmf.c lib/str.c */
#include "tools/igvmbuild/firmware.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/lib/ovmf_sample.h"
#include "tests/unit/tools/heard.h"

#define FLASH (OVMF_END - SAMPLE_SIZE)

static struct sample sample;
static struct firmware fw;

static enum err parse(bool under_svsm)
{
	struct file_bytes file = { sample.bytes, SAMPLE_SIZE };

	return firmware_parse("f", &file, under_svsm, &fw);
}

static void refuses(const char *why)
{
	assert_int_equal(parse(true), ERR_FORMAT);
	assert_true(heard_take(why));
}

static void range_is(uint32_t i, uint64_t start, uint64_t size)
{
	assert_int_equal(fw.params.range[i].start, start);
	assert_int_equal(fw.params.range[i].size, size);
}

static void takes_what_is_new(void **state)
{
	const struct params_firmware *p = &fw.params;

	(void)state;
	sample_make(&sample, SAMPLE_2026_08);
	assert_int_equal(parse(true), OK);
	/* Its first page is the variables, which are the host's. */
	assert_int_equal(fw.variables_size, PAGE_4K);
	assert_int_equal(p->flash.start, FLASH + PAGE_4K);
	assert_int_equal(p->flash.size, PAGE_4K);
	assert_int_equal(p->secrets, 0x80d000);
	assert_int_equal(p->cpuid, 0x80e000);
	assert_int_equal(p->caa, 0x80f000);
	assert_int_equal(p->memory_map.start, 0x812000);
	assert_int_equal(p->memory_map.size, 0xc0);
	assert_int_equal(p->vp_count.start, 0x8120c0);
	assert_int_equal(p->vp_count.size, 0x10);
	assert_int_equal(p->tables.start, 0x8120d0);
	assert_int_equal(p->tables.size, 0xf30);
	/* The page between is left alone: firmware shares it at once. */
	assert_int_equal(p->range_count, 2);
	range_is(0, 0x800000, 0x9000);
	range_is(1, 0x80a000, 0x26000);
}

static void older_ones_alone(void **state)
{
	(void)state;
	sample_make(&sample, SAMPLE_2025_02);
	refuses("no place for a memory map");
	assert_int_equal(parse(false), OK);
	assert_int_equal(fw.params.memory_map.size, 0);
	sample_make(&sample, SAMPLE_2022_11);
	refuses("knows of no SVSM");
	assert_int_equal(parse(false), OK);
	assert_int_equal(fw.params.caa, 0);
	sample_begin(&sample);
	sample_end(&sample);
	refuses("not for SEV-SNP");
	memset(sample.bytes, 0, SAMPLE_SIZE);
	refuses("no table of GUIDs");
}

/* The newest, with its SEV records replaced. */
static void with(const struct ovmf_record *records, uint32_t count)
{
	sample_begin(&sample);
	sample_sev(&sample, records, count);
	(void)sample_block(&sample, sample_guid_igvm, OVMF_SIGNATURE_IGVM,
			   sample_igvm_2026, SAMPLE_COUNT(sample_igvm_2026),
			   12);
	sample_end(&sample);
}

#define PAGES                                             \
	{ 0x80d000, 0x1000, 2 }, { 0x80e000, 0x1000, 3 }, \
	{                                                 \
		0x80f000, 0x1000, 4                       \
	}

static void refuses_pages(void **state)
{
	struct ovmf_record r[] = { PAGES, PAGES };

	(void)state;
	with(r, 3);
	assert_int_equal(parse(true), OK);
	/* No TDX metadata: all of it is code. */
	assert_int_equal(fw.variables_size, 0);
	assert_int_equal(fw.params.flash.size, SAMPLE_SIZE);
	with(r + 1, 2);
	refuses("no secrets page");
	with(r + 2, 2);
	refuses("no CPUID page");
	with(r, 4);
	refuses("asked for twice");
	r[0].size = 0x2000;
	with(r, 3);
	refuses("is none");
	r[0] = (struct ovmf_record){ 0x80d800, 0x1000, 2 };
	with(r, 3);
	refuses("is none");
	r[0] = (struct ovmf_record){ 0, 0x1000, 2 };
	with(r, 3);
	refuses("is none");
	r[0] = (struct ovmf_record){ 0x80f000, 0x1000, 2 };
	with(r, 3);
	refuses("two things in one page");
	r[0] = (struct ovmf_record){ 0x812000, 0x1000, 2 };
	with(r, 3);
	refuses("two things in one page");
}

static void joins_ranges(void **state)
{
	/* In no order, with overlaps; the last one closes a gap. */
	const struct ovmf_record r[] = {
		PAGES,
		{ 0x900000, 0x2000, 1 },
		{ 0x100000, 0x1000, 1 },
		{ 0x901000, 0x3000, 1 },
		{ 0x700000, 0x1000, 99 },
		{ 0x810000, 0x2000, 1 },
	};

	(void)state;
	with(r, 8);
	assert_int_equal(parse(true), OK);
	assert_int_equal(fw.params.range_count, 3);
	range_is(0, 0x100000, 0x1000);
	range_is(1, 0x80d000, 0x7000);
	range_is(2, 0x900000, 0x4000);
}

static void refuses_ranges(void **state)
{
	struct ovmf_record r[3 + 17] = { PAGES };

	(void)state;
	r[3] = (struct ovmf_record){ 0x900800, 0x1000, 1 };
	with(r, 4);
	refuses("parts of pages");
	r[3] = (struct ovmf_record){ (uint32_t)FLASH - 0x1000, 0x2000, 1 };
	with(r, 4);
	refuses("where it lies");
	for (uint32_t i = 0; i < 17; i++)
		r[3 + i] = (struct ovmf_record){ 0x900000 + i * 0x2000, 0x1000,
						 1 };
	with(r, 3 + 14);
	assert_int_equal(parse(true), OK);
	with(r, 3 + 17);
	refuses("too many places");
}

static void refuses_variables(void **state)
{
	struct ovmf_tdx_record r = sample_tdx[1];

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		r = sample_tdx[1];
		if (i == 0)
			r.address += PAGE_4K;
		else if (i == 1)
			r.size = SAMPLE_SIZE;
		else
			r.size = 0x800;
		sample_begin(&sample);
		sample_sev(&sample, sample_sev_2026, 7);
		(void)sample_block(&sample, sample_guid_tdx, OVMF_SIGNATURE_TDX,
				   &r, 1, sizeof(r));
		sample_end(&sample);
		refuses("not at its start");
	}
	/* Code alone: its variables lie below, in another file. */
	r.address = FLASH - PAGE_4K;
	sample_begin(&sample);
	sample_sev(&sample, sample_sev_2026, 7);
	(void)sample_block(&sample, sample_guid_tdx, OVMF_SIGNATURE_TDX, &r, 1,
			   sizeof(r));
	sample_end(&sample);
	assert_int_equal(parse(false), OK);
	assert_int_equal(fw.variables_size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_new),
		cmocka_unit_test(older_ones_alone),
		cmocka_unit_test(refuses_pages),
		cmocka_unit_test(joins_ranges),
		cmocka_unit_test(refuses_ranges),
		cmocka_unit_test(refuses_variables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
