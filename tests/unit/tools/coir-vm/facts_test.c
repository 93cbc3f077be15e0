/* SPDX-License-Identifier: MIT */
/* What an image needs of its machine, and which images cannot run. */
/* test-sources: tools/coir-vm/facts.c lib/igvm_write.c lib/igvm_read.c */
/* test-sources: lib/igvm_body.c lib/crc32.c lib/str.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/igvm_write.h"
#include "tests/unit/tools/heard.h"
#include "tools/coir-vm/facts.h"

static uint8_t headers[1024], data[0x4000], bytes[0x8000], page[4096];

static void begin(struct igvm_writer *w, uint8_t platform)
{
	igvm_write_init(w, IGVM_FORMAT_VERSION_2, headers, sizeof(headers),
			data, sizeof(data));
	igvm_write_platform(w, 1, platform, 0, 0);
}

static enum err facts(struct igvm_writer *w, struct image_facts *out)
{
	struct igvm_fault fault;
	struct igvm_file igvm;
	uint64_t size;

	assert_int_equal(igvm_write_finish(w, bytes, sizeof(bytes), &size), OK);
	assert_int_equal(igvm_open(&igvm, bytes, size, &fault), OK);
	return facts_of("a.igvm", &igvm, out);
}

static void finds_the_end_of_low_memory(void **state)
{
	struct image_facts f;
	struct igvm_writer w;
	uint32_t ref;

	(void)state;
	begin(&w, IGVM_PLATFORM_SEV_SNP);
	ref = igvm_write_data(&w, page, sizeof(page), sizeof(page));
	igvm_write_page(&w, 1, 0x8000000, IGVM_PAGE_TYPE_NORMAL, 0, ref);
	igvm_write_page(&w, 1, 0x1000, IGVM_PAGE_TYPE_NORMAL, 0, ref);
	/* Firmware at the top of 4 GiB is not in RAM. */
	igvm_write_page(&w, 1, 0xffc00000, IGVM_PAGE_TYPE_NORMAL, 0, ref);
	igvm_write_vp_context(&w, 1, 0xfffffffff000, 0, ref);
	assert_int_equal(facts(&w, &f), OK);
	assert_int_equal(f.low_end, 0x8001000);
	assert_true(f.size > 4096);
}

static void refuses_other_platforms(void **state)
{
	struct image_facts f;
	struct igvm_writer w;
	uint32_t ref;

	(void)state;
	begin(&w, IGVM_PLATFORM_NATIVE);
	ref = igvm_write_data(&w, page, sizeof(page), sizeof(page));
	igvm_write_page(&w, 1, 0x1000, IGVM_PAGE_TYPE_NORMAL, 0, ref);
	assert_int_equal(facts(&w, &f), ERR_FORMAT);
	assert_true(heard_take("not made for SEV-SNP"));
}

static void refuses_what_has_no_processor(void **state)
{
	struct image_facts f;
	struct igvm_writer w;
	uint32_t ref;

	(void)state;
	begin(&w, IGVM_PLATFORM_SEV_SNP);
	ref = igvm_write_data(&w, page, sizeof(page), sizeof(page));
	igvm_write_page(&w, 1, 0x1000, IGVM_PAGE_TYPE_NORMAL, 0, ref);
	assert_int_equal(facts(&w, &f), ERR_FORMAT);
	assert_true(heard_take("no processor state"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_end_of_low_memory),
		cmocka_unit_test(refuses_other_platforms),
		cmocka_unit_test(refuses_what_has_no_processor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
