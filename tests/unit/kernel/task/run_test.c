/* SPDX-License-Identifier: MIT */
/* Into ring 3 and out: what is loaded, what each event means, which of the
 * registers that ring 3 left are believed. */
/* test-sources: kernel/task/run.c kernel/task/space.c kernel/task/usercopy.c */
/* test-sources: kernel/cpu/pcid.c kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c tests/fake/user.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "kernel/task/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "abi/x86/trap.h"
#include "hw/fpu.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/mm/kmap.h"
#include "tests/fake/user.h"

static struct task t __attribute__((aligned(16)));
static unsigned int entered, called, ticked, heard;
static struct trap_frame entry;	       /* as the last entry had it */
static struct trap_frame leaves[4];    /* as ring 3 comes back, in turn */
static struct snp_cpuid_fn everything; /* all bits of every leaf */

bool features_pcid(void)
{
	return true;
}

const struct snp_cpuid_fn *features_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)leaf;
	(void)subleaf;
	return &everything;
}

void user_enter(struct trap_frame *frame)
{
	assert_int_equal(fake.cr3, space_root(&t.space) | 1);
	assert_true(entered < 4);
	entry = *frame;
	*frame = leaves[entered++];
}

static void on_call(struct task *task)
{
	called++;
	task_stop(task, "the test ends");
}

static bool on_tick(struct task *task)
{
	(void)task;
	ticked++;
	return false;
}

static const struct task_calls calls = { on_call, on_tick };

static int setup(void **state)
{
	(void)state;
	user_reset();
	user_make(&t, 16 * PAGE_4K);
	hw_fxsave(t.fpu);
	entered = called = ticked = 0;
	memset(leaves, 0, sizeof(leaves));
	for (unsigned int i = 0; i < 4; i++)
		leaves[i] = (struct trap_frame){ .vector = TRAP_SYSCALL,
						 .rip = USER_TEXT };
	memset(&everything, 0xff, sizeof(everything));
	t.frame.rip = USER_TEXT;
	fake.cr3 = kmap_root();
	return 0;
}

static void run(void)
{
	task_run(&t, &calls);
	/* Nothing was flushed: what is known of the kernel stays good. */
	assert_int_equal(fake.cr3, kmap_root() | CR3_NOFLUSH);
}

static void registers(void **state)
{
	(void)state;
	t.frame.rflags = ~0ull;
	t.frame.cs = GDT_KERNEL_CS;
	t.frame.ss = GDT_KERNEL_DS;
	t.frame.rax = 0x1234;
	t.fs_base = 0x5678;
	run();
	/* No IOPL, no TF, no AC, no NT, no VM: nothing but results, and IF. */
	assert_int_equal(entry.rflags & ~0xcd5ull, RFLAGS_ONE | RFLAGS_IF);
	assert_int_equal(entry.cs, GDT_USER_CS);
	assert_int_equal(entry.ss, GDT_USER_DS);
	assert_int_equal(entry.rax, 0x1234);
	assert_int_equal(fake_msr_read(MSR_FS_BASE), 0x5678);
	assert_int_equal(called, 1);
}

static void wild_address(void **state)
{
	(void)state;
	t.frame.rip = USER_END;
	run();
	assert_int_equal(entered, 0);
	assert_int_equal(t.state, TASK_STOPPED);
}

/* The platform hears of NMIs: they may be its own. */
static bool heard_trap(struct trap_frame *frame)
{
	assert_int_equal(frame->vector, TRAP_NMI);
	heard++;
	return false;
}

static void interrupts(void **state)
{
	struct platform_ops ops = platform_fake;

	(void)state;
	ops.trap = heard_trap;
	platform_select(&ops);
	heard = 0;
	leaves[0].vector = leaves[1].vector = TRAP_NMI;
	leaves[2].vector = TRAP_FIRST_IRQ;
	run();
	assert_int_equal(entered, 3);
	assert_int_equal(ticked, 1);
	assert_int_equal(heard, 2);
	assert_int_equal(t.state, TASK_RUNS);
	run();
	assert_int_equal(called, 1);
	platform_select(&platform_fake);
}

static void traps(void **state)
{
	(void)state;
	for (uint64_t vector = 0; vector < TRAP_FIRST_IRQ; vector++) {
		if (vector == TRAP_NMI)
			continue;
		setup(NULL);
		leaves[0].vector = vector;
		leaves[0].rip = 0xabc;
		fake.cr2 = 0xdef0;
		run();
		assert_int_equal(entered, 1);
		assert_int_equal(t.state, TASK_STOPPED);
		assert_non_null(strstr(t.reason, "at abc, address "));
		assert_int_equal(!!strstr(t.reason, "def0"), vector == TRAP_PF);
	}
}

/* One CPUID in ring 3, whose page would show everything; what it saw. */
static struct trap_frame cpuid_at(uint32_t leaf, uint32_t subleaf)
{
	static const uint8_t code[] = { 0x0f, 0xa2 };

	setup(NULL);
	fake.cr3 = space_root(&t.space);
	memcpy(user_at(USER_TEXT, false, true), code, sizeof(code));
	leaves[0].vector = TRAP_VC;
	leaves[0].rax = leaf;
	leaves[0].rcx = subleaf;
	run();
	assert_int_equal(entered, 2);
	assert_int_equal(entry.rip, USER_TEXT + sizeof(code));
	return entry;
}

static void cpuid(void **state)
{
	struct trap_frame f = cpuid_at(CPUID_LEAF_FEATURES, 0);

	(void)state;
	/* FMA, XSAVE, OSXSAVE, AVX, F16C; the rest is shown. */
	assert_int_equal(f.rcx, 0xffffffffu & ~(1u << 12 | 0xfu << 26));
	assert_int_equal(f.rdx, 0xffffffffu);
	f = cpuid_at(CPUID_LEAF_STRUCTURED, 0);
	assert_int_equal(f.rbx & (CPUID_7_EBX_FSGSBASE | CPUID_7_EBX_AVX2 |
				  CPUID_7_EBX_AVX512),
			 0);
	assert_true(f.rbx & CPUID_7_EBX_RDSEED);
	assert_int_equal(f.rcx & (CPUID_7_ECX_PKU | CPUID_7_ECX_OSPKE |
				  CPUID_7_ECX_VECTOR),
			 0);
	f = cpuid_at(CPUID_LEAF_STRUCTURED, 1);
	assert_int_equal(f.rax | f.rbx | f.rcx | f.rdx, 0);
	f = cpuid_at(CPUID_LEAF_XSTATE, 0);
	assert_int_equal(f.rax | f.rbx | f.rcx | f.rdx, 0);
	/* XOP, LWP, FMA4. */
	f = cpuid_at(CPUID_LEAF_EXT_FEATURES, 0);
	assert_int_equal(f.rcx & (CPUID_81_ECX_VECTOR), 0);
}

/* The host may raise #VC anywhere; else it could skip what it likes. */
static void forged_vc(void **state)
{
	(void)state;
	leaves[0].vector = TRAP_VC;
	run();
	assert_int_equal(t.state, TASK_STOPPED);
	setup(NULL);
	leaves[0].vector = TRAP_VC;
	leaves[0].rip = USER_END - 1;
	run();
	assert_int_equal(t.state, TASK_STOPPED);
	assert_int_equal(entered, 1);
}

static void message(void **state)
{
	struct sys_message m;

	(void)state;
	t.message = USER_DATA;
	task_request(&t, 3, 4, 5);
	run();
	fake.cr3 = space_root(&t.space);
	memcpy(&m, user_at(USER_DATA, false, false), sizeof(m));
	assert_int_equal(m.op, 3);
	assert_int_equal(m.arg, 4);
	assert_int_equal(m.size, 5);
	assert_int_equal(m.result, 0);
	assert_int_equal(m.page, TASK_PAGE);
	assert_int_equal(t.message, 0);
	setup(NULL);
	t.message = USER_TEXT; /* can be read, as the answer was */
	task_request(&t, 3, 4, 5);
	run();
	assert_int_equal(entered, 0);
	assert_int_equal(t.state, TASK_STOPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(registers, setup),
		cmocka_unit_test_setup(wild_address, setup),
		cmocka_unit_test_setup(interrupts, setup),
		cmocka_unit_test_setup(traps, setup),
		cmocka_unit_test_setup(cpuid, setup),
		cmocka_unit_test_setup(forged_vc, setup),
		cmocka_unit_test_setup(message, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
