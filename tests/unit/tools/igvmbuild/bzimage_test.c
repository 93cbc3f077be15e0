/* SPDX-License-Identifier: MIT */
/* The bzImage header: what is taken from it and what is refused. */
/* test-sources: tools/igvmbuild/bzimage.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/linux/boot.h"
#include "lib/addr.h"
#include "tests/unit/tools/heard.h"
#include "tools/igvmbuild/bzimage.h"

#define SETUP_BYTES (5 * 512u)
#define CODE_BYTES  0x1000u

static uint8_t bytes[SETUP_BYTES + CODE_BYTES];

static struct linux_setup_header good(void)
{
	return (struct linux_setup_header){
		.setup_sects = 4,
		.syssize = CODE_BYTES / 16,
		.header = LINUX_MAGIC,
		.version = 0x20f,
		.xloadflags = LINUX_XLF_64,
		.cmdline_size = 2047,
		.initrd_addr_max = 0x7fffffff,
		.pref_address = 0x1000000,
		.init_size = 0x200800,
	};
}

static enum err parse(const struct linux_setup_header *h, size_t size,
		      struct bzimage *out)
{
	const struct file_bytes file = { bytes, size };

	memcpy(bytes + LINUX_SETUP_HEADER, h, sizeof(*h));
	return bzimage_parse("vmlinuz", &file, out);
}

static void refuses(const struct linux_setup_header *h, size_t size,
		    const char *why)
{
	struct bzimage k;

	assert_int_equal(parse(h, size, &k), ERR_FORMAT);
	assert_true(heard_take(why));
}

static void takes_the_header(void **state)
{
	struct linux_setup_header h = good();
	struct bzimage k;

	(void)state;
	assert_int_equal(parse(&h, sizeof(bytes), &k), OK);
	assert_ptr_equal(k.setup, bytes);
	assert_ptr_equal(k.code, bytes + SETUP_BYTES);
	assert_int_equal(k.code_size, CODE_BYTES);
	assert_int_equal(k.load, 0x1000000);
	assert_int_equal(k.entry, 0x1000200);
	assert_int_equal(k.init_size, 0x201000);
	assert_int_equal(k.cmdline_max, 2047);
	assert_int_equal(k.initrd_max, 0x7fffffff);
	h.setup_sects = 0; /* means 4 */
	assert_int_equal(parse(&h, sizeof(bytes), &k), OK);
	assert_ptr_equal(k.code, bytes + SETUP_BYTES);
}

static void refuses_other_files(void **state)
{
	struct linux_setup_header h = good();

	(void)state;
	refuses(&h, 4095, "too short");
	h.header = 0;
	refuses(&h, sizeof(bytes), "HdrS");
	h = good();
	h.version = 0x20b;
	refuses(&h, sizeof(bytes), "older");
	h = good();
	h.xloadflags = 0;
	refuses(&h, sizeof(bytes), "64-bit");
}

static void refuses_bad_addresses(void **state)
{
	struct linux_setup_header h = good();

	(void)state;
	h.pref_address = 0x1000001;
	refuses(&h, sizeof(bytes), "load address");
	h.pref_address = 0;
	refuses(&h, sizeof(bytes), "load address");
	h.pref_address = UINT64_MAX & ~0xfffull;
	refuses(&h, sizeof(bytes), "4 GiB");
	h = good();
	h.init_size = 0xffffffff;
	refuses(&h, sizeof(bytes), "4 GiB");
	h = good();
	h.init_size = 0x800;
	refuses(&h, sizeof(bytes), "init_size");
}

static void refuses_cut_files(void **state)
{
	struct linux_setup_header h = good();

	(void)state;
	refuses(&h, sizeof(bytes) - 1, "cut off");
	h.setup_sects = 255;
	refuses(&h, sizeof(bytes), "cut off");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_header),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(refuses_bad_addresses),
		cmocka_unit_test(refuses_cut_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
