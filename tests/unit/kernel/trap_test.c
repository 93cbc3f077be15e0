/* SPDX-License-Identifier: MIT */
/* What each trap leads to: fix-up, platform, nothing, or the end. */
/* test-sources: kernel/trap.c kernel/cpu/extable.c kernel/base/panic.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c kernel/base/log.c */
/* test-sources: kernel/base/lock.c kernel/base/platform.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
/* test-libs: -Wl,--defsym=extable_end=extable_start+32 */
#include "kernel/cpu/trap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/trap.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/mm/stack.h"

extern const uint64_t extable_start[4];
const uint64_t extable_start[4] = { 0x1000, 0x2000, 0x1010, 0x2010 };

#define GROWTH 0xffffff8000045ff8

static struct percpu cpu;
static jmp_buf out;
static unsigned int asked, grown;
static bool answer;
static struct trap_frame *nested;

static void wipe(void)
{
}

static __attribute__((noreturn)) void terminate(unsigned int reason)
{
	longjmp(out, (int)reason + 1);
}

static void console_put(const char *text, uint64_t size)
{
	(void)text;
	(void)size;
}

static bool trap(struct trap_frame *frame)
{
	(void)frame;
	asked++;
	if (nested)
		trap_dispatch(nested);
	return answer;
}

static const struct platform_ops ops = {
	.name = "test",
	.wipe = wipe,
	.terminate = terminate,
	.trap = trap,
	.log_write = console_put,
};

/* The stack's half has its own test: here it says yes at one address. */
bool stack_fault(const struct trap_frame *frame, uint64_t at)
{
	(void)frame;
	grown++;
	return at == GROWTH;
}

static int setup(void **state)
{
	(void)state;
	memset(&cpu, 0, sizeof(cpu));
	grown = 0;
	fake.cr2 = 0;
	fake.gs = &cpu;
	asked = 0;
	answer = true;
	nested = NULL;
	return 0;
}

/* 0: it returned; otherwise the reason + 1 with which the VM ended. */
static int dispatch(uint64_t vector, uint64_t rip, struct trap_frame *f)
{
	int ended = setjmp(out);

	if (ended)
		return ended;
	*f = (struct trap_frame){ .vector = vector, .rip = rip };
	trap_dispatch(f);
	return 0;
}

static void faulting_copies_go_on_at_their_fix(void **state)
{
	struct trap_frame f;

	(void)state;
	assert_int_equal(dispatch(TRAP_VC, 0x1000, &f), 0);
	assert_int_equal(f.rip, 0x2000);
	assert_int_equal(dispatch(TRAP_PF, 0x1010, &f), 0);
	assert_int_equal(f.rip, 0x2010);
	assert_int_equal(asked, 0);
	assert_int_equal(cpu.ist_busy, 0);
}

static void page_faults_grow_the_stack_first(void **state)
{
	struct trap_frame f;

	(void)state;
	fake.cr2 = GROWTH;
	assert_int_equal(dispatch(TRAP_PF, 0x3000, &f), 0);
	assert_int_equal(f.rip, 0x3000);
	/* Even where a fault has a fix-up: the copy is to be done. */
	assert_int_equal(dispatch(TRAP_PF, 0x1010, &f), 0);
	assert_int_equal(f.rip, 0x1010);
	assert_int_equal(grown, 2);
	assert_int_equal(cpu.ist_busy, 0);
	/* CR2 means nothing to the others. */
	assert_int_equal(dispatch(TRAP_VC, 0x1000, &f), 0);
	assert_int_equal(f.rip, 0x2000);
	assert_int_equal(grown, 2);
}

static void platform_gets_its_traps(void **state)
{
	struct trap_frame f;

	(void)state;
	assert_int_equal(dispatch(TRAP_VC, 0x3000, &f), 0);
	assert_int_equal(dispatch(TRAP_HV, 0x3000, &f), 0);
	assert_int_equal(asked, 2);
	answer = false;
	assert_int_equal(dispatch(TRAP_VC, 0x3000, &f), PANIC_TRAP + 1);
}

/* The platform may have sent it; whatever it says, life goes on. */
static void nmi_is_no_end(void **state)
{
	struct trap_frame f;

	(void)state;
	assert_int_equal(dispatch(TRAP_NMI, 0x3000, &f), 0);
	assert_int_equal(asked, 1);
}

/* Where the platform expects none, an interrupt of the kernel is the end. */
static void interrupts_are_the_platforms(void **state)
{
	struct trap_frame f;

	(void)state;
	answer = true;
	assert_int_equal(dispatch(TRAP_FIRST_IRQ, 0x3000, &f), 0);
	assert_int_equal(asked, 1);
	answer = false;
	memset(&cpu, 0, sizeof(cpu));
	assert_int_not_equal(dispatch(TRAP_FIRST_IRQ, 0x3000, &f), 0);
}

static void everything_else_is_the_end(void **state)
{
	struct trap_frame f;
	uint64_t v;

	(void)state;
	for (v = 0; v < TRAP_FIRST_IRQ; v++) {
		if (v == TRAP_VC || v == TRAP_HV || v == TRAP_NMI)
			continue;
		memset(&cpu, 0, sizeof(cpu));
		/* The second panic of a process is a nested one. */
		assert_int_not_equal(dispatch(v, 0x3000, &f), 0);
	}
}

/* The second fault overwrote the first one's frame: nothing may return. */
static void nested_fault_on_one_stack_ends_silently(void **state)
{
	struct trap_frame f;
	struct trap_frame second = { .vector = TRAP_VC, .rip = 0x1000 };

	(void)state;
	nested = &second;
	assert_int_equal(dispatch(TRAP_VC, 0x3000, &f), PANIC_NESTED + 1);
}

/* So it did if the interrupted code was on that stack: at its handler's first and
 * last instructions no bit is set. */
static void a_stack_that_interrupts_itself_ends_silently(void **state)
{
	static struct trap_frame f __attribute__((aligned(4096)));
	int ended = setjmp(out);

	(void)state;
	f = (struct trap_frame){ .vector = TRAP_NMI,
				 .rsp = (uint64_t)(&f + 1) };
	if (!ended)
		trap_dispatch(&f);
	assert_int_equal(ended, PANIC_NESTED + 1);
	f.rsp = (uint64_t)&f;
	trap_dispatch(&f);
}

static void a_frame_of_another_form_is_the_end(void **state)
{
	int ended = setjmp(out);

	(void)state;
	if (!ended)
		trap_forged(TRAP_GP);
	assert_int_not_equal(ended, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(faulting_copies_go_on_at_their_fix,
				       setup),
		cmocka_unit_test_setup(page_faults_grow_the_stack_first, setup),
		cmocka_unit_test_setup(platform_gets_its_traps, setup),
		cmocka_unit_test_setup(nmi_is_no_end, setup),
		cmocka_unit_test_setup(interrupts_are_the_platforms, setup),
		cmocka_unit_test_setup(everything_else_is_the_end, setup),
		cmocka_unit_test_setup(nested_fault_on_one_stack_ends_silently,
				       setup),
		cmocka_unit_test_setup(
			a_stack_that_interrupts_itself_ends_silently, setup),
		cmocka_unit_test_setup(a_frame_of_another_form_is_the_end,
				       setup),
	};

	platform_select(&ops);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
