/* SPDX-License-Identifier: MIT */
/* Save areas: what is asked for, and reset values for the rest. */
/* test-sources: kernel/snp/vmsa.c model/vmsa.c lib/str.c */
#include "kernel/snp/vmsa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/vmsa.h"

static struct vmsa v;

static void resets_checked(void)
{
	assert_int_equal(v.rflags, 2);
	assert_int_equal(v.dr6, 0xffff0ff0);
	assert_int_equal(v.dr7, 0x400);
	assert_int_equal(v.g_pat, 0x0007040600070406);
	assert_int_equal(v.mxcsr, 0x1f80);
	assert_int_equal(v.xcr0, 1);
	assert_int_equal(v.tlb_id | v.pcpu_id | v.eventinj, 0);
	assert_int_equal(v.vintr_ctrl | v.guest_exitcode, 0);
	assert_int_equal(v.tr.attr, 0x8b);
	assert_int_equal(v.ldtr.attr, 0x82);
}

static void guest(void **state)
{
	struct guest_start start = {
		.vmpl = 2,
		.sev_features = 1,
		.rip = 0x1000200,
		.rsi = 0x10000,
		.rsp = 0x1b000,
		.cr3 = 0x800000014000,
		.gdt = 0x11000,
		.gdt_limit = 31,
	};

	(void)state;
	memset(&v, 0xff, sizeof(v));
	vmsa_guest_init(&v, &start);
	resets_checked();
	assert_int_equal(v.vmpl, 2);
	assert_int_equal(v.cpl, 0);
	assert_int_equal(v.sev_features, 1);
	assert_int_equal(v.efer, 0x1500); /* SVME, LMA, LME */
	assert_int_equal(v.cr0, 0x80000031);
	assert_int_equal(v.cr4, 0x60);
	assert_int_equal(v.cr3, 0x800000014000);
	assert_int_equal(v.rip, 0x1000200);
	assert_int_equal(v.rsi, 0x10000);
	assert_int_equal(v.rsp, 0x1b000);
	assert_int_equal(v.cs.selector, 0x10);
	assert_int_equal(v.cs.attr, 0xa9b);
	assert_int_equal(v.ss.selector, 0x18);
	assert_int_equal(v.ds.attr, 0xc93);
	assert_int_equal(v.gdtr.base, 0x11000);
	assert_int_equal(v.gdtr.limit, 31);
	assert_int_equal(v.idtr.limit, 0);
	assert_int_equal(v.rax | v.rbx | v.rdi, 0);
}

static void kernel(void **state)
{
	struct vmsa_kernel k = {
		.sev_features = 1,
		.rip = 0xffffffff80004000,
		.rsp = 0xffffff8000407000,
		.rdi = 0xffffff8000401000,
		.gs_base = 0xffffff8000401000,
		.cr0 = 0x80010031,
		.cr3 = 0x800008014000,
		.cr4 = 0x300860,
		.efer = 0xd00,
		.cs = 8,
		.ss = 0x10,
		.gdt = 0xffffff8000401050,
		.gdt_limit = 39,
	};

	(void)state;
	memset(&v, 0xff, sizeof(v));
	vmsa_kernel_init(&v, &k);
	resets_checked();
	assert_int_equal(v.vmpl, 0);
	assert_int_equal(v.efer, 0x1d00);
	assert_int_equal(v.cr0, k.cr0);
	assert_int_equal(v.cr3, k.cr3);
	assert_int_equal(v.cr4, k.cr4);
	assert_int_equal(v.rip, k.rip);
	assert_int_equal(v.rsp, k.rsp);
	assert_int_equal(v.rdi, k.rdi);
	assert_int_equal(v.gs.base, k.gs_base);
	assert_int_equal(v.cs.selector, 8);
	assert_int_equal(v.ss.selector, 0x10);
}

/* As the model of a launch has it, but for the tag word of an empty FPU. */
static void reset(void **state)
{
	struct guest_start start = {
		.mode = GUEST_START_RESET,
		.vmpl = 2,
		.sev_features = 1,
		.rip = 0x1000200, /* not looked at */
		.cr3 = 0x1000,
	};
	struct vmsa model;

	(void)state;
	memset(&v, 0xff, sizeof(v));
	vmsa_guest_init(&v, &start);
	resets_checked();
	assert_int_equal(v.cs.base + v.rip, 0xfffffff0);
	vmsa_reset_boot(&model, 2, 1, 0, true);
	model.x87_ftw = v.x87_ftw;
	assert_memory_equal(&v, &model, sizeof(v));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(guest),
		cmocka_unit_test(kernel),
		cmocka_unit_test(reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
