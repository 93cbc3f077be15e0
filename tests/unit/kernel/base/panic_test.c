/* SPDX-License-Identifier: MIT */
/* The ends that are not a broken world: one line, no trace, a reason of their
 * own. A panic ends its process, so each case has one. */
/* test-sources: kernel/base/panic.c kernel/base/log.c kernel/base/lock.c */
/* test-sources: kernel/base/platform.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/base/panic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/base/log.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "tests/fake/hw/fake.h"

#define ENDED 100

struct seen {
	unsigned int wipes, lines;
	unsigned int wiped_first; /* before anything was said */
	char text[256];
};

static struct seen *seen; /* shared with the process that ends */

static void wipe(void)
{
	seen->wipes++;
	seen->wiped_first |= seen->lines == 0;
}

static void write_line(const char *text, uint64_t size)
{
	seen->lines++;
	strncat(seen->text, text, size);
}

static __attribute__((noreturn)) void terminate(unsigned int reason)
{
	_exit(ENDED + (int)reason);
}

static const struct platform_ops ops = {
	.name = "ends",
	.wipe = wipe,
	.terminate = terminate,
	.log_write = write_line,
};

/* The reason with which @end ends its process. */
static int reason_of(void (*end)(void))
{
	int status = 0;
	pid_t pid;

	memset(seen, 0, sizeof(*seen));
	pid = fork();
	if (pid == 0) {
		end();
		_exit(0);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status));
	assert_true(seen->wipes && seen->wiped_first);
	return WEXITSTATUS(status) - ENDED;
}

static void no_memory(void)
{
	panic_memory("CPU %u", 3u);
}

static void refused(void)
{
	panic_refused("the map has %u holes", 2u);
}

static void silent(void)
{
	panic_silent(PANIC_NESTED);
}

static void no_memory_is_one_line(void **state)
{
	(void)state;
	assert_int_equal(reason_of(no_memory), PANIC_MEMORY);
	assert_int_equal(seen->lines, 1);
	assert_string_equal(seen->text, "[SVSM] panic: no memory for CPU 3\n");
}

static void a_refusal_is_one_line(void **state)
{
	(void)state;
	assert_int_equal(reason_of(refused), PANIC_REFUSED);
	assert_int_equal(seen->lines, 1);
	assert_string_equal(seen->text,
			    "[SVSM] refused: the map has 2 holes\n");
}

static void silence_is_silent(void **state)
{
	(void)state;
	assert_int_equal(reason_of(silent), PANIC_NESTED);
	assert_int_equal(seen->lines, 0);
}

int main(void)
{
	static struct percpu cpu;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_is_one_line),
		cmocka_unit_test(a_refusal_is_one_line),
		cmocka_unit_test(silence_is_silent),
	};

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		return 1;
	fake.gs = &cpu;
	platform_select(&ops);
	log_console_on();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
