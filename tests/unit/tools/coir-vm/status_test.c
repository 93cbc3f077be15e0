/* SPDX-License-Identifier: MIT */
/* How a run ended: every class of exit status, and the log's last lines. */
/* test-sources: tools/coir-vm/status.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/coir-vm/status.h"
#include "tools/coir-vm/vm.h"

static int of(int qemu_status)
{
	const struct child_end end = { .exited = true, .status = qemu_status };

	return status_of(&end, true);
}

static void maps_the_exit_port(void **state)
{
	(void)state;
	assert_int_equal(of(0), 0);
	for (int v = 0; v < 64; v++)
		assert_int_equal(of(2 * v + 1), v);
	assert_int_equal(of(2 * 66 + 1), VM_EXIT_BAD_FILE);
	for (int v = 100; v <= 104; v++)
		assert_int_equal(of(2 * v + 1), v);
	assert_int_equal(of(2 * 64 + 1), VM_EXIT_EMULATOR);
	assert_int_equal(of(2 * 99 + 1), VM_EXIT_EMULATOR);
	assert_int_equal(of(255), VM_EXIT_EMULATOR);
}

static void tells_qemus_own_failures(void **state)
{
	const struct child_end usage = { .exited = true, .status = 1 };
	const struct child_end killed = { .exited = false, .status = 9 };

	(void)state;
	assert_int_equal(status_of(&usage, false), VM_EXIT_NOT_STARTED);
	assert_int_equal(status_of(&usage, true), 0);
	assert_int_equal(status_of(&killed, true), VM_EXIT_NOT_STARTED);
	assert_int_equal(of(2), VM_EXIT_NOT_STARTED);
}

static void tells_who_ended_it(void **state)
{
	const struct child_end late = { .timed_out = true, .exited = true };
	const struct child_end term = { .signal_sent = 15, .exited = true };

	(void)state;
	assert_int_equal(status_of(&late, true), VM_EXIT_TIMEOUT);
	assert_int_equal(status_of(&term, true), VM_EXIT_SIGNAL + 15);
}

static void explains_only_bad_ends(void **state)
{
	(void)state;
	assert_int_equal(status_log_lines(0), 0);
	assert_int_equal(status_log_lines(63), 0);
	assert_int_equal(status_log_lines(VM_EXIT_TIMEOUT), 0);
	assert_true(status_log_lines(VM_EXIT_BAD_FILE) > 0);
	for (int v = 100; v <= 104; v++) {
		assert_true(status_log_lines(v) > 0);
		assert_non_null(status_words(v));
	}
	assert_null(status_words(0));
}

static void tail_is(const char *log, unsigned int lines, const char *want)
{
	FILE *in = tmpfile();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fputs(log, in);
	fflush(in);
	log_tail(fileno(in), lines, out);
	fclose(out);
	fclose(in);
	assert_string_equal(text, want);
	free(text);
}

static void prints_the_last_lines(void **state)
{
	(void)state;
	tail_is("", 3, "");
	tail_is("a\nb\nc\n", 2, "b\nc\n");
	tail_is("a\nb\nc", 2, "b\nc\n");
	tail_is("a\r\nb\x1b[2J\n", 9, "a\nb?[2J\n");
	tail_is("a\n", 0, "");
	tail_is("\n\n", 1, "\n");
}

static void bounds_an_endless_line(void **state)
{
	static char log[100000];
	FILE *out = tmpfile();
	FILE *in = tmpfile();

	(void)state;
	memset(log, 'x', sizeof(log) - 1);
	fputs(log, in);
	fflush(in);
	log_tail(fileno(in), 5, out);
	assert_true(ftell(out) > 0 && ftell(out) < 20000);
	fclose(in);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_the_exit_port),
		cmocka_unit_test(tells_qemus_own_failures),
		cmocka_unit_test(tells_who_ended_it),
		cmocka_unit_test(explains_only_bad_ends),
		cmocka_unit_test(prints_the_last_lines),
		cmocka_unit_test(bounds_an_endless_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
