/* SPDX-License-Identifier: MIT */
/* The x87's status survives its way into the processor, whatever it tells. Here a
 * processor makes the summary bit anew; that QEMU, which does not, keeps none is
 * for tests/guest/timer to see. */
/* test-sources: emu/fpu.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
#include "emu/fpu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake/hw/fake.h"

#define FCW   0x037fu
#define MXCSR 0x1f80u

static struct vcpu_level level;
static struct vmsa vmsa;

/* No XSAVE: FXRSTOR it is. */
static void no_feature(uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	(void)leaf;
	(void)subleaf;
	memset(regs, 0, 4 * sizeof(*regs));
}

static uint16_t status_after(uint16_t status)
{
	memset(&vmsa, 0, sizeof(vmsa));
	memset(&level, 0, sizeof(level));
	level.vmsa = &vmsa;
	vmsa.x87_fcw = FCW;
	vmsa.x87_fsw = status;
	vmsa.x87_ftw = 0xffff;
	vmsa.mxcsr = MXCSR;
	fpu_load(&level);
	vmsa.x87_fsw = 0;
	fpu_save(&level);
	return vmsa.x87_fsw;
}

static void status_is_kept(void **state)
{
	static const uint16_t all[] = {
		0x0000, /* nothing */
		0x4700, /* condition codes */
		0x3800, /* top of the stack */
		0x0020, /* inexact, masked: stays */
		0x0041, /* a stack fault */
		0x7f3d,
	};

	(void)state;
	fake_reset(PAGE_2M);
	fake.cpuid = no_feature;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_int_equal(status_after(all[i]), all[i]);
	assert_int_equal(status_after(0), 0); /* as this program began */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
