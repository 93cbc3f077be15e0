/* SPDX-License-Identifier: MIT */
/* A child's ends: its own, by time, by signal; and never another's. */
/* test-sources: tools/coir-vm/child.c */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/tools/heard.h"
#include "tools/coir-vm/child.h"

static struct child_end end;

static enum err shell(const char *script, uint64_t timeout)
{
	char text[256];
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, text, NULL };

	snprintf(text, sizeof(text), "%s", script);
	return child_run(argv, timeout, &end);
}

static void hands_on_the_status(void **state)
{
	(void)state;
	assert_int_equal(shell("exit 42", 0), OK);
	assert_true(end.exited && !end.timed_out && !end.signal_sent);
	assert_int_equal(end.status, 42);
	assert_int_equal(shell("kill -9 $$", 20), OK);
	assert_false(end.exited);
	assert_int_equal(end.status, SIGKILL);
}

static void says_what_cannot_start(void **state)
{
	char *argv[] = { (char[]){ "/nonexistent/qemu" }, NULL };

	(void)state;
	assert_int_equal(child_run(argv, 1, &end), ERR_HOST);
	assert_true(heard_take("No such file"));
}

static void ends_at_the_time_out(void **state)
{
	(void)state;
	assert_int_equal(shell("exec sleep 30", 1), OK);
	assert_true(end.timed_out && !end.exited);
	assert_int_equal(end.status, SIGTERM);
}

/* TERM is ignored, so KILL must follow. */
static void kills_the_stubborn(void **state)
{
	(void)state;
	assert_int_equal(shell("trap '' TERM; while :; do sleep 0.2; done", 1),
			 OK);
	assert_true(end.timed_out && !end.exited);
	assert_int_equal(end.status, SIGKILL);
}

/* Some other child of ours is none of its business. */
static void leaves_others_alone(void **state)
{
	pid_t other = fork();
	int status;

	(void)state;
	if (other == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(shell("exec sleep 30", 1), OK);
	assert_int_equal(waitpid(other, &status, WNOHANG), 0);
	kill(other, SIGKILL);
	waitpid(other, &status, 0);
}

static void passes_signals_on(void **state)
{
	char script[128];

	(void)state;
	snprintf(script, sizeof(script),
		 "trap 'exit 7' HUP; kill -HUP %d; "
		 "while :; do sleep 0.1; done",
		 (int)getpid());
	assert_int_equal(shell(script, 20), OK);
	assert_int_equal(end.signal_sent, SIGHUP);
	assert_true(end.exited && !end.timed_out);
	assert_int_equal(end.status, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_on_the_status),
		cmocka_unit_test(says_what_cannot_start),
		cmocka_unit_test(ends_at_the_time_out),
		cmocka_unit_test(kills_the_stubborn),
		cmocka_unit_test(leaves_others_alone),
		cmocka_unit_test(passes_signals_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
