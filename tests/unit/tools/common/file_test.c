/* SPDX-License-Identifier: MIT */
/* Whole files: round trip, limits, devices, no half files left. */
/* test-sources: tools/common/file.c tools/common/say.c */
#include "tools/common/file.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64], path[128];

static int setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/coir-file-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/f", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void test_round_trip(void **state)
{
	static uint8_t bytes[300000];
	struct file_bytes f;
	struct stat st;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 >> 3);
	for (size_t n = 0; n <= sizeof(bytes); n += 100000) {
		assert_int_equal(file_write(path, bytes, n), OK);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_size, n);
		assert_int_equal(file_read(path, n, &f), OK);
		assert_int_equal(f.size, n);
		assert_memory_equal(f.bytes, bytes, n);
		assert_int_equal(f.bytes[n], 0);
		file_free(&f);
		assert_null(f.bytes);
	}
	assert_int_equal(file_read(path, sizeof(bytes) - 1, &f), ERR_RANGE);
}

static void test_devices(void **state)
{
	struct file_bytes f;

	(void)state;
	assert_int_equal(file_read("/dev/null", 10, &f), OK);
	assert_int_equal(f.size, 0);
	file_free(&f);
	/* Endless: the limit must end it. */
	assert_int_equal(file_read("/dev/zero", 1 << 20, &f), ERR_RANGE);
	assert_int_equal(file_write("/dev/null", "abc", 3), OK);
}

static void test_errors(void **state)
{
	char inside[256];
	struct file_bytes f;
	glob_t found;

	(void)state;
	assert_int_equal(file_read("/nonexistent/x", 10, &f), ERR_HOST);
	assert_int_equal(file_read("/tmp", 10, &f), ERR_HOST);
	assert_int_equal(file_write("/nonexistent/x", "a", 1), ERR_HOST);
	snprintf(inside, sizeof(inside), "%s/*", dir);
	assert_int_equal(glob(inside, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
