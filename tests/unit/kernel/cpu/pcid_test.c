/* SPDX-License-Identifier: MIT */
/* What is written to CR3 as a process's tables come and go. */
/* test-sources: kernel/cpu/pcid.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/cpu/pcid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/cr.h"
#include "kernel/base/percpu.h"
#include "kernel/cpu/features.h"
#include "tests/fake/hw/fake.h"

#define KERNEL	0x7000ull
#define PROCESS 0x9000ull
#define WRITES	4u

static struct percpu cpu;
static bool tagged;
static uint64_t written[WRITES];
static unsigned int writes;
static unsigned int told_at; /* the write at which another CPU's flush comes */

bool features_pcid(void)
{
	return tagged;
}

/* Bit 63 is never read as one. */
static void on_write(const volatile void *va)
{
	assert_null(va);
	assert_true(writes < WRITES);
	written[writes++] = fake.cr3;
	fake.cr3 &= ~CR3_NOFLUSH;
	if (writes == told_at)
		cpu.tlb_seen++;
}

static int setup(void **state)
{
	(void)state;
	fake_reset(PAGE_2M);
	memset(&cpu, 0, sizeof(cpu));
	cpu.tlb_seen = 70;
	tagged = true;
	writes = told_at = 0;
	fake.cr3 = KERNEL;
	fake.flushed = on_write;
	return 0;
}

static void there_and_back(void)
{
	pcid_enter(&cpu, PROCESS);
	pcid_leave(&cpu, KERNEL);
	assert_int_equal(fake.cr3, KERNEL);
}

static void without_tags_all_goes(void **state)
{
	(void)state;
	tagged = false;
	told_at = 1;
	there_and_back();
	assert_int_equal(writes, 2);
	assert_int_equal(written[0], PROCESS);
	assert_int_equal(written[1], KERNEL);
}

static void the_process_is_forgotten_the_kernel_kept(void **state)
{
	(void)state;
	there_and_back();
	assert_int_equal(writes, 2);
	assert_int_equal(written[0], PROCESS | 1);
	assert_int_equal(written[1], KERNEL | CR3_NOFLUSH);
}

/* While the process is loaded, and as the kernel's tables come back. */
static void a_flush_meanwhile_is_caught_up(void **state)
{
	(void)state;
	for (told_at = 1; told_at <= 2; told_at++) {
		writes = 0;
		there_and_back();
		assert_int_equal(writes, 3);
		assert_int_equal(written[1], KERNEL | CR3_NOFLUSH);
		assert_int_equal(written[2], KERNEL);
	}
}

static void changes_flush_the_process_alone(void **state)
{
	(void)state;
	pcid_enter(&cpu, PROCESS);
	pcid_flush();
	assert_int_equal(written[1], PROCESS | 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_tags_all_goes, setup),
		cmocka_unit_test_setup(the_process_is_forgotten_the_kernel_kept,
				       setup),
		cmocka_unit_test_setup(a_flush_meanwhile_is_caught_up, setup),
		cmocka_unit_test_setup(changes_flush_the_process_alone, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
