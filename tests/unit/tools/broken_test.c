/* SPDX-License-Identifier: MIT */
/* Every broken file gets one clear line with an offset and status 2. */
/* test-sources: tools/igvmmeasure/measure.c tools/igvminfo/info.c */
/* test-sources: tools/igvminfo/words.c tools/igvminfo/map.c tools/igvminfo/params.c */
/* test-sources: tools/common/args.c lib/version.c */
/* test-sources: tools/common/file.c tools/common/image.c tools/common/say.c */
/* test-sources: tools/common/sha.c lib/igvm_read.c lib/igvm_body.c */
/* test-sources: lib/igvm_overlap.c lib/igvm_digest.c lib/launch_digest.c */
/* test-sources: lib/sha384.c lib/crc32.c lib/str.c lib/bitmap.c */
/* test-sources: tests/vectors/igvm_sheet.c tests/vectors/broken.c */
/* test-sources: tests/vectors/child.c */
/* test-libs: -lcrypto */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vectors/broken.h"
#include "tests/vectors/child.h"
#include "tools/igvminfo/info.h"
#include "tools/igvmmeasure/measure.h"

static struct child child;
static uint8_t bytes[BROKEN_SIZE_MAX];

static void check_one(const char *name, int (*run)(int argc, char **argv),
		      const char *const *arguments)
{
	char *end;

	child_run(&child, run, arguments);
	if (child.status != 2)
		print_error("%s: status %d: %s\n", name, child.status,
			    child.err);
	assert_int_equal(child.status, 2);
	assert_string_equal(child.out, "");
	assert_non_null(strstr(child.err, ": offset 0x"));
	end = strchr(child.err, '\n');
	assert_non_null(end);
	assert_string_equal(end, "\n");
}

static void test_broken(void **state)
{
	const char *name;
	size_t size, count;

	(void)state;
	for (count = 0; (name = broken_make(count, bytes, &size)); count++) {
		const char *path = child_file(bytes, size);
		const char *const plain[] = { "tool", path, NULL };
		const char *const map[] = { "tool", "--map", path, NULL };
		const char *const json[] = { "tool", "-jv", path, NULL };

		check_one(name, measure_run, plain);
		check_one(name, measure_run, json);
		check_one(name, info_run, plain);
		check_one(name, info_run, map);
	}
	assert_true(count > 40);
	child_file_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
