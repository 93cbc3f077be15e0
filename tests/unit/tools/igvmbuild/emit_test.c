/* SPDX-License-Identifier: MIT */
/* The file made of a plan: order, contents, sameness, both versions. */
/* test-sources: tools/igvmbuild/emit.c tools/igvmbuild/plan.c */
/* test-sources: tools/igvmbuild/vmsa.c tools/igvmbuild/cpuid.c */
/* test-sources: tools/common/image.c tools/common/file.c lib/igvm_write.c */
/* test-sources: lib/igvm_read.c lib/igvm_body.c lib/igvm_overlap.c */
/* test-sources: lib/crc32.c lib/str.c model/vmsa.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/snp/vmsa.h"
#include "lib/igvm_read.h"
#include "tests/unit/tools/heard.h"
#include "tests/unit/tools/igvmbuild/sample.h"
#include "tools/igvmbuild/emit.h"

static const struct emit_options v1 = { IGVM_FORMAT_VERSION_1, 0x30000, 1 };

static struct file_bytes build(const struct plan_input *in,
			       const struct emit_options *how)
{
	static struct plan plan;
	struct file_bytes file;

	assert_int_equal(plan_make(in, &plan), OK);
	assert_int_equal(emit_igvm(&plan, how, &file), OK);
	return file;
}

static void open_file(const struct file_bytes *file, struct igvm_file *igvm)
{
	struct igvm_fault fault;

	assert_int_equal(igvm_open(igvm, file->bytes, file->size, &fault), OK);
}

/* Loaders that batch pages measure in file order only if this holds. */
static void inserts_first_pages_rising_vmsa_last(void **state)
{
	struct plan_input in = sample_linux();
	struct file_bytes file = build(&in, &v1);
	struct igvm_file igvm;
	struct igvm_iter it;
	struct igvm_item item;
	uint64_t last = 0, falls = 0;
	bool pages = false;

	(void)state;
	open_file(&file, &igvm);
	it = igvm_first(&igvm);
	while (igvm_next(&it, &item)) {
		if (item.type == IGVM_VHT_PARAMETER_INSERT)
			assert_false(pages);
		if (item.type != IGVM_VHT_PAGE_DATA)
			continue;
		pages = true;
		falls += item.page.gpa <= last;
		last = item.page.gpa;
	}
	/* Down once: from the SVSM to its guest. */
	assert_int_equal(falls, 1);
	assert_int_equal(item.type, IGVM_VHT_VP_CONTEXT);
	assert_int_equal(item.vp_context.gpa, VMSA_BOOT_GPA);
	file_free(&file);
}

static void boot_state_is_32_bit_without_paging(void **state)
{
	struct plan_input in = sample_input();
	struct file_bytes file = build(&in, &v1);
	struct igvm_file igvm;
	struct igvm_iter it;
	struct igvm_item item;
	struct vmsa v;

	(void)state;
	open_file(&file, &igvm);
	it = igvm_first(&igvm);
	while (igvm_next(&it, &item))
		if (item.type == IGVM_VHT_VP_CONTEXT)
			memcpy(&v, item.data, sizeof(v));
	assert_int_equal(v.cr0, 0x31);
	assert_int_equal(v.cr4, 0x40);
	assert_int_equal(v.efer, 0x1000);
	assert_int_equal(v.cs.attr, 0xc9b);
	assert_int_equal(v.ss.limit, 0xffffffff);
	assert_int_equal(v.rip, SAMPLE_BASE + 0x10);
	assert_int_equal(v.rsi, SAMPLE_BASE + 0x5000);
	assert_int_equal(v.sev_features, 1);
	assert_int_equal(v.vmpl, 0);
	file_free(&file);
}

static const struct igvm_item *page_at(const struct igvm_file *igvm,
				       uint64_t gpa)
{
	static struct igvm_item item;
	struct igvm_iter it = igvm_first(igvm);

	while (igvm_next(&it, &item))
		if (item.type == IGVM_VHT_PAGE_DATA && item.page.gpa == gpa)
			return &item;
	fail_msg("no page at %#llx", (unsigned long long)gpa);
	return NULL;
}

static void pages_hold_the_bytes(void **state)
{
	struct plan_input in = sample_linux();
	struct file_bytes file = build(&in, &v1);
	const struct igvm_item *page;
	const struct params *params;
	struct igvm_file igvm;

	(void)state;
	open_file(&file, &igvm);
	page = page_at(&igvm, SAMPLE_BASE + 0x5000);
	params = (const void *)page->data;
	assert_int_equal(params->magic, PARAMS_MAGIC);
	page = page_at(&igvm, 0x1002000);
	assert_int_equal(page->data[0x344], 0x44);
	assert_int_equal(page->data[0x345], 0); /* padding after the kernel */
	assert_null(page_at(&igvm, PLAN_LAUNCH_AREA)->data);
	page = page_at(&igvm, SAMPLE_BASE + 0xa000);
	assert_int_equal(page->page.data_type, IGVM_PAGE_TYPE_CPUID_DATA);
	page = page_at(&igvm, SAMPLE_BASE + 0xb000);
	assert_int_equal(page->page.data_type, IGVM_PAGE_TYPE_SECRETS);
	assert_int_equal(igvm.area_count, 3);
	file_free(&file);
}

static void same_input_same_bytes(void **state)
{
	struct plan_input in = sample_linux();
	struct file_bytes a = build(&in, &v1), b = build(&in, &v1);

	(void)state;
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.bytes, b.bytes, a.size);
	file_free(&a);
	file_free(&b);
}

static void writes_version_2(void **state)
{
	const struct emit_options v2 = { IGVM_FORMAT_VERSION_2, 0x30000, 1 };
	struct plan_input in = sample_input();
	struct file_bytes file = build(&in, &v2);
	struct igvm_file igvm;

	(void)state;
	open_file(&file, &igvm);
	assert_int_equal(igvm.format_version, 2);
	assert_int_equal(igvm.platforms[0].platform_type,
			 IGVM_PLATFORM_SEV_SNP);
	assert_int_equal(igvm.platforms[0].highest_vtl, 2);
	assert_int_equal(igvm.platforms[0].shared_gpa_boundary, 0);
	file_free(&file);
}

static void a_guest_at_vmpl0_is_the_only_level(void **state)
{
	struct plan_input in = sample_linux();
	struct igvm_file igvm;
	struct file_bytes file;

	(void)state;
	in.vmpl = 0;
	file = build(&in, &v1);
	open_file(&file, &igvm);
	assert_int_equal(igvm.platforms[0].highest_vtl, 0);
	file_free(&file);
}

/* No SVSM: what the firmware wants comes from the launch itself. */
static void firmware_alone_starts_at_the_reset_vector(void **state)
{
	struct plan_input in = sample_firmware(false);
	struct file_bytes file = build(&in, &v1);
	struct igvm_file igvm;
	struct igvm_iter it;
	struct igvm_item item;
	struct vmsa v;

	(void)state;
	open_file(&file, &igvm);
	assert_int_equal(igvm.platforms[0].highest_vtl, 0);
	assert_int_equal(igvm.area_count, 0);
	it = igvm_first(&igvm);
	while (igvm_next(&it, &item))
		if (item.type == IGVM_VHT_VP_CONTEXT)
			memcpy(&v, item.data, sizeof(v));
	assert_int_equal(v.cs.base + v.rip, 0xfffffff0);
	assert_int_equal(v.cr0, 0x10);
	assert_int_equal(v.efer, 0x1000);
	assert_int_equal(v.sev_features, 1);
	assert_int_equal(page_at(&igvm, 0x80d000)->page.data_type,
			 IGVM_PAGE_TYPE_SECRETS);
	assert_int_equal(page_at(&igvm, 0x80e000)->page.data_type,
			 IGVM_PAGE_TYPE_CPUID_DATA);
	assert_null(page_at(&igvm, 0x80f000)->data);
	assert_int_equal(page_at(&igvm, 0xffffe000)->page.flags,
			 IGVM_PAGE_SHARED);
	assert_int_equal(page_at(&igvm, 0xfffff000)->page.flags, 0);
	assert_int_equal(page_at(&igvm, 0xfffff000)->data[0xff0], 0x90);
	file_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inserts_first_pages_rising_vmsa_last),
		cmocka_unit_test(boot_state_is_32_bit_without_paging),
		cmocka_unit_test(pages_hold_the_bytes),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(writes_version_2),
		cmocka_unit_test(a_guest_at_vmpl0_is_the_only_level),
		cmocka_unit_test(firmware_alone_starts_at_the_reset_vector),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
