/* SPDX-License-Identifier: MIT */
/* Which addresses a trace may touch, and the table of names. */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c kernel/base/log.c */
/* test-sources: kernel/base/lock.c kernel/base/platform.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/base/unwind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/boot/launch.h"
#include "kernel/base/percpu.h"
#include "kernel/base/symbols.h"

extern const uint32_t symbol_count;
extern const uint32_t symbol_offsets[];
extern const char symbol_names[];
const uint32_t symbol_count = 3;
const uint32_t symbol_offsets[] = { 0x4000, 0x4010, 0x5000 };
const char symbol_names[] = "first\0second\0third";

static struct percpu here = { .index = 5 };

static int setup(void **state)
{
	(void)state;
	here.stack.top = (uint64_t)percpu_page(5, CPU_PAGE_STACK_TOP);
	here.stack.limit = (uint64_t)percpu_page(5, CPU_PAGE_STACK);
	here.stack.low = here.stack.top - 2 * 4096;
	fake.gs = &here;
	return 0;
}

static bool on(uint32_t cpu, unsigned int page, uint64_t off, uint64_t size)
{
	return unwind_on_stack(CPU_AREAS_VA + cpu * (uint64_t)CPU_AREA_SIZE +
				       page * 4096ull + off,
			       size);
}

static void only_stack_pages(void **state)
{
	const unsigned int end = CPU_PAGE_STACK_TOP;

	(void)state;
	assert_true(on(5, end - 2, 0, 16));
	assert_true(on(5, end, (uint64_t)-16, 16));
	assert_false(on(5, end, (uint64_t)-8, 16));
	assert_false(on(5, end, 0, 16));
	/* Not mapped yet, though it may be one day. */
	assert_false(on(5, end - 2, (uint64_t)-8, 16));
	assert_false(on(5, CPU_PAGE_STACK, 0, 16));
	/* Another CPU may be changing it. */
	assert_false(on(4, end - 2, 0, 16));
	assert_false(on(6, CPU_PAGE_IST_DF, 0, 16));
	assert_false(on(CPU_AREA_MAX, end - 2, 0, 16));
	assert_true(on(5, CPU_PAGE_IST_DF, 4080, 16));
	assert_false(on(5, CPU_PAGE_IST_DF, 4088, 16));
	assert_false(on(5, CPU_PAGE_SELF, 0, 16));
	assert_false(on(5, CPU_PAGE_WINDOW, 0, 16));
	assert_false(unwind_on_stack(0, 16));
	assert_false(unwind_on_stack(~0ull - 7, 16));
}

static void wild_frames_end_the_trace(void **state)
{
	(void)state;
	unwind_log(0, 0);
	unwind_log(1, 0x4141414141414141);
	unwind_log(KERNEL_VA, ~0ull);
}

static void names_by_address(void **state)
{
	uint64_t off;

	(void)state;
	assert_null(symbols_name(0, &off));
	assert_null(symbols_name(KERNEL_VA + 0x3fff, &off));
	assert_string_equal(symbols_name(KERNEL_VA + 0x4000, &off), "first");
	assert_int_equal(off, 0);
	assert_string_equal(symbols_name(KERNEL_VA + 0x400f, &off), "first");
	assert_int_equal(off, 0xf);
	assert_string_equal(symbols_name(KERNEL_VA + 0x4fff, &off), "second");
	assert_string_equal(symbols_name(KERNEL_VA + 0x5123, &off), "third");
	assert_int_equal(off, 0x123);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(only_stack_pages, setup),
		cmocka_unit_test_setup(wild_frames_end_the_trace, setup),
		cmocka_unit_test(names_by_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
