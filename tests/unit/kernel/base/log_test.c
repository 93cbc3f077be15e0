/* SPDX-License-Identifier: MIT */
/* The log ring, the console, panic's way out. */
/* test-sources: kernel/base/log.c kernel/base/panic.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c kernel/base/lock.c */
/* test-sources: kernel/base/platform.c lib/fmt.c lib/str.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"

static char console[16384];
static uint64_t console_size;
static unsigned int wipes;
static jmp_buf out;

static void console_put(const char *text, uint64_t size)
{
	assert_true(console_size + size < sizeof(console));
	memcpy(console + console_size, text, size);
	console_size += size;
	console[console_size] = 0;
}

static void wipe(void)
{
	/* Keys go before any word is said. */
	if (wipes++ == 0)
		assert_null(strstr(console, "panic"));
}

static __attribute__((noreturn)) void terminate(unsigned int reason)
{
	longjmp(out, (int)reason + 1);
}

static const struct platform_ops ops = {
	.name = "test",
	.wipe = wipe,
	.terminate = terminate,
	.log_write = console_put,
};

static void ring_holds_what_came_before_the_console(void **state)
{
	char text[64];

	(void)state;
	log_line("one %u", 1u);
	assert_int_equal(console_size, 0);
	assert_int_equal(log_read(text, sizeof(text)), 13);
	assert_memory_equal(text, "[SVSM] one 1\n", 13);
	log_console_on();
	assert_string_equal(console, "[SVSM] one 1\n");
	log_line("two");
	assert_string_equal(console, "[SVSM] one 1\n[SVSM] two\n");
	assert_int_equal(log_read(text, 4), 4);
	assert_memory_equal(text, "two\n", 4);
}

static void long_lines_are_cut_and_end(void **state)
{
	char text[LOG_LINE_MAX + 1] = { 0 };
	char many[400];

	(void)state;
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = 0;
	log_line("%s", many);
	assert_int_equal(log_read(text, LOG_LINE_MAX - 1), LOG_LINE_MAX - 1);
	assert_memory_equal(text, LOG_PREFIX, strlen(LOG_PREFIX));
	assert_int_equal(text[LOG_LINE_MAX - 2], '\n');
	assert_int_equal(text[LOG_LINE_MAX - 3], 'x');
}

static void ring_keeps_the_newest(void **state)
{
	static char text[8192];
	unsigned int i;
	uint64_t n;

	(void)state;
	console_size = 0;
	for (i = 0; i < 500; i++)
		log_line("line %u", i);
	n = log_read(text, sizeof(text) - 1);
	assert_int_equal(n, 4096);
	text[n] = 0;
	assert_non_null(strstr(text, "[SVSM] line 499\n"));
	assert_null(strstr(text, "line 100\n"));
}

static void panic_wipes_says_why_and_ends(void **state)
{
	static uint64_t memory[512];
	static struct percpu cpu = { .stack.name = "CPU 0 kernel stack" };

	(void)state;
	memory[500] = 1;
	cpu.stack.low = cpu.stack.limit = (uint64_t)memory;
	cpu.stack.top = (uint64_t)(memory + 512);
	fake.gs = &cpu;
	console_size = 0;
	console[0] = 0;
	if (setjmp(out) == 0)
		panic("number %u", 7u);
	assert_non_null(strstr(console, "[SVSM] panic: number 7\n"));
	assert_non_null(strstr(console, "  #0 0x"));
	assert_non_null(strstr(console, "CPU 0 kernel stack: 96 of 4096 "));
	assert_true(wipes >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_holds_what_came_before_the_console),
		cmocka_unit_test(long_lines_are_cut_and_end),
		cmocka_unit_test(ring_keeps_the_newest),
		cmocka_unit_test(panic_wipes_says_why_and_ends),
	};

	platform_select(&ops);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
